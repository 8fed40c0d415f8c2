"""How a crop finds its place: whatever its contrast, with a black background, a little shifted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from label_files import HEIGHT, PLACES, WIDTH, pixels

from microcrystalnet.domain.crystal import Crystal, MaskSource
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph, Region
from microcrystalnet.spreadsheets.matching import (
    by_crops,
    by_masks,
    by_number,
    find_micrograph,
    likeness,
)

PIXELS = pixels()
CRYSTALS = {
    name: Crystal(name, "i", Mask.from_pixels(np.ones((HEIGHT, WIDTH)), *place), MaskSource.AUTO)
    for name, place in zip("abcd", PLACES, strict=True)
}


def crop(place, shift=0):
    row, col = PLACES[place]
    return PIXELS[row + shift : row + shift + HEIGHT, col : col + WIDTH]


@given(st.permutations(range(4)))
def test_crops_in_any_order_find_their_crystals(order):
    found = by_crops({str(n): crop(at) for n, at in enumerate(order)}, CRYSTALS, PIXELS)
    assert found.crystals == {str(n): "abcd"[at] for n, at in enumerate(order)}


def test_black_around_a_crystal_does_not_count():
    masked = np.where(np.add.outer(np.arange(HEIGHT), np.arange(WIDTH)) > 20, crop(1), 0)
    assert by_crops({"1": masked}, CRYSTALS, PIXELS).crystals == {"1": "b"}


def test_another_contrast_and_a_shift_by_some_pixels_do_no_harm():
    changed = (crop(2, shift=7) * 0.5 + 40).astype(np.uint8)
    assert by_crops({"1": changed}, CRYSTALS, PIXELS).crystals == {"1": "c"}


def test_two_crops_of_one_crystal_are_not_two_crystals():
    found = by_crops({"1": crop(0), "2": crop(0, shift=1)}, CRYSTALS, PIXELS)
    assert list(found.crystals.values()) == ["a"]


@pytest.mark.parametrize("crop", [np.zeros((30, 34)), np.full((30, 34), 7), np.ones((2, 2))])
def test_a_crop_without_a_picture_is_like_nothing(crop):
    assert likeness(crop, PIXELS[:60, :60]) < 0.1


def test_a_crop_larger_than_the_micrograph_is_like_nothing():
    assert likeness(np.ones((300, 300)), PIXELS) == -1


def test_an_outline_that_covers_half_of_a_crystal_is_not_that_crystal():
    half = Mask.from_pixels(np.ones((HEIGHT, WIDTH // 3)), *PLACES[0])
    assert by_masks({"1": half}, CRYSTALS).crystals == {}


def test_numbers_count_from_one():
    assert by_number(["0", "1", "4", "5", "x"], CRYSTALS).crystals == {"1": "a", "4": "d"}


def test_a_micrograph_is_known_by_file_stem_and_id():
    known = {"0f": Micrograph("0f", "Chip A.tif", 9, 9, "uint8", Region(0, 0, 9, 9))}
    found = [find_micrograph([name], known) for name in ("chip a", "CHIP A.TIF", "x/Chip A.tif")]
    assert found == [tuple(known.values())] * 3


def test_outlines_far_from_a_crystal_are_not_compared_with_it(monkeypatch):
    compared = []
    overlap = Mask.overlap
    monkeypatch.setattr(Mask, "overlap", lambda one, two: compared.append(1) or overlap(one, two))
    found = by_masks({name: each.mask for name, each in CRYSTALS.items()}, CRYSTALS)
    assert (found.crystals, len(compared)) == ({name: name for name in CRYSTALS}, len(CRYSTALS))


def test_micrographs_of_one_name_are_all_given():
    known = {each: Micrograph(each, "a.tif", 9, 9, "uint8", Region(0, 0, 9, 9)) for each in "xy"}
    assert find_micrograph(["z", "A"], known) == tuple(known.values())
