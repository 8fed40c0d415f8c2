"""The picture of one crystal: constant scale, exact outline."""

import numpy as np
import pytest

from napari_mcn.panels.crop_picture import CropPicture, CropView, outline_edges


def black(height, width, outline=None):
    return CropView(np.zeros((height, width), np.uint8), "Crystal 1 of 1", None, outline)


@pytest.fixture
def picture(qtbot):
    """A picture of 300 x 200 screen pixels."""
    picture = CropPicture()
    qtbot.addWidget(picture)
    picture.resize(300, 200)
    return picture


def test_one_pixel_has_four_edges():
    mask = np.zeros((3, 3), bool)
    mask[1, 1] = True
    ends = {(e.x1(), e.y1(), e.x2(), e.y2()) for e in outline_edges(mask)}
    assert ends == {(1, 1, 2, 1), (1, 2, 2, 2), (1, 1, 1, 2), (2, 1, 2, 2)}


def test_an_outline_at_the_border_of_the_crop_is_closed():
    assert len(outline_edges(np.ones((2, 3), bool))) == 4


def test_an_empty_mask_has_no_outline():
    assert outline_edges(np.zeros((4, 4), bool)) == []


def test_crystals_of_different_size_are_drawn_at_one_scale(picture):
    picture.set_crop(black(20, 20))
    small = picture.zoom
    picture.set_crop(black(90, 140))
    assert picture.zoom == small


def test_a_crop_that_would_not_fit_is_shrunk_whole(picture):
    picture.set_crop(black(400, 300))
    assert picture.zoom == 0.5


def test_the_outline_lies_on_the_edge_of_the_crystal(picture):
    mask = np.zeros((100, 150), bool)
    mask[:, 75:] = True
    picture.set_crop(black(100, 150, mask), "#ff0000")
    painted = picture.grab().toImage()
    assert painted.pixelColor(150, 100).red() > 200
    assert painted.pixelColor(140, 100).red() == 0


def test_the_pixels_are_drawn_as_they_are(picture):
    picture.set_crop(CropView(np.full((100, 150), 77, np.uint8), "", None, None))
    assert picture.grab().toImage().pixelColor(150, 100).getRgb()[:3] == (77, 77, 77)


def test_no_crystal_leaves_a_hint_instead_of_a_black_hole(picture):
    picture.set_crop(None)
    assert picture.grab().toImage().pixelColor(5, 5).name() != "#000000"
