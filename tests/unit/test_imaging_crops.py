"""Crops show the right pixels, and what is found in a crop is found again in the micrograph."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.imaging.crops import CropFrame, cut, place

coordinates = st.floats(-1e4, 1e5)
sides = st.floats(1, 5e3)
frames = st.builds(
    CropFrame,
    coordinates,
    coordinates,
    side=sides,
    size=st.integers(1, 256),
    width=st.none() | sides,
)
RAMP = np.add.outer(np.arange(100.0), 1000 * np.arange(120.0))  # tells row and column


@given(frames, coordinates, coordinates)
def test_to_crop_undoes_to_image(frame, row, col):
    assert frame.to_crop(*frame.to_image(row, col)) == pytest.approx((row, col), abs=1e-6)


@given(frames, coordinates, coordinates)
def test_to_image_undoes_to_crop(frame, row, col):
    assert frame.to_image(*frame.to_crop(row, col)) == pytest.approx((row, col), abs=1e-6)


@given(frames)
def test_the_crop_reaches_from_edge_to_edge_of_its_window(frame):
    top, left = frame.to_image(-0.5, -0.5)
    bottom, right = frame.to_image(frame.size - 0.5, frame.size - 0.5)
    assert (top, bottom) == pytest.approx((frame.row0, frame.row0 + frame.side), abs=1e-6)
    assert (left, right) == pytest.approx((frame.col0, frame.col0 + frame.across), abs=1e-6)


def test_a_frame_around_a_region_is_a_square_with_the_same_middle():
    assert CropFrame.around(Region(10, 20, 20, 26), 64) == CropFrame(9.5, 17.5, 10, 64)


def test_a_frame_that_squashes_is_the_box_itself():
    squashed = CropFrame.around(Region(10, 20, 20, 26), 64, squash=True)
    assert squashed == CropFrame(9.5, 19.5, 10, 64, 6)
    assert squashed.region == Region(10, 20, 20, 26)


def test_a_map_of_a_squashed_crop_is_laid_on_the_box_it_was_cut_from():
    frame = CropFrame.around(Region(10, 20, 30, 60), 80, squash=True)
    laid, region = place(cut(RAMP, frame), frame)
    assert (laid.shape, region) == ((20, 40), Region(10, 20, 30, 60))
    inside = np.s_[1:-1, 1:-1]
    np.testing.assert_allclose(laid[inside], RAMP[10:30, 20:60][inside], atol=200)


def test_the_margin_is_a_share_of_the_longer_side():
    assert CropFrame.around(Region(10, 20, 20, 26), 64, margin=0.5).side == 20


@pytest.mark.parametrize("order", [0, 1])
def test_at_full_size_a_crop_is_the_micrograph_itself(order):
    frame = CropFrame.around(Region(10, 20, 42, 52), size=32)
    np.testing.assert_array_equal(cut(RAMP, frame, order=order), RAMP[10:42, 20:52])


@pytest.mark.parametrize("size", [16, 64, 100])
def test_a_resized_crop_shows_the_grey_level_of_the_place_it_maps_to(size):
    frame = CropFrame(20, 30, 32, size)
    rows, cols = frame.to_image(np.arange(size), np.arange(size))
    np.testing.assert_allclose(
        cut(RAMP, frame), np.add.outer(rows, 1000 * cols), rtol=1e-4, atol=0.01
    )


def test_a_smaller_crop_averages_and_does_not_skip_pixels():
    stripes = np.zeros((64, 64))
    stripes[:, ::4] = 4
    assert cut(stripes, CropFrame(-0.5, -0.5, 64, 16))[4:12, 4:12].std() < 0.1


def test_outside_the_micrograph_a_crop_is_filled():
    crop = cut(np.full((50, 50), 9), CropFrame(-32.5, -0.5, 64, 64), fill=3)
    assert (crop[:31] == 3).all()
    assert (crop[33:, :48] == 9).all()


def test_a_frame_far_outside_gives_only_fill():
    assert (cut(RAMP, CropFrame(900, 900, 10, 8), fill=5) == 5).all()


def test_outside_the_mask_a_crop_is_filled():
    mask = Mask.from_pixels(np.ones((4, 4)), 10, 10)
    crop = cut(np.full((50, 50), 9), CropFrame(7.5, 7.5, 8, 8), mask=mask, fill=1)
    np.testing.assert_array_equal(crop[2:6, 2:6], np.full((4, 4), 9))
    assert crop.sum() == 16 * 9 + 48


def test_not_a_number_never_reaches_a_crop():
    pixels = np.full((20, 20), np.nan, np.float32)
    pixels[4, 4] = np.inf
    assert (cut(pixels, CropFrame(0, 0, 10, 8)) == 0).all()


def test_a_crop_is_float32_whatever_the_micrograph_is():
    assert cut(RAMP.astype(np.uint16), CropFrame(0, 0, 10, 8)).dtype == np.float32


@given(
    st.integers(0, 63),
    st.integers(0, 63),
    st.floats(1, 300),
    st.floats(-50, 500),
    st.floats(0, 500),
)
def test_one_painted_pixel_of_a_crop_is_found_in_the_micrograph(row, col, side, row0, col0):
    frame = CropFrame(row0, col0, side, 64)
    crop = np.zeros((64, 64), np.float32)
    crop[row, col] = 1
    laid, region = place(crop, frame)
    brightest = np.unravel_index(laid.argmax(), laid.shape)
    expected = frame.to_image(row, col)
    found = region.row0 + brightest[0], region.col0 + brightest[1]
    assert laid.max() > 0
    assert found == pytest.approx(expected, abs=max(1.0, frame.scales[0]))


def test_a_constant_map_stays_constant_when_placed():
    laid, region = place(np.ones((64, 64)), CropFrame(10.2, 20.7, 33.3, 64))
    np.testing.assert_allclose(laid, 1, rtol=1e-5)
    assert laid.shape == (region.height, region.width)


def test_a_map_lies_on_the_pixels_its_window_covers():
    _, region = place(np.ones((8, 8)), CropFrame(9.5, 19.5, 10, 8))
    assert region == Region(10, 20, 20, 30)


def test_a_crop_of_a_smooth_micrograph_comes_back_where_it_was():
    frame = CropFrame(20.5, 30.5, 40, 64)
    laid, region = place(cut(RAMP, frame), frame)
    inner = laid[2:-2, 2:-2]
    truth = RAMP[region.row0 : region.row1, region.col0 : region.col1][2:-2, 2:-2]
    np.testing.assert_allclose(inner, truth, atol=100)  # a tenth of a pixel


@pytest.mark.parametrize("side", [1e-3, 0.4, 1.0])
def test_a_window_smaller_than_a_pixel_still_lies_on_one(side):
    laid, region = place(np.ones((8, 8)), CropFrame(5.0, 5.0, side, 8))
    assert region == Region(5, 5, 6, 6)
    np.testing.assert_allclose(laid, [[1]], rtol=1e-5)
