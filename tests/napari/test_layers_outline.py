"""How outlines grow."""

import numpy as np
import pytest
from scipy.ndimage import binary_dilation, generate_binary_structure

from napari_mcn.layers.outline import widen

CROSS, SQUARE = generate_binary_structure(2, 1), generate_binary_structure(2, 2)
SPECKLED = np.random.default_rng(0).random((23, 40)) < 0.05


def test_a_mask_grows_by_a_cross_first():
    np.testing.assert_array_equal(widen(SPECKLED, 1), binary_dilation(SPECKLED, CROSS))


def test_then_by_a_square_so_that_corners_stay_round():
    wide = binary_dilation(binary_dilation(SPECKLED, CROSS), SQUARE)
    np.testing.assert_array_equal(widen(SPECKLED, 2), wide)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1)])
def test_a_mask_that_fills_its_window_stays_within(shape):
    assert widen(np.ones(shape, bool), 3).all()


def test_what_is_grown_is_left_as_it_was():
    before = SPECKLED.copy()
    widen(SPECKLED, 2)
    np.testing.assert_array_equal(SPECKLED, before)
