"""Shares of a score keep their sum when they are laid on the micrograph."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph, Region
from microcrystalnet.explain import words
from microcrystalnet.explain.explanation import Explanation
from microcrystalnet.explain.mosaic import blank, lay, mosaic, whole, whole_in
from microcrystalnet.learning.dataset import CropRecipe, cut_one

HEIGHT, WIDTH = 150, 180
PLACE = Micrograph("i", "chip.tif", HEIGHT, WIDTH, "uint8", Region(0, 0, HEIGHT, WIDTH))
GREY = np.random.default_rng(0).uniform(0.2, 1, (HEIGHT, WIDTH)).astype(np.float32)
RECIPES = st.builds(
    CropRecipe,
    size=st.sampled_from([16, 64]),
    margin=st.sampled_from([0.0, 0.2]),
    masked=st.booleans(),
    order=st.sampled_from([0, 1]),
    squash=st.booleans(),
)


def rounded(row, col, height, width):
    """Give an ellipse, cut where the micrograph ends."""
    down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    whole_one = Mask.from_pixels(np.hypot(down, across) <= 1.01, row, col)
    return whole_one.within(Region(0, 0, HEIGHT, WIDTH))


def explained(mask, recipe, method="integrated", seed=1):
    """Give a map of large values for and against, 0 where the crop is black."""
    crop = cut_one(GREY, mask, recipe)
    slope = np.random.default_rng(seed).normal(0.1, 1, crop.shape).astype(np.float32)
    frame = recipe.frame(mask.region)
    told = ("A", ("A",), (1.0,), frame, crop * slope, method, recipe.masked)
    return Explanation("c", "m", *told)


crystals = st.builds(
    rounded,
    st.integers(-2, 120),
    st.integers(-2, 150),
    height=st.integers(5, 150),
    width=st.integers(5, 150),
)


@settings(deadline=None, max_examples=60)
@given(crystals, RECIPES)
def test_shares_of_a_score_sum_to_the_same_on_the_micrograph(mask, recipe):
    found = explained(mask, recipe)
    sheet = blank(HEIGHT, WIDTH)
    shown = mask if recipe.masked else None
    lay(sheet, found.per_pixel, found.frame, shown, found.over(mask, HEIGHT, WIDTH))
    size = float(np.abs(found.values).sum())
    assert np.nansum(sheet) == pytest.approx(float(found.values.sum()), abs=1e-4 * size)


@pytest.mark.parametrize(
    "mask",
    [rounded(60, 60, 7, 9), rounded(10, 20, 130, 120), rounded(0, 150, 40, 60)],
    ids=["small", "large", "edge"],
)
def test_every_crystal_of_a_mosaic_keeps_its_sum(mask):
    found = explained(mask, CropRecipe())
    sheet = mosaic(HEIGHT, WIDTH, [(found, mask)])
    assert np.nansum(sheet) == pytest.approx(found.values.sum(), rel=0.001)
    assert np.array_equal(np.isfinite(sheet), mask.to_image(HEIGHT, WIDTH))


def test_shares_lie_where_the_crop_has_them():
    mask = Mask.from_pixels(np.ones((128, 128)), 10, 20)
    found = explained(mask, CropRecipe())
    found.values[...] = 0
    found.values[:32] = 1.0
    sheet = mosaic(HEIGHT, WIDTH, [(found, mask)])
    assert sheet[14:70, 25:140] == pytest.approx(0.25, rel=0.01)
    assert sheet[77:138, 20:148] == pytest.approx(0)


def test_other_methods_are_laid_as_they_are():
    mask = Mask.from_pixels(np.ones((128, 128)), 10, 20)
    found = explained(mask, CropRecipe(), "saliency")
    found.values[...] = 2.0
    sheet = mosaic(HEIGHT, WIDTH, [(found, mask)])
    assert sheet[mask.slices] == pytest.approx(2.0)


def test_a_crystal_that_another_lies_on_is_not_whole():
    below, above = rounded(10, 10, 40, 40), rounded(30, 30, 60, 60)
    pieces = [(explained(each, CropRecipe()), each) for each in (below, above)]
    sheet = mosaic(HEIGHT, WIDTH, pieces)
    assert [whole(*each, sheet) for each in pieces] == [False, True]


def test_a_crystal_seen_with_its_surroundings_is_not_whole_by_its_own_pixels():
    mask = rounded(20, 20, 60, 70)
    piece = explained(mask, CropRecipe(masked=False)), mask
    assert not whole(*piece, mosaic(HEIGHT, WIDTH, [piece]))
    assert whole_in(*piece, PLACE)


def test_a_map_that_the_analysis_region_cuts_is_not_whole():
    mask = rounded(20, 20, 60, 70)
    found = explained(mask, CropRecipe(masked=False))
    assert not whole_in(found, mask, replace(PLACE, region=Region(0, 0, 60, WIDTH)))


def test_a_crystal_on_black_that_touches_the_region_s_edge_is_whole():
    mask = rounded(20, 20, 60, 70)
    found = explained(mask, CropRecipe())
    assert whole_in(found, mask, replace(PLACE, region=Region(20, 20, 80, WIDTH)))


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        (0, "what else counts is not shown, so that they do not sum to"),
        (2, "those of each crystal (but for 1 of 3) sum to the change of"),
        (3, "those of each crystal sum to the change of its score from a black crop"),
    ],
)
def test_the_sum_is_said_of_the_crystals_that_have_it(kept, expected):
    said = words.meaning("integrated", "AA", sums=words.on_sums(kept, 3))
    assert said.startswith("Orange pixels speak for AA, blue ones against it; ")
    assert expected in said


def test_a_map_that_is_cut_is_not_said_to_sum_to_the_change():
    found = explained(rounded(20, 20, 60, 70), CropRecipe())
    assert "they do not sum to the change" in words.on_map(found, whole=False)
