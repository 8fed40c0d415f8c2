"""A map of a crop laid on the micrograph it was cut from."""

import numpy as np
import pytest

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.imaging.colour_scales import BLUE_ORANGE
from microcrystalnet.imaging.crops import CropFrame, cut
from napari_mcn.layers.overlay import OverlayLayer
from napari_mcn.layers.roles import Role, find


@pytest.fixture
def viewer(windowless):
    return windowless


FRAME = CropFrame.around(Region(20, 30, 52, 54), 64, 0.125)


@pytest.fixture
def overlay(viewer, shown):
    layer = OverlayLayer(viewer, shown)
    yield layer
    layer.close()


def one_pixel(row, col):
    values = np.zeros((64, 64), np.float32)
    values[row, col] = 1
    return values


def test_a_painted_crop_pixel_lies_where_the_crop_was_cut(overlay, viewer):
    overlay.show_map(one_pixel(10, 50), FRAME)
    world = find(viewer, Role.OVERLAY).data_to_world((10, 50))
    place = find(viewer, Role.MICROGRAPH).world_to_data(world)
    assert place == pytest.approx([value.item() for value in FRAME.to_image(10, 50)])


def test_the_brightest_pixel_of_the_micrograph_is_the_brightest_of_its_crop(overlay, viewer):
    micrograph = find(viewer, Role.MICROGRAPH)
    pixels = np.zeros((80, 100))
    pixels[33, 44] = 1
    values = cut(pixels, FRAME)
    overlay.show_map(values, FRAME)
    crop_place = np.unravel_index(values.argmax(), values.shape)
    world = find(viewer, Role.OVERLAY).data_to_world(crop_place)
    assert micrograph.world_to_data(world) == pytest.approx((33, 44), abs=0.5)


def test_a_frame_that_sticks_out_is_laid_all_the_same(overlay, viewer):
    overlay.show_map(one_pixel(0, 0), CropFrame.around(Region(0, 0, 30, 10), 64))
    world = find(viewer, Role.OVERLAY).data_to_world((0, 0))
    assert find(viewer, Role.MICROGRAPH).world_to_data(world)[1] < 0


def test_another_map_replaces_the_first(overlay, viewer):
    overlay.show_map(one_pixel(0, 0), FRAME)
    overlay.show_map(np.ones((32, 32)), CropFrame.around(Region(0, 0, 10, 10), 32))
    assert find(viewer, Role.OVERLAY).data.shape == (32, 32)


def test_where_there_is_no_number_the_micrograph_is_bare(overlay):
    values = np.ones((64, 64))
    values[3, 3] = np.nan
    overlay.show_map(values, FRAME)
    assert overlay.layer.colormap.map(overlay.layer.data[3, 3])[..., 3] == 0


def test_a_flat_map_has_a_scale(overlay):
    overlay.show_map(np.zeros((64, 64)), FRAME)
    assert overlay.layer.contrast_limits == [0, 1]


def test_a_map_of_the_whole_micrograph_lies_on_its_pixels(overlay, viewer):
    overlay.show_map(one_pixel(0, 0), FRAME)
    overlay.show_whole(np.full((80, 100), np.nan))
    world = find(viewer, Role.OVERLAY).data_to_world((33, 44))
    assert find(viewer, Role.MICROGRAPH).world_to_data(world) == pytest.approx((33, 44))


def test_against_and_for_have_colours_of_their_own(overlay):
    overlay.show_map(one_pixel(0, 0), FRAME)
    overlay.show_map(one_pixel(0, 0) - one_pixel(5, 5), FRAME, BLUE_ORANGE, (-1, 1))
    against, nothing, for_ = overlay.layer.colormap.map(np.array([0.0, 0.5, 1.0]))
    assert against[2] > against[0]
    assert for_[0] > for_[2]
    assert nothing[3] < 0.02


def test_an_overlay_made_ready_beforehand_shows_nothing(overlay, viewer):
    overlay.prepare()
    assert not find(viewer, Role.OVERLAY).visible


def test_a_hidden_overlay_stays_hidden_when_the_map_changes(overlay, viewer):
    overlay.visible = False
    overlay.show_map(one_pixel(0, 0), FRAME)
    assert not find(viewer, Role.OVERLAY).visible


def test_clearing_hides_the_map(overlay, viewer):
    overlay.show_map(one_pixel(0, 0), FRAME)
    overlay.clear()
    assert not find(viewer, Role.OVERLAY).visible


def test_low_values_let_the_crystal_show_through(overlay):
    overlay.show_map(one_pixel(0, 0), FRAME)
    alphas = overlay.layer.colormap.map(np.array([0.0, 1.0]))[:, 3]
    assert alphas.tolist() == [0, 1]
