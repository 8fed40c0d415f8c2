"""Which masks can overlap, found by their bounding boxes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from microcrystalnet.domain.mask import Mask
from microcrystalnet.imaging.meeting import meeting

SIDE, PLACE = st.integers(1, 9), st.integers(0, 40)
BLOCKS = st.lists(st.tuples(PLACE, PLACE, SIDE, SIDE), max_size=12)


def block(row, col, height=4, width=4):
    return Mask.from_pixels(np.ones((height, width), bool), row, col)


def test_boxes_that_share_a_pixel_meet_and_boxes_that_touch_do_not():
    others = [block(3, 3), block(4, 0), block(0, 4), block(2, 0)]
    assert list(meeting([block(0, 0)], others)) == [(0, 0), (0, 3)]


def test_nothing_meets_nothing():
    assert list(meeting([block(0, 0)], [])) == list(meeting([], [block(0, 0)])) == []


def test_a_large_one_that_begins_far_above_is_met():
    others = [block(0, 0, 100, 2), block(50, 50), block(60, 60)]
    assert list(meeting([block(90, 0)], others)) == [(0, 0)]


@given(BLOCKS, BLOCKS)
def test_exactly_the_blocks_that_overlap_meet(some, more):
    masks, others = [block(*each) for each in some], [block(*each) for each in more]
    pairs = [
        (one, two)
        for one, mask in enumerate(masks)
        for two, other in enumerate(others)
        if mask.overlap(other)
    ]
    assert list(meeting(masks, others)) == pairs
