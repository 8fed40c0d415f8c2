"""Mending outlines: merge, cut, fill, smooth, grow, and what a lasso holds."""

import numpy as np
import pytest

from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import MaskError
from microcrystalnet.imaging.corrections import (
    cut,
    deepest_point,
    drawn,
    encircled,
    fill_holes,
    grow,
    merge,
    smooth,
    union,
)


def square(row, col, side=20, width=None):
    return Mask.from_pixels(np.ones((side, width or side)), row, col)


def disk(radius, row=50, col=50):
    rows, cols = np.ogrid[-radius : radius + 1, -radius : radius + 1]
    return Mask.from_pixels(rows**2 + cols**2 <= radius**2, row - radius, col - radius)


def test_touching_crystals_merge_into_their_union():
    assert merge([square(0, 0), square(0, 20)]) == square(0, 0, 20, 40)


def test_merging_closes_the_seam_between_neighbours():
    assert merge([square(0, 0), square(0, 22)]).contains(10, 21)


def test_merging_fills_no_bay_of_a_crystal_itself():
    pixels = np.ones((20, 20), bool)
    pixels[8:10, 5:] = False
    merged = merge([Mask.from_pixels(pixels, 0, 0), square(30, 0)])
    assert not merged.contains(9, 15)


def test_parts_that_lie_far_apart_stay_apart():
    merged = merge([square(0, 0), square(0, 40)])
    assert merged.area == 800


def test_merging_three_crystals_in_any_order_gives_the_same():
    three = [square(0, 0), square(0, 21), square(21, 0)]
    assert merge(three) == merge(three[::-1])


def test_merging_one_crystal_is_refused():
    with pytest.raises(MaskError, match="needs two crystals"):
        merge([square(0, 0)])


def test_the_union_of_masks_apart_is_one_mask_with_a_gap():
    both = union([square(0, 0), square(30, 40)])
    assert (both.region.corners, both.area) == ((0, 0, 50, 60), 800)


def test_the_union_of_nothing_is_refused():
    with pytest.raises(MaskError, match="no crystal to join"):
        union([])


def test_a_line_across_cuts_a_crystal_in_two():
    parts = cut(square(10, 10), [(5, 24), (35, 24)])
    assert len(parts) == 2


def test_a_cut_loses_no_pixel_and_shares_none():
    whole = disk(20)
    parts = cut(whole, [(20, 45), (52, 58), (80, 50)])
    assert (union(parts), sum(part.area for part in parts)) == (whole, whole.area)


def test_the_largest_part_of_a_cut_comes_first():
    first, second = cut(square(0, 0), [(-3, 14), (23, 14)])
    assert first.area > second.area


def test_a_line_that_ends_just_inside_is_carried_on():
    assert len(cut(square(0, 0), [(1, 10), (18, 10)])) == 2


def test_a_line_that_ends_in_the_middle_cuts_nothing():
    with pytest.raises(MaskError, match="does not divide the crystal"):
        cut(square(0, 0, 40), [(-5, 20), (20, 20)])


def test_a_line_beside_the_crystal_cuts_nothing():
    with pytest.raises(MaskError, match="does not divide"):
        cut(square(0, 0), [(30, 30), (60, 60)])


def test_a_line_along_the_edge_leaves_no_speck():
    with pytest.raises(MaskError, match="does not divide"):
        cut(square(0, 0), [(-2, 1), (1, -2)])


def test_a_winding_line_cuts_into_several_parts():
    winding = [(-5, 10), (45, 10), (45, 20), (-5, 20)]
    assert len(cut(square(0, 0, 40), winding)) == 3


def test_a_part_that_lies_apart_stays_with_the_nearest_piece():
    apart = union([square(0, 0), square(0, 24, 4)])
    parts = cut(apart, [(-3, 10), (23, 10)])
    assert sorted(part.contains(2, 25) for part in parts) == [False, True]
    assert len(parts) == 2


def test_holes_are_filled():
    pixels = np.ones((20, 20), bool)
    pixels[5:9, 5:9] = False
    assert fill_holes(Mask.from_pixels(pixels, 3, 4)) == square(3, 4)


def test_a_crystal_without_holes_stays_as_it_is():
    assert fill_holes(disk(10)) == disk(10)


def test_smoothing_takes_a_spike_away():
    spiked = union([square(0, 0, 40), Mask.from_pixels(np.ones((1, 10)), 20, 40)])
    assert not smooth(spiked).contains(20, 47)


def test_smoothing_leaves_straight_edges_where_they_are():
    box = smooth(square(0, 0, 40)).region
    assert (box.row0, box.col0, box.row1, box.col1) == (0, 0, 40, 40)


def test_smoothing_keeps_the_size_of_a_crystal():
    assert smooth(disk(20)).area == pytest.approx(disk(20).area, rel=0.02)


def test_what_smoothing_would_wipe_out_is_refused():
    with pytest.raises(MaskError, match="Smoothing by 2 px would leave nothing"):
        smooth(square(0, 0, 2))


def test_growing_moves_the_edge_outwards():
    box = grow(square(10, 10), 2).region
    assert (box.row0, box.col0, box.row1, box.col1) == (8, 8, 32, 32)


def test_growing_stops_at_a_neighbour():
    neighbour = square(0, 21)
    assert grow(square(0, 0), 3, [neighbour]).overlap(neighbour) == 0


def test_growing_keeps_an_overlap_that_was_there():
    neighbour = square(0, 15)
    assert grow(square(0, 0), 3, [neighbour]).overlap(neighbour) == 100


def test_shrinking_moves_the_edge_inwards():
    assert grow(square(0, 0), -3) == square(3, 3, 14)


def test_shrinking_to_nothing_is_refused():
    with pytest.raises(MaskError, match="Shrinking by 5 px would leave nothing"):
        grow(square(0, 0, 10), -5)


def test_a_lasso_holds_what_it_goes_round():
    loop = encircled([(0, 0), (0, 30), (30, 30), (30, 0)])
    assert (loop.contains(15, 15), loop.contains(40, 15)) == (True, False)


def test_a_lasso_may_leave_the_micrograph():
    assert encircled([(-10, -10), (-10, 30), (30, 30), (30, -10)]).contains(0, 0)


def test_a_lasso_that_goes_round_nothing_is_refused():
    with pytest.raises(MaskError, match="Draw a loop"):
        encircled([(5, 5), (5, 9)])


def test_a_drawn_line_is_as_long_inside_a_crystal_as_it_looks():
    assert drawn([(-10, 5), (30, 5)]).overlap(square(0, 0)) == 20


def test_a_line_of_one_place_is_one_pixel():
    assert drawn([(3.2, 4.1)]).area == 1


def test_the_deepest_point_of_a_disk_is_its_centre():
    assert deepest_point(disk(15, 40, 60)) == (40, 60)


def test_the_deepest_point_lies_in_the_mask_even_where_its_centre_does_not():
    ring = np.ones((30, 30), bool)
    ring[8:22, 8:22] = False
    mask = Mask.from_pixels(ring)
    assert mask.contains(*deepest_point(mask))
