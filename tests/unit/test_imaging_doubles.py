"""A new outlining beside accepted crystals."""

import numpy as np
from hypothesis import given, settings
from scattered import SIDE, scattered

from microcrystalnet.domain.mask import Mask
from microcrystalnet.imaging.doubles import REPEATED, SAME, giving_way, without_repeats


def block(row, col, height=10, width=10):
    return Mask.from_pixels(np.ones((height, width)), row, col)


def test_the_same_outline_drawn_again_is_left_out():
    assert without_repeats([block(0, 0), block(0, 1, 100, 100)], [block(0, 0)]) == [
        block(0, 1, 100, 100)
    ]


def test_an_outline_that_differs_by_a_rim_is_the_same():
    assert without_repeats([block(0, 0, 100, 95)], [block(0, 0, 100, 100)]) == []


def test_what_lies_beside_known_crystals_is_unchanged():
    assert giving_way([block(0, 20)], [block(0, 0)]) == [block(0, 20)]


def test_what_lies_mostly_in_a_known_crystal_is_left_out():
    assert giving_way([block(0, 4)], [block(0, 0)]) == []


def test_a_facet_of_a_known_crystal_is_left_out():
    assert giving_way([block(2, 2, 3, 3)], [block(0, 0)]) == []


def test_the_known_part_is_cut_off():
    assert giving_way([block(0, 7)], [block(0, 0)]) == [block(0, 10, 10, 7)]


def test_a_known_crystal_that_sticks_out_on_every_side_is_cut_off():
    across = block(-5, 3, 20, 3)
    assert giving_way([block(0, 0)], [across])[0].area == 70


def test_what_several_known_crystals_cover_for_the_most_part_is_left_out():
    sides = [block(0, -6), block(0, 6)]
    assert giving_way([block(0, 0)], sides) == []


def test_nothing_is_known_and_nothing_is_lost():
    assert giving_way([block(0, 0)], []) == [block(0, 0)]


def is_double(mask, known):
    return any(mask.overlap(each) > SAME * min(mask.area, each.area) for each in known)


def bared(mask, known):
    """Give the pixels (height, width) of a mask on the whole micrograph, without known masks."""
    held = np.zeros((SIDE, SIDE), bool)
    [np.logical_or(held, each.to_image(SIDE, SIDE), out=held) for each in known]
    return mask.to_image(SIDE, SIDE) & ~held


@settings(max_examples=50)
@given(scattered(), scattered())
def test_laid_beside_every_known_mask_the_same_is_left(found, known):
    fresh = [(each, bared(each, known)) for each in found if not is_double(each, known)]
    large = [left for each, left in fresh if left.sum() >= each.area * SAME]
    assert giving_way(found, known) == [Mask.from_pixels(left) for left in large]


@settings(max_examples=50)
@given(scattered(), scattered())
def test_laid_beside_every_known_mask_the_same_repeats_are_left_out(found, known):
    new = [each for each in found if all(each.iou(other) < REPEATED for other in known)]
    assert without_repeats(found, known) == new
