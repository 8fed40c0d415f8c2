"""Masks of any shape, scattered over a small micrograph, for tests that hold for all of them."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from microcrystalnet.domain.mask import Mask

SIDE = 24  # of the micrograph in pixels
_SHAPES = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=10)).filter(np.any)
_PLACE = st.integers(0, SIDE - 10)


def scattered():
    """Give lists of up to eight masks that lie wholly on the micrograph."""
    return st.lists(st.builds(Mask.from_pixels, _SHAPES, _PLACE, _PLACE), max_size=8)
