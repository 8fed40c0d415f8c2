"""The maps of many crystals on one micrograph, and what is cut where micrographs end."""

from dataclasses import replace

import numpy as np
import pytest
import tifffile

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.explain.crop_shelf import CropShelf
from microcrystalnet.explain.explanation import Explanation
from microcrystalnet.explain.mosaic import blank, clip, lay, mosaic
from microcrystalnet.imaging.crops import CropFrame
from microcrystalnet.learning.dataset import CropRecipe, Example, cut_examples

CODES = ("RES", "PES", "AA", "SA")


def square(row, col, side=10):
    return Mask.from_pixels(np.ones((side, side)), row, col)


def piece(mask, values):
    frame = CropFrame.around(mask.region, 64)
    maps = np.full((64, 64), values, np.float32)
    return Explanation("c", "m", "RES", CODES, (1, 0, 0, 0), frame, maps), mask


def test_where_no_crystal_lies_there_is_no_number():
    sheet = mosaic(40, 50, [piece(square(5, 5), 2.0)])
    assert np.isnan(sheet).sum() == 40 * 50 - 100


def test_a_map_lies_exactly_on_its_crystal():
    sheet = mosaic(40, 50, [piece(square(5, 7), 2.0)])
    assert sheet[5:15, 7:17] == pytest.approx(2.0)


def test_neighbours_keep_their_own_pixels():
    sheet = mosaic(40, 50, [piece(square(5, 5), 1.0), piece(square(5, 15), 3.0)])
    assert (sheet[8, 14], sheet[8, 15]) == pytest.approx((1.0, 3.0))


def test_each_crystal_may_have_a_scale_of_its_own():
    pieces = [piece(square(5, 5), 1.0), piece(square(20, 20), 300.0)]
    sheet = mosaic(40, 50, pieces, own_scale=True)
    assert (sheet[8, 8], sheet[25, 25]) == pytest.approx((1.0, 1.0))


def test_a_crystal_at_the_edge_is_laid_as_far_as_the_micrograph_goes():
    sheet = blank(40, 50)
    frame = CropFrame.around(square(0, 44, 6).region, 64, margin=1.0)
    lay(sheet, np.ones((64, 64), np.float32), frame)
    assert np.isfinite(sheet).sum() == 12 * 12


def test_a_map_that_lies_beside_the_micrograph_changes_nothing():
    sheet = blank(40, 50)
    lay(sheet, np.ones((64, 64), np.float32), CropFrame(100.0, 100.0, 10.0, 64))
    assert np.isnan(sheet).all()


def test_a_crystal_larger_than_the_crop_is_laid_on_all_its_pixels():
    sheet = mosaic(200, 220, [piece(square(10, 20, 150), 4.0)])
    assert sheet[10:160, 20:170] == pytest.approx(4.0)


def test_a_crystal_is_as_strong_as_its_own_strongest_pixel():
    explanation, mask = piece(square(5, 5), 1.0)
    wide = CropFrame.around(mask.region, 64, margin=0.5)
    explanation.values[:4] = 100.0  # beyond the crystal
    sheet = mosaic(40, 50, [(replace(explanation, frame=wide), mask)], own_scale=True)
    assert sheet[8, 8] == pytest.approx(1.0)


ONES = np.ones((64, 64), np.float32)


def test_a_crop_s_map_ends_where_its_crystal_ends():
    mask = square(10, 10, 16)
    frame = CropFrame.around(mask.region, 64, margin=0.5)
    clipped = clip(ONES, frame, Region(0, 0, 40, 50), mask)
    assert np.isfinite(clipped[16:48, 16:48]).all()
    assert np.isfinite(clipped).sum() == 32 * 32


def test_a_crop_s_map_ends_where_the_analysis_region_ends():
    frame = CropFrame(-0.5, -0.5, 64, 64)
    clipped = clip(ONES, frame, Region(0, 0, 40, 50))
    assert np.isfinite(clipped).sum() == 40 * 50
    assert np.isfinite(clipped[:40, :50]).all()


def test_a_clipped_map_leaves_the_method_s_own_values_alone():
    values = ONES.copy()
    clip(values, CropFrame(-10, -10, 64, 64), Region(0, 0, 40, 50))
    assert np.isfinite(values).all()


@pytest.fixture
def micrograph(tmp_path):
    path = tmp_path / "chalk.tif"
    tifffile.imwrite(path, np.random.default_rng(0).integers(0, 255, (60, 80), np.uint8))
    return path


@pytest.mark.parametrize("mask", [square(0, 0), square(50, 70), square(0, 0, 60)])
def test_the_shelf_cuts_what_prediction_cuts(micrograph, mask):
    examples = [Example("c", "i", micrograph, mask)]
    recipe = CropRecipe(size=32, margin=0.2)
    assert np.array_equal(CropShelf().cut(examples, recipe), cut_examples(examples, recipe))


def test_a_micrograph_on_the_shelf_is_not_read_again(micrograph):
    shelf, examples = CropShelf(), [Example("c", "i", micrograph, square(5, 5))]
    before = shelf.cut(examples, CropRecipe())
    micrograph.unlink()
    assert np.array_equal(shelf.cut(examples, CropRecipe()), before)


def test_the_shelf_keeps_the_order_asked_for(micrograph, tmp_path):
    other = tmp_path / "another.tif"
    tifffile.imwrite(other, np.full((60, 80), 9, np.uint8))
    first = Example("c", "i", micrograph, square(5, 5))
    second = Example("d", "j", other, square(5, 5))
    crops = CropShelf().cut([first, second], CropRecipe(stretch=False))
    assert (crops[0].max() > 0.5, crops[1].max() < 0.05) == (True, True)
