"""Noise, the filters against it, and what they may not touch."""

import tracemalloc

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.imaging.noise import noise_deviation, snr_db
from microcrystalnet.imaging.preprocess import PRESETS, FilterError, Recipe, Step, preprocess

SIDE = 128
STEPS = {
    Step.NON_LOCAL_MEANS: Recipe(non_local_means=0.8),
    Step.UNSHARP: Recipe(unsharp=0.5),
    Step.OPENING: Recipe(opening_px=5),
    Step.CLOSING: Recipe(closing_px=5),
}


@pytest.fixture(scope="module")
def clean():
    facets = gaussian_filter(np.random.default_rng(1).normal(size=(SIDE, SIDE)), 6)
    return 40 + 160 * (facets - facets.min()) / np.ptp(facets)


@pytest.fixture(scope="module")
def noisy(clean):
    return np.clip(clean + np.random.default_rng(2).normal(0, 12, clean.shape), 0, 255).astype("u1")


@pytest.mark.parametrize("deviation", [3.0, 12.0, 25.0])
def test_the_noise_that_was_added_is_found(clean, deviation):
    noise = np.random.default_rng(3).normal(0, deviation, clean.shape)
    assert noise_deviation(clean + noise) == pytest.approx(deviation, rel=0.1)


def test_the_ratio_follows_its_definition(clean):
    noise = np.random.default_rng(3).normal(0, 10, clean.shape)
    assert snr_db(clean + noise) == pytest.approx(10 * np.log10(clean.var() / 100), abs=1)


def test_fractions_have_the_ratio_of_whole_grey_levels(noisy):
    assert snr_db(noisy / np.float32(255)) == pytest.approx(snr_db(noisy), abs=0.01)


@pytest.mark.parametrize("pixels", [np.full((9, 9), 7, "u1"), np.full((9, 9), np.nan)])
def test_where_there_is_no_signal_there_is_no_ratio(pixels):
    assert snr_db(pixels) is None


def test_the_noise_of_a_very_large_picture_needs_little_memory(monkeypatch):
    monkeypatch.setattr("microcrystalnet.imaging.noise._MOST", 500_000)
    noise = np.random.default_rng(0).normal(128, 5, (4096, 1024))
    pixels = (noise + np.linspace(-90, 90, 1024)).astype(np.uint8)
    tracemalloc.start()
    found = snr_db(pixels)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == pytest.approx(10 * np.log10(np.linspace(-90, 90, 1024).var() / 25), abs=0.5)
    assert most < 5 * pixels.size


def test_non_local_means_comes_closer_to_the_clean_image(clean, noisy):
    filtered = preprocess(noisy, STEPS[Step.NON_LOCAL_MEANS]).pixels
    assert np.std(filtered - clean) < 0.5 * np.std(noisy - clean)


def test_every_step_of_a_recipe_has_its_ratio(noisy):
    recipe = Recipe(non_local_means=0.8, unsharp=0.5, opening_px=5, closing_px=5)
    steps = [gain.step for gain in preprocess(noisy, recipe).gains]
    assert steps == ["recorded", "non-local means", "unsharp mask", "opening", "closing"]


@pytest.mark.parametrize("recipe", STEPS.values(), ids=STEPS)
@pytest.mark.parametrize("dtype", ["u1", ">u2", "i4", "f4", "f8"])
def test_shape_and_dtype_are_those_of_the_recording(noisy, recipe, dtype):
    filtered = preprocess(noisy.astype(dtype), recipe).pixels
    assert (filtered.shape, filtered.dtype) == (noisy.shape, np.dtype(dtype))


@pytest.mark.parametrize("recipe", STEPS.values(), ids=STEPS)
def test_the_databar_is_left_alone(noisy, recipe):
    filtered = preprocess(noisy, recipe, region=Region(0, 0, 100, SIDE)).pixels
    assert np.array_equal(filtered[100:], noisy[100:])


@pytest.mark.parametrize("recipe", STEPS.values(), ids=STEPS)
def test_pixels_that_are_no_number_stay_and_spread_nothing(noisy, recipe):
    holed = noisy.astype("f4")
    holed[40:44, 50:54] = np.nan
    filtered = preprocess(holed, recipe).pixels
    assert np.array_equal(np.isnan(filtered), np.isnan(holed))


@pytest.mark.parametrize("recipe", STEPS.values(), ids=STEPS)
def test_a_constant_image_stays_constant(recipe):
    assert np.ptp(preprocess(np.full((32, 32), 9, "u1"), recipe).pixels) == 0


def test_an_empty_recipe_measures_and_changes_nothing(noisy):
    measured = preprocess(noisy, PRESETS["none"])
    assert np.array_equal(measured.pixels, noisy)
    assert len(measured.gains) == 1


def test_opening_removes_a_bright_speck_and_closing_a_dark_one():
    specks = np.full((32, 32), 100, "u1")
    specks[8, 8], specks[20, 20] = 200, 0
    opened = preprocess(specks, STEPS[Step.OPENING]).pixels
    assert (opened[8, 8], opened[20, 20]) == (100, 0)
    assert np.ptp(preprocess(opened, STEPS[Step.CLOSING]).pixels) == 0


def test_noise2void_is_asked_for_where_the_recipe_says_so(noisy):
    filtered = preprocess(noisy, Recipe(blind_spot=True), blind_spot=lambda grey, _: grey * 0 + 7)
    assert np.unique(filtered.pixels).tolist() == [7]


def test_a_recipe_with_noise2void_is_refused_where_it_is_not_there(noisy):
    with pytest.raises(FilterError, match="torch"):
        preprocess(noisy, Recipe(blind_spot=True))


@pytest.mark.parametrize(
    "strengths",
    [
        {"non_local_means": -1.0},
        {"non_local_means": float("nan")},
        {"unsharp": 99.0},
        {"unsharp_radius_px": 0.0},
        {"opening_px": 1000},
        {"closing_px": -3},
    ],
)
def test_a_strength_that_no_filter_has_is_refused(strengths):
    with pytest.raises(FilterError):
        Recipe(**strengths)


def test_recipes_differ_by_their_digest():
    assert Recipe().digest == ""
    assert len({each.digest for each in STEPS.values()}) == len(STEPS)
