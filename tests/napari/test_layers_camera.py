"""Where the viewer looks."""

import pytest

from napari_mcn.layers import camera

NEAR = 2000  # screen pixels per micrometre: the window shows a small part of the micrograph


def test_flying_centres_the_crystal(viewer, shown, square):
    viewer.scene.camera.zoom = NEAR
    camera.fly_to(viewer, square("a", 30, 40, 11).mask)
    assert viewer.scene.camera.center[-2:] == pytest.approx((35 * 0.02, 45 * 0.05))


def test_flying_to_the_border_keeps_the_window_full(viewer, shown, square, hand):
    viewer.scene.camera.zoom = NEAR
    camera.fly_to(viewer, square("a", 0, 0, 3).mask)
    assert hand.screen(-0.5, -0.5) == pytest.approx((0, 0), abs=1)


def test_flying_over_a_micrograph_that_fits_shows_all_of_it(viewer, shown, square):
    viewer.scene.camera.zoom = 10
    camera.fly_to(viewer, square("a", 0, 0).mask)
    assert viewer.scene.camera.center[-2:] == pytest.approx((39.5 * 0.02, 49.5 * 0.05))


def test_flying_keeps_the_zoom(viewer, shown, square):
    viewer.scene.camera.zoom = 333
    camera.fly_to(viewer, square("a", 10, 20).mask)
    assert viewer.scene.camera.zoom == 333


def test_flying_to_a_place(viewer, shown):
    viewer.scene.camera.zoom = NEAR
    camera.fly_to(viewer, (40, 50))
    assert viewer.scene.camera.center[-2:] == pytest.approx((0.8, 2.5))


def test_what_is_flown_to_lies_in_the_middle_of_the_canvas(viewer, shown, hand):
    viewer.scene.camera.zoom = NEAR
    camera.fly_to(viewer, (40, 50))
    x, y = hand.screen(40, 50)
    assert (x, y) == pytest.approx((hand.native.width() / 2, hand.native.height() / 2), abs=1)


def test_coming_near_gives_a_small_crystal_its_share_of_the_window(viewer, shown, square, hand):
    camera.fit(viewer)
    viewer.scene.camera.zoom /= 2
    camera.come_near(viewer, square("a", 10, 20, 10).mask)
    left, right = hand.screen(10, 20)[0], hand.screen(10, 30)[0]
    assert right - left == pytest.approx(0.3 * min(viewer.canvas.size), abs=1)


def test_coming_near_keeps_the_zoom_on_a_crystal_that_is_large_enough(viewer, shown, square):
    viewer.scene.camera.zoom = NEAR
    camera.come_near(viewer, square("a", 30, 40, 11).mask)
    assert viewer.scene.camera.zoom == NEAR
    assert viewer.scene.camera.center[-2:] == pytest.approx((35 * 0.02, 45 * 0.05))


def test_fitting_shows_the_whole_micrograph(viewer, shown, hand):
    viewer.scene.camera.zoom *= 20
    camera.fit(viewer)
    (x0, y0), (x1, y1) = hand.screen(0, 0), hand.screen(79, 99)
    assert x0 > 0 and y0 > 0
    assert x1 < hand.native.width() and y1 < hand.native.height()


def test_without_a_micrograph_nothing_moves(viewer, square):
    before = viewer.scene.camera.center
    camera.fly_to(viewer, square("a", 10, 20).mask)
    assert viewer.scene.camera.center == before
