"""Baring the micrograph while a key is held."""

import pytest

from napari_mcn.layers.crystals import CrystalsLayer
from napari_mcn.layers.curtain import Curtain
from napari_mcn.layers.roles import Role, find


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
