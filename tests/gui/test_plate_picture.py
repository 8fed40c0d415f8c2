"""The small picture of a crystal: which one is meant, and what is around it."""

from unittest.mock import Mock

import numpy as np
import pytest
import tifffile
from window_material import square

from microcrystalnet.domain.crystal import Crystal, MaskSource
from napari_mcn import crop_supply
from napari_mcn.crop_supply import LARGEST, CropSupply, shrunk
from napari_mcn.plate_picture import AROUND, OUTLINE, plate_picture

PIXELS = np.full((60, 80), 100, np.uint8)
ROW, COL, SIDE = 20, 30, 10


@pytest.fixture
def picture():
    """A square crystal of 10 pixels in the middle of 48, whose first pixel is at (19, 19)."""
    return plate_picture(square(ROW, COL, SIDE), PIXELS, 48)


def test_a_line_runs_around_the_crystal_that_is_meant(picture):
    yellow = np.all(picture == OUTLINE, axis=2)
    assert yellow[18, 19:29].all() and yellow[29, 19:29].all()
    assert yellow[19:29, 18].all() and yellow[19:29, 29].all()
    assert yellow.sum() == 4 * SIDE


def test_the_crystal_keeps_its_grey_values_and_the_rest_is_dimmed(picture):
    assert (picture[19:29, 19:29] == 100).all()
    assert (picture[:17] == round(100 * AROUND)).all()


def test_outside_the_micrograph_nothing_is_shown():
    corner = plate_picture(square(0, 0, SIDE), PIXELS, 48)
    assert (corner[:18] == 0).all()


def test_the_line_is_thicker_where_the_picture_is_shown_smaller():
    large = plate_picture(square(ROW, COL, SIDE), PIXELS, 140)
    assert np.all(large == OUTLINE, axis=2).sum() > 2 * 4 * SIDE


def test_a_large_picture_is_kept_smaller():
    assert shrunk(np.zeros((300, 300, 3), np.uint8)).shape == (100, 100, 3)
    assert LARGEST < 300


def test_of_too_many_pictures_the_oldest_go_and_are_cut_again_when_looked_at(
    tmp_path, qtbot, monkeypatch
):
    path, mask = tmp_path / "grey.tif", square(ROW, COL, SIDE)
    crystals = [Crystal(each, "image", mask, MaskSource.AUTO) for each in ("a", "b")]
    tifffile.imwrite(path, PIXELS)
    monkeypatch.setattr(crop_supply, "MOST_BYTES", 48 * 48 * 3)
    supply = CropSupply(Mock())
    supply.begin(crystals, {"image": path})
    qtbot.waitUntil(lambda: supply.picture("b") is not None)
    kept = dict(supply._cut)
    qtbot.waitUntil(lambda: supply.picture("a") is not None)
    supply.close()
    assert (set(kept), set(supply._cut)) == ({"b"}, {"a"})
