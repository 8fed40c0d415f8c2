import numpy as np

from microcrystalnet.segmentation.dense_maps import DenseMaps
from microcrystalnet.segmentation.neural.regions import find_candidates


def hills(*middles, shape=(60, 100), radius=20.0):
    rows, cols = np.indices(shape)
    heights = [1 - np.hypot(rows - row, cols - col) / radius for row, col in middles]
    distance = np.clip(np.max(heights, 0), 0, 1).astype(np.float32)
    return DenseMaps((distance > 0).astype(np.float32), np.zeros_like(distance), distance)


def test_one_hill_is_one_candidate():
    (candidate,) = find_candidates(hills((30, 50)), 0, coarsest=True)
    assert abs(candidate.mask.area - np.pi * 20**2) < 60


def test_two_hills_with_a_shallow_saddle_are_tried_apart_and_together():
    areas = [c.mask.area for c in find_candidates(hills((30, 35), (30, 60)), 0, coarsest=True)]
    assert len(areas) == 3
    assert max(areas) == sum(areas) - max(areas)


def test_a_coarse_level_gives_masks_in_full_image_pixels():
    (candidate,) = find_candidates(hills((30, 50)), 2, coarsest=True)
    assert abs(candidate.mask.centre[0] - 4 * 30 - 1.5) < 1


def test_what_is_too_large_for_a_level_is_left_to_the_next():
    maps = hills((100, 100), shape=(200, 200), radius=90)
    assert list(find_candidates(maps, 0, coarsest=False)) == []


def test_empty_maps_hold_no_candidates():
    empty = np.zeros((40, 40), np.float32)
    assert list(find_candidates(DenseMaps(empty, empty, empty), 0, coarsest=True)) == []
