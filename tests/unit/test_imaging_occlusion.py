"""Which crystals lie under others, against laying every crystal beside all others."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scattered import SIDE, scattered

from microcrystalnet.imaging.occlusion import covered_shares


def plain(masks, depths, at):
    """Give the share of one mask that those in front of it cover, pixel by pixel."""
    held = np.zeros((SIDE, SIDE), bool)
    front = [k for k in range(len(masks)) if (depths[k], k) > (depths[at], at)]
    [np.logical_or(held, masks[k].to_image(SIDE, SIDE), out=held) for k in front]
    mine = masks[at].to_image(SIDE, SIDE)
    return (mine & held).sum() / mine.sum()


@settings(max_examples=50)
@given(scattered(), st.data())
def test_shares_are_those_of_laying_each_crystal_beside_all_others(masks, data):
    depths = [data.draw(st.integers(0, 2)) for _ in masks]
    assert list(covered_shares(masks, depths)) == [
        plain(masks, depths, at) for at in range(len(masks))
    ]
