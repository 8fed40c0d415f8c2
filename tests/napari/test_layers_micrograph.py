"""A micrograph in a real window, with and without a scale."""

from dataclasses import replace

import numpy as np
import pytest

from microcrystalnet.domain.micrograph import PixelSize, Region, Scale, ScaleSource
from microcrystalnet.micrographs.known import badge_lines
from napari_mcn.layers import micrograph as layers
from napari_mcn.layers.crystals import CrystalsLayer
from napari_mcn.layers.roles import Role, find


@pytest.fixture
def viewer(windowless):
    return windowless


@pytest.fixture
def pixels():
    return np.random.default_rng(0).integers(20, 200, (80, 100)).astype(np.uint8)


@pytest.fixture
def uncalibrated(calibrated):
    return replace(calibrated, pixel_size=None)


def test_a_calibrated_micrograph_is_shown_in_micrometres(viewer, calibrated, pixels):
    layer = layers.show(viewer, calibrated, pixels)
    assert layer.scale.tolist() == [0.02, 0.05]
    assert [str(unit) for unit in layer.units] == ["micrometer", "micrometer"]


def test_an_uncalibrated_micrograph_is_shown_in_pixels(viewer, uncalibrated, pixels):
    layer = layers.show(viewer, uncalibrated, pixels)
    assert layer.scale.tolist() == [1, 1]
    assert [str(unit) for unit in layer.units] == ["pixel", "pixel"]


def test_the_scale_bar_is_coloured_while_the_pixel_size_is_unknown(
    viewer, calibrated, uncalibrated, pixels
):
    bar = viewer.canvas.overlays.scale_bar
    layers.show(viewer, uncalibrated, pixels)
    assert bar.visible and bar.colored
    layers.show(viewer, calibrated, pixels)
    assert bar.visible and not bar.colored


def test_the_databar_is_dimmed(viewer, calibrated, pixels):
    layers.show(viewer, replace(calibrated, region=Region(0, 0, 70, 100)), pixels)
    (strip,) = find(viewer, Role.DATABAR).data
    assert strip.min(0).tolist() == [69.5, -0.5]
    assert strip.max(0).tolist() == [79.5, 99.5]


def test_all_around_the_analysed_region_is_dimmed(viewer, calibrated, pixels):
    layers.show(viewer, replace(calibrated, region=Region(5, 5, 70, 90)), pixels)
    assert find(viewer, Role.DATABAR).nshapes == 4


def test_without_a_databar_nothing_is_dimmed(viewer, calibrated, pixels):
    layers.show(viewer, calibrated, pixels)
    assert find(viewer, Role.DATABAR) is None


def test_the_databar_does_not_change_the_contrast(viewer, calibrated, pixels):
    pixels[70:] = 255
    layer = layers.show(viewer, replace(calibrated, region=Region(0, 0, 70, 100)), pixels)
    assert layer.contrast_limits[1] < 200


@pytest.mark.parametrize("value", [0, 7, np.nan])
def test_a_micrograph_of_one_grey_value_is_shown(viewer, calibrated, value):
    layer = layers.show(viewer, calibrated, np.full((80, 100), value, np.float32))
    assert layer.contrast_limits[0] < layer.contrast_limits[1]


def test_another_micrograph_takes_the_place_of_the_first(viewer, calibrated, pixels):
    layers.show(viewer, calibrated, pixels)
    CrystalsLayer(viewer, calibrated)
    second = layers.show(viewer, replace(calibrated, image_id="f" * 20), pixels)
    assert list(viewer.layers) == [second]


def test_layers_of_others_stay(viewer, calibrated, pixels):
    points = viewer.add_points([[1, 1]])
    layers.show(viewer, calibrated, pixels)
    assert points in viewer.layers


def test_the_micrograph_lies_beneath_what_is_shown_on_it(viewer, calibrated, pixels):
    crystals = CrystalsLayer(viewer, calibrated)
    micrograph = layers.show(viewer, calibrated, pixels)
    assert list(viewer.layers) == [micrograph, crystals.layer]
    crystals.close()


def test_the_layer_list_cannot_delete_the_micrograph(viewer, calibrated, pixels):
    layer = layers.show(viewer, calibrated, pixels)
    viewer.layers.selection = {layer}
    viewer.layers.remove_selected()
    assert layer in viewer.layers


def test_the_viewer_says_what_the_scale_is_and_where_it_came_from(viewer, calibrated, pixels):
    layers.show(viewer, calibrated, pixels)
    badge = viewer.canvas.overlays[layers.BADGE]
    assert badge.visible
    assert badge.text.splitlines() == badge_lines(calibrated)


def test_the_viewer_says_that_the_scale_is_unknown(viewer, pixels, calibrated):
    unknown = replace(calibrated, pixel_size=None)
    layers.show(viewer, unknown, pixels)
    assert viewer.canvas.overlays[layers.BADGE].text == "Scale unknown"


@pytest.mark.parametrize(("last", "edge"), [(70, "top"), (80, "bottom")])
def test_the_words_of_a_burnt_in_databar_stay_free(viewer, calibrated, pixels, last, edge):
    layers.show(viewer, replace(calibrated, region=Region(0, 0, last, 100)), pixels)
    overlays = viewer.canvas.overlays
    assert overlays[layers.BADGE].position.startswith(edge)
    assert overlays.scale_bar.position.startswith(edge)


def test_a_scale_in_doubt_is_red(viewer, pixels, calibrated):
    doubted = replace(calibrated, scale_source=ScaleSource.PHENOM, scale_note="Check it.")
    layers.show(viewer, doubted, pixels)
    badge = viewer.canvas.overlays[layers.BADGE]
    assert badge.text.endswith("check it against the scale bar")
    assert badge.color[0] > 2 * badge.color[1]
    assert max(badge.box_color[:3]) < 0.2  # or red would lie on the white of napari's light theme


def test_a_scale_that_is_sure_has_the_letters_of_the_theme(viewer, pixels, calibrated):
    layers.show(viewer, calibrated, pixels)
    badge = viewer.canvas.overlays[layers.BADGE]
    assert (badge.color, badge.box_color) == (None, None)


def test_no_scale_is_told_of_while_there_is_no_micrograph(viewer, calibrated, pixels):
    layers.show(viewer, calibrated, pixels)
    layers.clear(viewer)
    assert not viewer.canvas.overlays[layers.BADGE].visible


def test_the_databar_is_bright_while_its_scale_bar_is_measured(viewer, calibrated, pixels):
    layers.show(viewer, replace(calibrated, region=Region(0, 0, 60, 100)), pixels)
    layers.shade(viewer, False)
    bright = find(viewer, Role.DATABAR).visible
    layers.shade(viewer, True)
    assert (bright, find(viewer, Role.DATABAR).visible) == (False, True)


def test_no_line_of_the_badge_is_as_long_as_to_reach_the_scale_bar(calibrated):
    tilted = Scale(PixelSize(0.0101234, 0.0125678), ScaleSource.SCALE_BAR, 0.0123, 54.321)
    longest = replace(
        calibrated,
        pixel_size=tilted.pixel_size,
        scale_source=tilted.source,
        scale_uncertainty=tilted.uncertainty,
        tilt_corrected=tilted.tilt_corrected,
    )
    assert max(map(len, badge_lines(longest))) <= 32
