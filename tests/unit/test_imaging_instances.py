"""Masks become one label image and come back unchanged."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as arrays

from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import MaskError
from microcrystalnet.imaging.instances import from_labels, label_values, to_labels


def square(row, col, side=3):
    return Mask.from_pixels(np.ones((side, side)), row, col)


def test_the_first_mask_gets_one():
    labels = to_labels([square(0, 0), square(5, 5)], (10, 10))
    assert (labels.dtype, labels[1, 1], labels[6, 6], labels[9, 9]) == (np.uint32, 1, 2, 0)


def test_where_masks_overlap_the_later_one_shows():
    assert to_labels([square(0, 0), square(2, 2)], (10, 10))[2, 2] == 2


@pytest.mark.parametrize("mask", [square(-1, 0), square(8, 0), square(0, 8)])
def test_a_mask_outside_the_micrograph_is_refused(mask):
    with pytest.raises(MaskError, match="belongs to another micrograph"):
        to_labels([mask], (10, 10))


def test_masks_apart_from_each_other_come_back():
    masks = [square(0, 0), square(5, 5)]
    assert from_labels(to_labels(masks, (10, 10))) == masks


@given(arrays.arrays(np.int64, (6, 7), elements={"min_value": -3, "max_value": 2**40}))
def test_every_positive_number_gives_one_mask(labels):
    found = dict(zip(label_values(labels), from_labels(labels), strict=True))
    rebuilt = sum(
        (value * mask.to_image(6, 7) for value, mask in found.items()), start=np.zeros((6, 7), int)
    )
    np.testing.assert_array_equal(rebuilt, np.maximum(labels, 0))


def test_no_crystal_is_a_normal_answer():
    assert from_labels(np.zeros((5, 5), int)) == []
    assert not to_labels([], (5, 5)).any()


@pytest.mark.parametrize("labels", [np.zeros((4, 4)), np.zeros((2, 4, 4), int)])
def test_what_is_not_a_label_image_is_refused(labels):
    with pytest.raises(MaskError, match="label image"):
        from_labels(labels)
