"""Look-alikes lie next to each other, whatever anybody said of them."""

import numpy as np

from microcrystalnet.domain.crystal import Crystal, MaskSource
from microcrystalnet.domain.mask import Mask
from microcrystalnet.labelling.similarity import look_alike_order

SMALL, LARGE = np.ones((6, 6)), np.ones((30, 30))


def crystal(name, shape, row, col):
    return Crystal(name, "image", Mask.from_pixels(shape, row, col), MaskSource.AUTO)


def test_large_and_small_crystals_come_apart():
    pixels = np.random.default_rng(0).integers(90, 110, (100, 100), np.uint8)
    places = [("L1", LARGE, 0), ("s1", SMALL, 10), ("L2", LARGE, 40), ("s2", SMALL, 60)]
    order = look_alike_order([crystal(n, s, r, r % 50) for n, s, r in places], pixels)
    assert {frozenset(order[:2]), frozenset(order[2:])} == {
        frozenset({"L1", "L2"}),
        frozenset({"s1", "s2"}),
    }


def test_bright_and_dark_crystals_come_apart():
    pixels = np.full((40, 40), 30, np.uint8)
    pixels[:20] = 200
    crystals = [crystal(f"{r}", SMALL, r, c) for r, c in ((0, 0), (30, 0), (1, 10), (31, 10))]
    order = look_alike_order(crystals, pixels)
    assert {order[:2], order[2:]} <= {("0", "1"), ("1", "0"), ("30", "31"), ("31", "30")}


def test_crystals_of_one_grey_are_no_trouble():
    crystals = [crystal(str(n), np.ones((1, 1)), n, n) for n in range(3)]
    assert set(look_alike_order(crystals, np.zeros((5, 5), np.uint8))) == {"0", "1", "2"}


def test_two_crystals_need_no_order():
    crystals = [crystal(str(n), SMALL, 0, 10 * n) for n in range(2)]
    assert look_alike_order(crystals, np.zeros((20, 20), np.uint8)) == ("0", "1")


def test_a_crystal_at_the_edge_of_the_micrograph_counts_as_far_as_it_shows():
    crystals = [crystal(str(n), SMALL, 8 * n, 0) for n in range(3)]
    assert len(look_alike_order(crystals, np.zeros((20, 20), np.uint8))) == 3
