"""Baring the micrograph while a key is held."""

import numpy as np
import pytest
from napari.layers._layer_actions import _duplicate_layer

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.imaging.crops import CropFrame
from napari_mcn.layers.boxes import BoxesLayer
from napari_mcn.layers.crystals import CrystalsLayer
from napari_mcn.layers.curtain import Curtain
from napari_mcn.layers.overlay import OverlayLayer
from napari_mcn.layers.roles import Role, find

FRAME = CropFrame.around(Region(20, 30, 52, 54), 16)


@pytest.fixture
def viewer(windowless):
    return windowless


def test_everything_but_the_micrograph_hides_and_comes_back(viewer, shown):
    crystals = CrystalsLayer(viewer, shown)
    curtain = Curtain(viewer)
    curtain.hide()
    assert find(viewer, Role.MICROGRAPH).visible
    assert not crystals.visible
    curtain.show()
    assert crystals.visible
    crystals.close()


def test_what_was_hidden_before_stays_hidden(viewer, shown):
    crystals = CrystalsLayer(viewer, shown)
    crystals.visible = False
    curtain = Curtain(viewer)
    curtain.hide()
    curtain.show()
    assert not crystals.visible
    crystals.close()


def test_a_key_that_repeats_hides_once(viewer, shown):
    crystals = CrystalsLayer(viewer, shown)
    curtain = Curtain(viewer)
    curtain.hide()
    curtain.hide()
    curtain.show()
    assert crystals.visible
    crystals.close()


def test_layers_of_others_stay(viewer, shown):
    points = viewer.add_points([[1, 1]])
    Curtain(viewer).hide()
    assert points.visible


@pytest.fixture
def overlay(viewer, shown):
    """A map lies on the micrograph."""
    layer = OverlayLayer(viewer, shown)
    layer.show_map(np.eye(16, dtype=np.float32), FRAME)
    yield layer
    layer.close()


def test_the_next_crystal_s_map_waits_until_the_key_is_let_go(overlay, viewer):
    curtain = Curtain(viewer)
    curtain.hide()
    overlay.show_map(np.ones((16, 16), np.float32), FRAME)
    assert not overlay.layer.visible
    curtain.show()
    assert overlay.layer.visible


def test_a_map_taken_away_meanwhile_stays_away(overlay, viewer):
    curtain = Curtain(viewer)
    curtain.hide()
    overlay.clear()
    curtain.show()
    assert not overlay.layer.visible


def test_a_first_map_waits_until_the_key_is_let_go(viewer, shown):
    curtain = Curtain(viewer)
    curtain.hide()
    overlay = OverlayLayer(viewer, shown)
    overlay.show_map(np.ones((16, 16), np.float32), FRAME)
    bared = overlay.layer.visible
    curtain.show()
    assert (bared, overlay.layer.visible) == (False, True)
    overlay.close()


def test_boxes_taken_away_meanwhile_stay_away(viewer, shown, square):
    boxes = BoxesLayer(viewer, shown)
    boxes.set_masks([square("c1", 5, 5).mask])
    curtain = Curtain(viewer)
    curtain.hide()
    boxes.visible = False
    curtain.show()
    assert not boxes.visible
    boxes.close()


def test_once_let_go_layers_show_at_once_again(overlay, viewer):
    curtain = Curtain(viewer)
    curtain.hide()
    curtain.show()
    overlay.clear()
    overlay.show_map(np.ones((16, 16), np.float32), FRAME)
    assert overlay.layer.visible


@pytest.fixture
def copy(viewer):
    """Give a function that copies a layer, as napari's *Duplicate layer* does."""

    def duplicate(layer):
        viewer.layers.selection = {layer}
        _duplicate_layer(viewer.layers)
        return viewer.layers[viewer.layers.index(layer) + 1]

    return duplicate


def test_a_copy_hides_with_its_original(overlay, viewer, copy):
    copied, curtain = copy(overlay.layer), Curtain(viewer)
    curtain.hide()
    held = copied.visible, overlay.layer.visible
    curtain.show()
    assert (held, copied.visible, overlay.layer.visible) == ((False, False), True, True)


def test_a_copy_that_was_hidden_by_its_eye_stays_so(overlay, viewer, copy):
    copied, curtain = copy(overlay.layer), Curtain(viewer)
    copied.visible = False
    curtain.hide()
    curtain.show()
    assert (copied.visible, overlay.layer.visible) == (False, True)


def test_a_copy_made_meanwhile_is_seen_once_the_key_is_let_go(overlay, viewer, copy):
    curtain = Curtain(viewer)
    curtain.hide()
    copied = copy(overlay.layer)
    held = copied.visible
    curtain.show()
    assert (held, copied.visible) == (False, True)


def test_a_copy_of_the_micrograph_stays(viewer, shown, copy):
    copied = copy(find(viewer, Role.MICROGRAPH))
    Curtain(viewer).hide()
    assert copied.visible


def test_taking_a_map_away_leaves_its_copy(overlay, viewer, copy):
    copied, curtain = copy(overlay.layer), Curtain(viewer)
    curtain.hide()
    overlay.clear()
    curtain.show()
    assert (copied.visible, overlay.layer.visible) == (True, False)
