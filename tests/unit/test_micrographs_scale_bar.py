"""A line drawn roughly along the burnt-in scale bar gives the bar, to a part of a pixel."""

import math

import numpy as np
import pytest

from microcrystalnet.errors import ScaleBarError
from microcrystalnet.micrographs.scale_bar import find_bar
from microcrystalnet.synth.databar import Conditions, ScaleBar, databar

BAR = ScaleBar.fit(1280, 10)  # 200 pixels for 2 um
STRIP = databar(1280, 96, BAR, Conditions())
RIGHT, MIDDLE = 1280 - round(96 * 0.4), round(96 * 0.72)
LEFT = RIGHT - BAR.pixels + 1
GRAIN = np.random.default_rng(3).normal(100, 20, (300, 600)).clip(0, 230)


def drawn(pixels, off=0, rows=0):
    """Draw a line along the bar of the strip, so many pixels off."""
    return find_bar(pixels, (MIDDLE + rows, LEFT + off), (MIDDLE + 2 + rows, RIGHT - off))


@pytest.mark.parametrize("off", [-25, -6, 0, 6, 25])
@pytest.mark.parametrize("rows", [-5, 0, 8])
def test_the_bar_is_found_however_roughly_it_was_drawn(off, rows):
    found = drawn(STRIP, off, rows)
    assert found.snapped
    assert found.length_px == pytest.approx(BAR.pixels, abs=0.01)


def test_the_bar_gives_the_pixel_size():
    size = drawn(STRIP, 6).pixel_size(BAR.length_nm / 1000)
    assert size.nm == pytest.approx(BAR.pixel_size.nm, rel=1e-6)


def test_a_line_drawn_from_right_to_left_is_as_good():
    found = find_bar(STRIP, (MIDDLE, RIGHT), (MIDDLE, LEFT))
    assert found.length_px == pytest.approx(BAR.pixels, abs=0.01)


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_a_dark_bar_on_a_light_strip_is_found_in_every_depth(dtype):
    pixels = (255 - STRIP).astype(dtype) * 100
    assert drawn(pixels, 6).length_px == pytest.approx(BAR.pixels, abs=0.01)


def test_ends_between_pixels_are_found():
    pixels = np.zeros((40, 200))
    pixels[18:22, 50:120] = 200
    pixels[18:22, 49], pixels[18:22, 120] = 50, 150  # a quarter and three quarters covered
    found = find_bar(pixels, (20, 45), (20, 125))
    assert found.length_px == pytest.approx(71)
    assert found.begin == pytest.approx(49.25)


def test_a_bar_over_the_picture_itself_is_found():
    pixels = GRAIN.copy()
    pixels[250:256, 300:500] = 255
    found = find_bar(pixels, (252, 310), (253, 490))
    assert found.length_px == pytest.approx(200, abs=1)


def test_the_uncertainty_is_that_of_two_ends_known_to_the_pixel():
    found = drawn(STRIP)
    assert found.uncertainty == pytest.approx(math.sqrt(2 / 12) / BAR.pixels)


def test_without_a_bar_the_line_counts_as_drawn_and_is_less_certain():
    found = find_bar(np.zeros((100, 400)), (50, 100), (50, 300))
    assert (found.snapped, found.length_px) == (False, 200)
    assert found.uncertainty > drawn(STRIP).uncertainty


@pytest.mark.parametrize(("start", "end"), [((5, 5), (5, 9)), ((0, 0), (90, 99)), ((5, 5), (5, 5))])
def test_a_line_that_cannot_be_a_scale_bar_is_refused(start, end):
    with pytest.raises(ScaleBarError, match="along it"):
        find_bar(STRIP, start, end)


@pytest.mark.parametrize("length", [0, -2, math.nan, math.inf])
def test_a_bar_stands_for_a_positive_length(length):
    with pytest.raises(ScaleBarError, match="type the length"):
        drawn(STRIP).pixel_size(length)


def test_a_line_beside_the_picture_is_left_as_it_was_drawn():
    assert not find_bar(STRIP, (900, 100), (900, 300)).snapped


def test_pixels_that_are_not_numbers_do_no_harm():
    pixels = STRIP.astype(float)
    pixels[:, :100] = np.nan
    assert drawn(pixels).snapped


@pytest.mark.parametrize("off", [-25, 0, 25])
def test_an_upright_bar_is_found_as_well(off):
    found = find_bar(STRIP.T, (LEFT + off, MIDDLE - 3), (RIGHT - off, MIDDLE + 4))
    assert (found.snapped, found.upright) == (True, True)
    assert found.length_px == pytest.approx(BAR.pixels, abs=0.01)


def test_the_ends_of_an_upright_bar_lie_above_each_other():
    pixels = np.zeros((200, 40))
    pixels[50:120, 18:22] = 200
    found = find_bar(pixels, (125, 20), (45, 21))
    np.testing.assert_allclose(found.ends, [(49.5, 19.5), (119.5, 19.5)])


@pytest.mark.parametrize("end", [(60, 60), (40, 30), (12, 14)])
def test_a_line_that_is_neither_level_nor_upright_is_refused(end):
    with pytest.raises(ScaleBarError, match=r"pixels wide and \d+ high"):
        find_bar(STRIP, (10, 10), end)
