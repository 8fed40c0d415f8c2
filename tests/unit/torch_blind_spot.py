"""Noise2Void on one small micrograph."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from microcrystalnet.progress import CancelledError
from microcrystalnet.segmentation.blind_spot import BlindSpotSettings, denoise

QUICK = BlindSpotSettings(steps=60, batch=4, patch=32, channels=8, learning_rate=3e-3)


@pytest.fixture(scope="module")
def clean():
    facets = gaussian_filter(np.random.default_rng(1).normal(size=(97, 130)), 5)
    return (40 + 160 * (facets - facets.min()) / np.ptp(facets)).astype(np.float32)


@pytest.fixture(scope="module")
def noisy(clean):
    return clean + np.random.default_rng(2).normal(0, 20, clean.shape).astype(np.float32)


def test_it_comes_closer_to_an_image_that_it_never_saw(clean, noisy):
    denoised = denoise(noisy, settings=QUICK)
    assert denoised.shape == noisy.shape
    assert np.std(denoised - clean) < 0.7 * np.std(noisy - clean)


def test_the_same_seed_gives_the_same_image(noisy):
    short = BlindSpotSettings(steps=3, batch=2, patch=32, channels=4)
    assert np.array_equal(denoise(noisy, settings=short), denoise(noisy, settings=short))


def test_it_can_be_cancelled_at_any_step(noisy):
    def stop(progress):
        raise CancelledError

    with pytest.raises(CancelledError):
        denoise(noisy, stop, QUICK)


@pytest.mark.parametrize("grey", [np.zeros((99, 99), "f4"), np.eye(9, dtype="f4")])
def test_a_constant_or_tiny_image_is_given_back(grey):
    assert np.array_equal(denoise(grey, settings=QUICK), grey)
