import numpy as np

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.segmentation.instances import wanted
from microcrystalnet.segmentation.neural.everything import (
    Found,
    without_doubles,
    without_overlaps,
)
from microcrystalnet.segmentation.neural.suppression import suppress
from microcrystalnet.segmentation.segmenter import EverythingSettings


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


def test_of_a_mask_that_a_better_one_cuts_in_two_the_larger_piece_stays():
    across = Mask.from_pixels(np.ones((4, 20)), 3, 0)
    better = Mask.from_pixels(np.ones((10, 4)), 0, 14)
    _, cut = without_overlaps([Found(better, 0.9), Found(across, 0.5)])
    assert cut.mask == Mask.from_pixels(np.ones((4, 14)), 3, 0)


def test_a_mask_that_falls_into_small_pieces_goes():
    across = Mask.from_pixels(np.ones((4, 20)), 3, 0)
    better = Mask.from_pixels(np.ones((10, 4)), 0, 8)
    assert len(without_overlaps([Found(better, 0.9), Found(across, 0.5)])) == 1


def test_what_the_edge_of_the_region_cuts_in_two_keeps_its_larger_piece():
    arch = np.ones((20, 30), bool)
    arch[8:, 18:24] = False
    region = EverythingSettings(smallest_px=1, region=Region(18, 0, 64, 64))
    kept = wanted(Mask.from_pixels(arch, 10, 10), region, (64, 64))
    assert kept == Mask.from_pixels(np.ones((12, 18)), 18, 10)
