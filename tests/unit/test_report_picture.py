"""The picture of a micrograph: outlines where the crystals are, and a round scale bar."""

import io

import numpy as np
import pytest
from PIL import Image

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph, PixelSize, Region
from microcrystalnet.report.picture import Outline, annotate, contours
from microcrystalnet.report.scale_bar import bar_length_um, length_text

MASK = Mask.from_pixels(np.ones((40, 60)), 100, 200)
DARK = np.full((450, 600), 40, np.uint16)


TEN_NM = PixelSize(0.01, 0.01)


def micrograph(pixel_size=TEN_NM, height=400):
    return Micrograph(
        "i", "a.tif", 450, 600, "uint16", Region(0, 0, height, 600), pixel_size=pixel_size
    )


def drawn(outlines, pixels=DARK, **options):
    file = io.BytesIO(annotate(pixels, micrograph(**options), outlines))
    return np.asarray(Image.open(file)).astype(int)


def test_the_databar_is_not_shown():
    height, width, _ = drawn([]).shape
    assert height / width == pytest.approx(400 / 600, abs=0.01)


def test_pixels_that_are_not_square_are_shown_as_they_are():
    height, width, _ = drawn([], pixel_size=PixelSize(0.02, 0.01)).shape
    assert height / width == pytest.approx(2 * 400 / 600, abs=0.01)


def test_an_outline_lies_on_the_crystals_edge():
    red = drawn([Outline(MASK, "#ff0000")])
    rows, cols = np.nonzero((red[..., 0] > 200) & (red[..., 1] < 90))
    zoom = red.shape[1] / 600
    assert rows.min() / zoom == pytest.approx(100, abs=2)
    assert rows.max() / zoom == pytest.approx(140, abs=2)
    assert cols.min() / zoom == pytest.approx(200, abs=2)
    assert cols.max() / zoom == pytest.approx(260, abs=2)


def test_a_contradicted_crystal_has_a_teal_box():
    teal = drawn([Outline(MASK, "#ff0000", boxed=True)])
    assert ((teal[..., 0] < 80) & (teal[..., 1] > 150) & (teal[..., 2] > 150)).any()


def test_a_calibrated_micrograph_has_a_white_bar_of_the_right_length():
    image = drawn([])
    longest = max((row.min(axis=1) > 230).sum() for row in image[-40:])
    length_um = longest / image.shape[1] * 600 * 0.01
    assert length_um == pytest.approx(1, abs=0.05)


def test_without_a_scale_there_is_no_bar():
    assert (drawn([], pixel_size=None).min(axis=2) > 230).sum() == 0


def test_not_a_number_does_not_stop_the_picture():
    pixels = np.full((450, 600), np.nan, np.float32)
    assert drawn([], pixels).shape[2] == 3


@pytest.mark.parametrize(
    ("width", "bar"), [(6, 1), (20.5, 5), (0.9, 0.2), (41, 10), (8.1, 2), (1e4, 2000)]
)
def test_the_bar_has_a_round_length_of_at_most_a_quarter(width, bar):
    assert bar_length_um(width) == pytest.approx(bar)


@pytest.mark.parametrize(
    ("length", "text"), [(0.2, "200 nm"), (2, "2 µm"), (500, "500 µm"), (2000, "2 mm")]
)
def test_lengths_are_written_as_people_would(length, text):
    assert length_text(length) == text


def test_a_crystal_with_a_hole_has_two_contours():
    ring = np.ones((9, 9), bool)
    ring[3:6, 3:6] = False
    assert len(contours(Mask.from_pixels(ring))) == 2
