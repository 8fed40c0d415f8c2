"""Proposed crystals outlined in a viewer."""

import numpy as np
import pytest

from napari_mcn.layers.proposals import ProposalsLayer
from napari_mcn.layers.roles import Role, find


@pytest.fixture
def viewer(windowless):
    return windowless


@pytest.fixture
def proposals(viewer, shown):
    viewer.scene.camera.zoom = 100.0
    layer = ProposalsLayer(viewer, shown)
    yield layer
    layer.close()


def test_a_proposal_is_filled_and_outlined_inside(proposals, viewer, square):
    proposals.set_masks([square("a", 10, 10).mask])
    codes = find(viewer, Role.PROPOSALS).data
    assert (codes[10, 10], codes[15, 15], codes[9, 9]) == (2, 1, 0)


def test_touching_proposals_keep_a_line_between_them(proposals, viewer, square):
    proposals.set_masks([square("a", 10, 10).mask, square("b", 10, 20).mask])
    codes = find(viewer, Role.PROPOSALS).data
    assert codes[15, 18:22].tolist() == [1, 2, 2, 1]


def test_fewer_proposals_replace_more(proposals, viewer, square):
    proposals.set_masks([square("a", 10, 10).mask, square("b", 40, 40).mask])
    proposals.set_masks([square("a", 10, 10).mask])
    codes = find(viewer, Role.PROPOSALS).data
    assert (codes[15, 15], codes[45, 45]) == (1, 0)


def test_no_proposals_leave_nothing_on_the_micrograph(proposals, viewer, square):
    proposals.set_masks([square("a", 10, 10).mask])
    proposals.set_masks([])
    assert not np.any(find(viewer, Role.PROPOSALS).data)


def test_until_something_is_proposed_there_is_no_layer(proposals, viewer):
    proposals.set_masks([])
    assert find(viewer, Role.PROPOSALS) is None


def test_zoomed_out_the_line_gets_thicker(proposals, viewer, square):
    proposals.set_masks([square("a", 10, 10, 20).mask])
    thin = np.count_nonzero(find(viewer, Role.PROPOSALS).data == 2)
    viewer.scene.camera.zoom = 20.0
    assert np.count_nonzero(find(viewer, Role.PROPOSALS).data == 2) > thin


def test_a_thin_crystal_is_all_outline(proposals, viewer, square):
    proposals.set_masks([square("a", 10, 10, 2).mask])
    assert np.count_nonzero(find(viewer, Role.PROPOSALS).data == 2) == 4
