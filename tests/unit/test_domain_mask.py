"""A mask is the same by its pixels, however its corner was given."""

import numpy as np
from hypothesis import given, settings
from hypothesis.extra.numpy import array_shapes, arrays

from microcrystalnet.domain.mask import Mask


def test_a_corner_in_numpys_numbers_makes_the_same_mask():
    pixels = np.ones((3, 2))
    one, other = Mask.from_pixels(pixels, np.int64(4), np.int32(5)), Mask.from_pixels(pixels, 4, 5)
    assert (one, type(one.row)) == (other, int)


def test_the_digest_of_a_mask_stays_what_journals_hold():
    assert Mask.from_pixels(np.ones((3, 3)), 1, 1).digest == "d58001bb29f6b186"
    assert Mask(np.int64(1), 1, np.ones((3, 3), bool)).digest == "d58001bb29f6b186"


@settings(max_examples=50)
@given(arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=40)).filter(np.any))
def test_the_centre_is_the_mean_place_of_the_pixels_to_the_last_digit(pixels):
    mask = Mask.from_pixels(pixels, 700, 9)
    rows, cols = np.nonzero(mask.pixels)
    assert mask.centre == (mask.row + float(rows.mean()), mask.col + float(cols.mean()))
