"""Found outlines against reference outlines."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from microcrystalnet.domain.mask import Mask
from microcrystalnet.imaging import compare as module
from microcrystalnet.imaging.compare import compare


def square(row, col, side=10):
    return Mask.from_pixels(np.ones((side, side)), row, col)


def test_the_same_masks_in_another_order_agree_wholly():
    comparison = compare([square(0, 0), square(30, 0)], [square(30, 0), square(0, 0)])
    assert (comparison.f1, comparison.mean_iou, comparison.missed) == (1.0, 1.0, ())


def test_a_reference_crystal_without_counterpart_is_missed():
    comparison = compare([square(0, 0)], [square(0, 0), square(30, 0)])
    assert (comparison.missed, comparison.invented, comparison.recall) == ((1,), (), 0.5)


def test_an_outline_without_counterpart_is_invented():
    comparison = compare([square(30, 0), square(0, 0)], [square(0, 0)])
    assert (comparison.invented, comparison.missed, comparison.precision) == ((0,), (), 0.5)


def test_too_little_overlap_is_missed_and_invented_but_its_iou_is_kept():
    comparison = compare([square(0, 0)], [square(5, 0)])
    assert (comparison.missed, comparison.invented) == ((0,), (0,))
    assert comparison.best_ious == pytest.approx((1 / 3,))
    assert comparison.best_of_found == pytest.approx((1 / 3,))


def test_an_iou_of_exactly_one_half_is_a_match():
    comparison = compare([Mask.from_pixels(np.ones((5, 10)))], [square(0, 0)])
    assert [each.iou for each in comparison.matches] == [0.5]


def test_a_crystal_cut_in_two_is_matched_once():
    halves = [Mask.from_pixels(np.ones((5, 10)), row) for row in (0, 5)]
    comparison = compare(halves, [square(0, 0)])
    assert (len(comparison.matches), len(comparison.invented)) == (1, 1)


def test_two_weak_pairs_are_better_than_one_perfect_pair():
    left, middle, right = square(0, 0), square(8, 0), square(16, 0)
    comparison = compare([middle, left], [middle, right], least_iou=0.1)
    assert [(each.found, each.reference) for each in comparison.matches] == [(1, 0), (0, 1)]


def test_masks_that_do_not_meet_are_matched_apart(monkeypatch):
    sizes = []

    def watched(worth, maximize):
        sizes.append(worth.shape)
        return linear_sum_assignment(worth, maximize=maximize)

    monkeypatch.setattr(module, "linear_sum_assignment", watched)
    left, right = [square(0, 0), square(2, 0)], [square(0, 50)]
    comparison = compare(left + right, right + left)
    assert (sizes, len(comparison.matches)) == ([(2, 2), (1, 1)], 3)


def test_a_higher_threshold_asks_for_more():
    comparison = compare([square(0, 0)], [square(1, 0)], least_iou=0.9)
    assert not comparison.matches


def test_nothing_against_nothing_is_agreement():
    comparison = compare([], [])
    assert (comparison.f1, comparison.mean_iou, comparison.mean_best_iou) == (1.0, None, None)


def test_nothing_found_misses_everything():
    comparison = compare([], [square(0, 0)])
    assert (comparison.f1, comparison.missed, comparison.best_ious) == (0.0, (0,), (0.0,))


def test_the_mean_over_all_references_counts_the_missed_ones():
    comparison = compare([square(0, 0)], [square(0, 0), square(50, 50)])
    assert (comparison.mean_iou, comparison.mean_best_iou) == (1.0, 0.5)
