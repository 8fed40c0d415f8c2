"""Clicking on crystals and brushing them in a real window, at a scale that is not 1."""

from dataclasses import replace

import pytest

from microcrystalnet.domain.mask import Mask
from napari_mcn.layers.crystals import Brush, CrystalsLayer
from napari_mcn.layers.roles import Role, find


@pytest.fixture
def crystals(viewer, shown, square):
    layer = CrystalsLayer(viewer, shown)
    layer.set_crystals([square("a", 10, 10, 20), square("b", 40, 60, 20)])
    yield layer
    viewer.layers.clear()  # all at once: napari tidies up after each it removes alone
    layer.close()


def test_a_click_reports_the_crystal_under_the_mouse(crystals, hand, heard):
    said = heard(crystals.crystal_clicked)
    hand.click(50, 70)
    assert said == [("b",)]


def test_a_click_beside_all_crystals_means_none(crystals, hand, heard):
    said = heard(crystals.crystal_clicked)
    hand.click(5, 90)
    assert said == []


def test_clicks_count_whatever_layer_is_selected(crystals, viewer, hand, heard):
    said = heard(crystals.crystal_clicked)
    viewer.layers.selection.active = viewer.add_points([[0, 0]])
    hand.click(50, 70)
    assert said == [("b",)]


def test_a_drag_is_not_a_click(crystals, hand, heard):
    said = heard(crystals.crystal_clicked)
    hand.drag((50, 70), (55, 60), (52, 65))
    assert said == []


def test_clicks_are_not_reported_while_prompts_are_placed(crystals, hand, heard):
    said = heard(crystals.crystal_clicked)
    crystals.clickable = False
    hand.click(50, 70)
    assert said == []


def test_brushing_adds_to_the_selected_crystal(crystals, hand, heard):
    said = heard(crystals.brushed)
    crystals.select("a")
    crystals.use_brush(Brush.PAINT, 7)
    hand.drag((20, 20), (20, 30), (20, 38))
    ((crystal_id, mask),) = said
    assert crystal_id == "a"
    assert mask.contains(20, 36) and mask.contains(12, 12)


def test_erasing_takes_from_the_selected_crystal(crystals, hand, heard):
    said = heard(crystals.brushed)
    crystals.select("a")
    crystals.use_brush(Brush.ERASE, 7)
    hand.drag((12, 12), (20, 12), (28, 12))
    ((_, mask),) = said
    assert not mask.contains(20, 12)
    assert mask.contains(20, 25)


def test_brushing_over_another_crystal_leaves_it_whole(crystals, hand, heard):
    said = heard(crystals.brushed)
    crystals.select("a")
    crystals.use_brush(Brush.PAINT, 7)
    hand.drag((25, 25), (40, 50), (50, 65))
    assert said[0][1].contains(50, 65)
    assert crystals.mask_of("b").area == 400


def test_a_crystal_cannot_be_wiped_out_by_the_eraser(crystals, hand, heard, square):
    said = heard(crystals.brushed)
    crystals.put(square("tiny", 70, 5, 3))
    crystals.select("tiny")
    crystals.use_brush(Brush.ERASE, 21)
    hand.drag((71, 6), (72, 7), (71, 8))
    assert said == []
    assert crystals._brush_layer._raster.codes.any()


def test_napari_cannot_undo_a_stroke_behind_our_back(crystals, viewer, hand):
    crystals.select("a")
    crystals.use_brush(Brush.PAINT, 7)
    hand.drag((20, 20), (20, 30), (20, 38))
    painted = find(viewer, Role.BRUSH).data.copy()
    hand.key("Z", hand.control)
    assert (find(viewer, Role.BRUSH).data == painted).all()


def test_the_brush_follows_the_mask_that_an_undo_puts_back(crystals, viewer, hand, square):
    crystals.select("a")
    crystals.use_brush(Brush.PAINT, 7)
    hand.drag((20, 20), (20, 30), (20, 38))
    crystals.put(square("a", 10, 10, 20))
    assert Mask.from_pixels(find(viewer, Role.BRUSH).data) == crystals.mask_of("a")


def test_stopping_the_brush_gives_the_mouse_back_to_the_camera(crystals, viewer, hand, heard):
    said = heard(crystals.brushed)
    crystals.select("a")
    crystals.use_brush(Brush.PAINT, 7)
    crystals.use_brush(None)
    hand.drag((20, 20), (20, 30), (20, 38))
    assert said == []
    assert viewer.layers.selection.active is find(viewer, Role.MICROGRAPH)


def test_a_stroke_that_outlived_its_micrograph_is_no_part_of_the_next_crystal(
    crystals, shown, square, hand, heard
):
    crystals.select("a")
    crystals.use_brush(Brush.PAINT, 7)
    crystals.turn(replace(shown, image_id="f" * 20), [square("c", 40, 60, 20)])
    crystals._brush_layer._layer.paint((5, 5), 1)  # as napari does until the button is let go
    said = heard(crystals.brushed)
    crystals.select("c")
    crystals.use_brush(Brush.PAINT, 7)
    hand.drag((50, 70), (50, 84))
    assert (said[0][0], said[0][1].contains(5, 5)) == ("c", False)


def test_the_brush_waits_for_a_crystal_to_be_selected(crystals, viewer, hand, heard):
    said = heard(crystals.brushed)
    crystals.use_brush(Brush.PAINT, 7)
    crystals.select("b")
    hand.drag((50, 70), (50, 80), (50, 88))
    assert said[0][0] == "b"
