"""Any micrograph becomes 0..255 without a NaN, an overflow or a warning."""

import numpy as np
import pytest

from microcrystalnet.imaging.contrast import limits, stretch, to_uint8

RAMP = np.arange(1000).reshape(20, 50)


@pytest.mark.parametrize("dtype", [np.uint16, np.int16, np.int32, np.float32, np.float64])
def test_the_darkest_become_black_and_the_brightest_white(dtype):
    grey = to_uint8(RAMP.astype(dtype))
    assert (grey.dtype, grey.min(), grey.max()) == (np.uint8, 0, 255)
    assert (np.diff(grey.ravel().astype(int)) >= 0).all()


def test_signed_levels_keep_their_order():
    grey = to_uint8((RAMP - 500).astype(np.int16))
    assert grey[0, 0] < grey[10, 0] < grey[-1, -1]


def test_a_few_hot_pixels_do_not_darken_the_rest():
    pixels = RAMP.astype(np.float32)
    pixels[0, 0] = 1e9
    assert to_uint8(pixels, high=99).std() > 60


@pytest.mark.parametrize("level", [0, 7, 65535])
def test_a_constant_image_becomes_zeros(level):
    assert not to_uint8(np.full((8, 8), level, np.uint16)).any()


def test_a_nearly_constant_image_still_shows_what_differs():
    pixels = np.zeros((200, 200), np.uint8)
    pixels[5, 5] = 3
    assert to_uint8(pixels)[5, 5] == 255


def test_not_a_number_is_black_and_infinity_white():
    pixels = RAMP.astype(np.float32)
    pixels[0, 1], pixels[0, 2], pixels[0, 3] = np.nan, np.inf, -np.inf
    assert to_uint8(pixels)[0, 1:4].tolist() == [0, 255, 0]


def test_an_image_of_nothing_but_nan_becomes_zeros():
    assert not to_uint8(np.full((4, 4), np.nan, np.float32)).any()


def test_true_and_false_become_white_and_black():
    assert to_uint8(np.array([[True, False], [False, True]])).tolist() == [[255, 0], [0, 255]]


def test_the_limits_can_be_kept_and_used_on_another_image():
    assert stretch(RAMP.astype(np.uint16), *limits(RAMP, 0, 100))[-1, -1] == 255


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_counted_grey_levels_give_the_percentiles_of_numpy_to_the_last_bit(dtype, seed):
    rng = np.random.default_rng(seed)
    pixels = rng.normal(100, 9 * seed, rng.integers(2, 60, 2)).clip(0, 255).astype(dtype)
    dark, bright = np.percentile(pixels.astype(float), (0.1, 99.9))
    assert limits(pixels) == ((dark, bright) if dark < bright else (pixels.min(), pixels.max()))
