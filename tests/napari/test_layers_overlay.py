"""A map of a crop laid on the micrograph it was cut from."""

import numpy as np
import pytest

from microcrystalnet.domain.micrograph import Region
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


def test_a_flat_map_and_missing_values_are_shown(overlay):
    values = np.zeros((64, 64))
    values[3, 3] = np.nan
    overlay.show_map(values, FRAME)
    assert np.isfinite(overlay.layer.data).all()


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
