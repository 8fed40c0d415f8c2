"""Contours of crystals: napari's own at one pixel, and as thick as asked for beyond."""

import numpy as np
import pytest
from napari.layers import Labels
from napari.layers.labels._labels_utils import get_contours

from napari_mcn.layers.contours import contour_fast, contours_of

VALUES = np.zeros((40, 50), np.uint16)
VALUES[5:20, 5:25] = 300
VALUES[12:35, 20:44] = 7


def test_thin_contours_are_those_that_napari_draws():
    assert np.array_equal(contours_of(VALUES, 1), get_contours(VALUES, 1, 0))


@pytest.mark.parametrize(("thickness", "kept"), [(1, 60), (2, 112), (3, 156)])
def test_a_contour_lies_inside_its_crystal_and_is_as_thick_as_asked_for(thickness, kept):
    values = np.zeros((30, 30), np.uint8)
    values[5:21, 5:21] = 4
    contours = contours_of(values, thickness)
    assert (np.count_nonzero(contours), contours.max()) == (kept, 4)


def test_crystals_that_touch_are_parted_on_both_sides():
    contours = contours_of(VALUES, 2)
    assert contours[16, 16:24].tolist() == [0, 0, 300, 300, 7, 7, 0, 0]


@pytest.mark.parametrize("contour", [1, 3])
def test_a_window_that_is_drawn_anew_looks_as_within_the_whole(contour):
    layer = Labels(VALUES.copy(), opacity=1.0)
    contour_fast(layer)
    layer.contour = contour
    window = slice(8, 22), slice(15, 30)
    whole = layer._raw_to_displayed(layer.data)
    assert np.array_equal(layer._raw_to_displayed(layer.data, window), whole[window])


def test_a_layer_without_contours_shows_its_labels():
    layer = Labels(VALUES.copy())
    contour_fast(layer)
    assert np.array_equal(layer._slice.image.raw, VALUES)
