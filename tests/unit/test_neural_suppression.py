import numpy as np

from microcrystalnet.domain.mask import Mask
from microcrystalnet.segmentation.neural.everything import (
    Found,
    without_doubles,
    without_overlaps,
)
from microcrystalnet.segmentation.neural.suppression import suppress


def square(row, col, side=10):
    return Mask.from_pixels(np.ones((side, side)), row, col)


def test_of_two_masks_of_one_crystal_the_better_stays():
    assert suppress([square(0, 0), square(0, 1)], [0.4, 0.9], largest_iou=0.5) == [1]


def test_neighbours_both_stay():
    assert suppress([square(0, 0), square(0, 10)], [0.9, 0.4], largest_iou=0.5) == [0, 1]


def test_a_part_of_a_kept_crystal_goes():
    masks = [square(0, 0, 20), square(2, 2, 5)]
    assert suppress(masks, [0.9, 0.8], largest_iou=0.5, largest_cover=0.6) == [0]


def test_no_masks_leave_no_masks():
    assert suppress([], [], largest_iou=0.5) == []


def test_masks_below_the_confidence_go():
    assert without_doubles([Found(square(0, 0), 0.2)], confidence=0.3) == []


def test_a_shared_pixel_goes_to_the_better_mask():
    better, worse = without_overlaps([Found(square(0, 0), 0.9), Found(square(0, 8), 0.5)])
    assert (better.mask.area, worse.mask.area) == (100, 80)


def test_a_mask_that_is_mostly_taken_goes():
    found = [Found(square(0, 0), 0.9), Found(square(0, 4), 0.5)]
    assert [each.score for each in without_overlaps(found)] == [0.9]
