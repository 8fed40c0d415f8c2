import numpy as np

from microcrystalnet.segmentation.neural.grey_pyramid import GreyPyramid, Window, halve


def ramp(height=128, width=160):
    return np.add.outer(np.arange(height), np.arange(width)).astype(np.uint8)


def test_a_window_of_step_one_holds_the_micrographs_own_pixels():
    pyramid = GreyPyramid.of(ramp())
    crop = pyramid.cut(Window(row=40.5, col=60.5, step=1.0, size=32))
    np.testing.assert_allclose(crop, pyramid.standard(0)[25:57, 45:77], atol=1e-5)


def test_what_lies_outside_the_micrograph_is_the_mean_grey():
    crop = GreyPyramid.of(ramp()).cut(Window(row=0, col=0, step=1.0, size=64))
    assert not crop[:31].any()


def test_a_coarse_window_keeps_the_place_of_things():
    pyramid = GreyPyramid.of(ramp())
    crop = pyramid.cut(Window(row=64, col=64, step=2.0, size=33))
    assert abs(crop[16, 16] - pyramid.standard(0)[64, 64]) < 0.05


def test_a_place_goes_into_a_window_and_back():
    window = Window(row=10.0, col=20.0, step=0.5, size=160)
    row, col = window.to_crop(12.0, 18.0)
    assert (window.row0 + row * 0.5, window.col0 + col * 0.5) == (12.0, 18.0)


def test_an_image_of_one_grey_value_stays_finite():
    assert np.isfinite(GreyPyramid.of(np.full((64, 64), 7, np.uint8)).standard(0)).all()


def test_halving_averages_four_pixels():
    assert halve(np.array([[1, 3, 9], [5, 7, 9]], np.uint8)).tolist() == [[4]]
