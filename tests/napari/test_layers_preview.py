"""A proposed mask in a real window."""

import numpy as np
import pytest

from napari_mcn.layers.preview import PreviewLayer
from napari_mcn.layers.roles import Role, find


@pytest.fixture
def viewer(windowless):
    return windowless


@pytest.fixture
def preview(viewer, shown):
    layer = PreviewLayer(viewer, shown)
    yield layer
    layer.close()


@pytest.fixture
def mask(square):
    return square("a", 10, 10, 20).mask


def test_the_proposed_mask_is_filled_and_outlined(preview, viewer, mask):
    preview.set_mask(mask)
    codes = find(viewer, Role.PREVIEW).data
    assert codes[20, 20] == 1
    assert codes[9, 20] == 2
    assert not codes[5, 20]


def test_a_new_proposal_replaces_the_old_one(preview, viewer, mask, square):
    preview.set_mask(mask)
    preview.set_mask(square("b", 50, 50).mask)
    codes = find(viewer, Role.PREVIEW).data
    assert codes[55, 55] and not codes[20, 20]


def test_no_proposal_shows_nothing(preview, viewer, mask):
    preview.set_mask(mask)
    preview.set_mask(None)
    assert preview.mask is None
    assert not find(viewer, Role.PREVIEW).data.any()


def test_a_mask_at_the_edge_of_the_micrograph_is_shown(preview, viewer, square):
    preview.set_mask(square("a", 70, 90).mask)
    assert find(viewer, Role.PREVIEW).data[79, 99] == 1


def test_only_a_window_is_drawn_again(preview, viewer, mask, square):
    preview.set_mask(mask)
    shapes = []
    layer = find(viewer, Role.PREVIEW)
    layer.events.labels_update.connect(lambda event: shapes.append(event.data.shape))
    preview.set_mask(square("b", 50, 50).mask)
    assert np.max(shapes) < 40


def test_closing_removes_the_layer(viewer, shown, mask):
    preview = PreviewLayer(viewer, shown)
    preview.set_mask(mask)
    preview.close()
    assert find(viewer, Role.PREVIEW) is None
