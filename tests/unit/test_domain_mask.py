"""A mask is the same by its pixels, however its corner was given."""

import numpy as np

from microcrystalnet.domain.mask import Mask


def test_a_corner_in_numpys_numbers_makes_the_same_mask():
    pixels = np.ones((3, 2))
    one, other = Mask.from_pixels(pixels, np.int64(4), np.int32(5)), Mask.from_pixels(pixels, 4, 5)
    assert (one, type(one.row)) == (other, int)


def test_the_digest_of_a_mask_stays_what_journals_hold():
    assert Mask.from_pixels(np.ones((3, 3)), 1, 1).digest == "d58001bb29f6b186"
    assert Mask(np.int64(1), 1, np.ones((3, 3), bool)).digest == "d58001bb29f6b186"
