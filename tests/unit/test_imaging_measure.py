"""Sizes agree with geometry on shapes whose size is known."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as arrays
from scipy.spatial.distance import pdist
from skimage.measure import perimeter_crofton

from benchmarks.measuring_bias import SHAPES, errors
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import PixelSize, Region
from microcrystalnet.errors import MaskError
from microcrystalnet.imaging.hull import callipers
from microcrystalnet.imaging.measure import in_micrometres, measure
from microcrystalnet.imaging.occlusion import covered_shares
from microcrystalnet.imaging.perimeter import FOUR, crofton_perimeter

IMAGE = Region(0, 0, 400, 400)


def disc(diameter, row=200, col=200):
    rows, cols = np.mgrid[:400, :400]
    return Mask.from_pixels((rows - row) ** 2 + (cols - col) ** 2 <= (diameter / 2) ** 2)


def square(side, row=100, col=100):
    return Mask.from_pixels(np.ones((side, side)), row, col)


def measured(mask):
    return measure(mask, None, IMAGE)


@pytest.mark.parametrize("diameter", [24, 60, 200])
def test_a_disc_is_as_long_as_it_is_wide(diameter):
    found = measured(disc(diameter))
    expected = pytest.approx(diameter, abs=1)
    assert found.equivalent_diameter_px == expected
    assert (found.feret_max_px, found.feret_min_px) == (expected, expected)
    assert (found.major_axis_px, found.minor_axis_px) == (expected, expected)


@pytest.mark.parametrize("diameter", [26, 60, 200])
def test_a_disc_is_round_at_every_size(diameter):
    assert measured(disc(diameter)).circularity == pytest.approx(1, abs=0.05)


def test_the_longest_line_of_a_square_is_its_diagonal_and_its_ellipse_is_shorter():
    found = measured(square(100))
    assert found.feret_max_px == pytest.approx(141.4, abs=1)
    assert found.feret_min_px == pytest.approx(100)
    assert found.major_axis_px == pytest.approx(115.5, abs=0.1)


def test_a_turned_bar_keeps_its_length_and_width():
    rows, cols = np.mgrid[:400, :400] - 200
    along, across = (rows + cols) / math.sqrt(2), (rows - cols) / math.sqrt(2)
    found = measured(Mask.from_pixels((abs(along) <= 100) & (abs(across) <= 15)))
    assert found.feret_min_px == pytest.approx(30, abs=1)
    assert found.feret_max_px == pytest.approx(math.hypot(200, 30), abs=1)


@given(arrays.arrays(bool, (9, 11)).filter(np.any))
def test_the_feret_maximum_is_the_greatest_distance_between_outline_points(pixels):
    centres = np.argwhere(pixels).astype(float)
    points = np.concatenate([centres + step for step in [(0, 0.5), (0, -0.5), (0.5, 0), (-0.5, 0)]])
    assert callipers(pixels).feret_max == pytest.approx(pdist(points).max())


@given(arrays.arrays(bool, (9, 11)).filter(np.any))
def test_no_direction_is_narrower_than_the_feret_minimum(pixels):
    centres = np.argwhere(pixels).astype(float)
    points = np.concatenate([centres + step for step in [(0, 0.5), (0, -0.5), (0.5, 0), (-0.5, 0)]])
    angles = np.linspace(0, math.pi, 721)
    widths = np.ptp(points @ np.array([np.cos(angles), np.sin(angles)]), axis=0)
    assert callipers(pixels).feret_min <= widths.min() + 1e-9
    assert callipers(pixels).feret_min == pytest.approx(widths.min(), abs=0.06)


@given(arrays.arrays(bool, (9, 11)))
def test_the_perimeter_agrees_with_an_independent_package(pixels):
    assert crofton_perimeter(pixels, directions=FOUR) == pytest.approx(perimeter_crofton(pixels, 4))


def test_circularity_of_a_small_crystal_is_hidden():
    assert measured(disc(20)).circularity is None


@pytest.mark.parametrize(("diameter", "reliable"), [(40, False), (60, True)])
def test_a_crystal_under_fifty_pixels_is_flagged(diameter, reliable):
    assert measured(disc(diameter)).reliable is reliable


def test_a_dented_crystal_is_less_solid_than_a_whole_one():
    dented = np.ones((60, 60), bool)
    dented[20:40, 20:] = False
    assert measured(Mask.from_pixels(dented)).solidity < 0.85
    assert measured(square(60)).solidity == 1


def test_one_pixel_is_a_crystal_too():
    found = measured(square(1))
    assert (found.area_px, found.circularity, found.solidity) == (1, None, 1)


def test_the_mean_grey_is_that_of_the_recorded_pixels():
    pixels = np.zeros((400, 400))
    pixels[100:110, 100:105] = 8
    pixels[100, 100] = np.nan
    assert measure(square(10), pixels, IMAGE).mean_grey == pytest.approx(8 * 49 / 99)


def test_a_mask_of_another_micrograph_is_refused():
    with pytest.raises(MaskError, match="another micrograph"):
        measure(square(10), np.zeros((50, 50)), IMAGE)


@pytest.mark.parametrize(
    ("mask", "touches"),
    [(square(9, 0, 50), True), (square(9, 50, 391), True), (square(9, 1, 1), False)],
)
def test_a_crystal_at_the_border_is_flagged(mask, touches):
    assert measured(mask).touches_edge is touches


def test_the_databar_is_a_border():
    assert measure(square(9, 91, 50), None, Region(0, 0, 100, 400)).touches_edge


def test_lengths_scale_with_the_pixel_and_areas_with_its_square():
    sizes = in_micrometres(square(100), measured(square(100)), PixelSize.square(50))
    assert sizes.area_um2 == pytest.approx(25)
    assert sizes.feret_min_um == pytest.approx(5)


def squeezed(radius):
    """Draw a disc whose pixels are twice as wide as they are high."""
    rows, cols = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    return Mask.from_pixels(rows**2 + (2 * cols) ** 2 <= radius**2)


def test_a_disc_of_oblong_pixels_has_the_lengths_of_a_disc():
    mask, oblong = squeezed(100), PixelSize(0.1, 0.2)
    sizes = in_micrometres(mask, measured(mask), oblong)
    lengths = (sizes.feret_max_um, sizes.feret_min_um, sizes.major_axis_um, sizes.minor_axis_um)
    assert lengths == pytest.approx((20, 20, 20, 20), rel=0.02)


def test_a_disc_of_oblong_pixels_has_the_area_of_a_disc():
    mask = squeezed(100)
    sizes = in_micrometres(mask, measured(mask), PixelSize(0.1, 0.2))
    assert sizes.area_um2 == pytest.approx(math.pi * 100, rel=0.01)


def test_a_disc_of_oblong_pixels_is_round():
    round_ = measure(squeezed(100), None, IMAGE, PixelSize(0.1, 0.2)).circularity
    assert round_ == pytest.approx(1, rel=0.02)


def bar(angle):
    """Draw a bar of 120 by 30 pixels, turned counter-clockwise as one sees it."""
    rows, cols = np.mgrid[:400, :400] - 200
    turn = math.radians(angle)
    along = cols * math.cos(turn) - rows * math.sin(turn)
    across = cols * math.sin(turn) + rows * math.cos(turn)
    return Mask.from_pixels((abs(along) <= 60.3) & (abs(across) <= 15.3))


@pytest.mark.parametrize("angle", [0, 30, 90, 135])
def test_the_orientation_is_counted_counter_clockwise_from_the_rows(angle):
    assert measured(bar(angle)).orientation_deg == pytest.approx(angle, abs=0.5)


def test_a_square_has_no_orientation():
    assert measured(square(30)).orientation_deg is None


def test_a_bar_four_times_as_long_as_wide_has_an_aspect_ratio_of_four():
    assert measured(bar(20)).aspect_ratio == pytest.approx(4, rel=0.03)


def test_roundness_is_one_for_a_disc_and_a_quarter_of_it_for_an_ellipse_of_four_to_one():
    rows, cols = np.mgrid[:400, :400] - 200
    flat = Mask.from_pixels(np.hypot(cols / 4, rows) <= 30)
    assert measured(disc(100)).roundness == pytest.approx(1, abs=0.01)
    assert measured(flat).roundness == pytest.approx(0.25, abs=0.01)


def test_on_oblong_pixels_a_disc_has_no_long_side():
    assert measure(squeezed(100), None, IMAGE, PixelSize(0.1, 0.2)).aspect_ratio == pytest.approx(
        1, abs=0.01
    )


def test_a_needle_of_single_pixels_is_measured_too():
    found = measured(Mask.from_pixels(np.eye(40, dtype=bool)))
    assert found.feret_max_px == pytest.approx(math.hypot(40, 40), abs=1)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("length", [24, 50, 200])
def test_sizes_and_circularity_are_within_two_percent_of_geometry(shape, length):
    mean = np.nan_to_num(errors(shape, length, 25)).mean(axis=0)
    assert abs(mean).max() < 2


def test_what_lies_in_front_covers_what_lies_behind():
    behind, front = square(20, 0, 0), square(20, 0, 15)
    assert list(covered_shares([behind, front], [0, 0])) == [0.25, 0]
    assert list(covered_shares([behind, front], [1, 0])) == [0, 0.25]


def test_two_crystals_in_front_do_not_count_twice():
    masks = [square(20, 0, 0), square(20, 0, 10), square(20, 0, 10)]
    assert covered_shares(masks, [0, 0, 0])[0] == 0.5


def test_no_crystals_cover_nothing():
    assert covered_shares([], []).size == 0
