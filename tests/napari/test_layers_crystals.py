"""Outlined crystals, at a scale that is not 1."""

import numpy as np
import pytest

from napari_mcn.layers.crystals import CrystalsLayer
from napari_mcn.layers.roles import Role, find


@pytest.fixture
def viewer(windowless):
    return windowless


@pytest.fixture
def crystals(viewer, shown, square):
    layer = CrystalsLayer(viewer, shown)
    layer.set_crystals([square("a", 10, 10, 20), square("b", 40, 60, 20)])
    yield layer
    layer.close()


def test_the_layer_lies_on_the_micrographs_own_pixels(crystals, viewer):
    layer, micrograph = find(viewer, Role.CRYSTALS), find(viewer, Role.MICROGRAPH)
    assert layer.data_to_world((40, 60)) == micrograph.data_to_world((40, 60))
    assert layer.units == micrograph.units


def test_a_crystal_that_is_put_is_found(crystals, square):
    crystals.put(square("c", 60, 5))
    assert crystals.crystal_at(65.4, 9.6) == "c"


def test_a_removed_crystal_is_gone_and_unknown_ones_do_not_matter(crystals):
    crystals.remove(["a", "nobody"])
    assert crystals.crystal_at(15, 15) is None


def test_only_the_bounding_box_is_drawn_again(crystals, square, viewer):
    windows = []
    find(viewer, Role.CRYSTALS).events.labels_update.connect(
        lambda event: windows.append(event.data.shape)
    )
    crystals.put(square("c", 60, 5))
    assert max(windows[0]) < 24


def test_the_selected_crystal_is_highlighted_around_its_edge(crystals, viewer):
    crystals.select("a")
    codes = find(viewer, Role.SELECTION).data
    assert crystals.selected == "a"
    assert codes[9, 15] and not codes[15, 15] and not codes[50, 70]


def test_selecting_another_crystal_takes_the_first_highlight_away(crystals, viewer):
    crystals.select("a")
    crystals.select("b")
    codes = find(viewer, Role.SELECTION).data
    assert codes[39, 65] and not codes[9, 15]


def test_the_highlight_is_thicker_where_the_view_is_further_away(crystals, viewer):
    crystals.select("a")
    near = np.count_nonzero(find(viewer, Role.SELECTION).data)
    viewer.scene.camera.zoom /= 8
    assert np.count_nonzero(find(viewer, Role.SELECTION).data) > near


def test_an_unknown_crystal_selects_none(crystals):
    crystals.select("nobody")
    assert crystals.selected is None


def test_the_selection_ends_with_its_crystal(crystals, viewer):
    crystals.select("a")
    crystals.remove(["a"])
    assert crystals.selected is None
    assert not find(viewer, Role.SELECTION).data.any()


def test_the_selection_survives_new_outlines_of_the_same_crystals(crystals, square):
    crystals.select("a")
    crystals.set_crystals([square("a", 12, 12, 20)])
    assert crystals.selected == "a"


def test_closing_gives_layers_mouse_and_camera_back(viewer, shown, square):
    before = _state(viewer)
    layer = CrystalsLayer(viewer, shown)
    layer.set_crystals([square("a", 10, 10)])
    layer.select("a")
    layer.close()
    assert _state(viewer) == before


def _state(viewer):
    return (
        list(viewer.layers),
        list(viewer.mouse_drag_callbacks),
        len(viewer.scene.camera.events.zoom.callbacks),
    )
