from dataclasses import replace

import numpy as np
import pytest
import tifffile
from learning_material import SIZE, examples, square

from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.learning.dataset import CropRecipe, Example, cut_examples, read_crops
from microcrystalnet.learning.material import digest

RECIPE = CropRecipe(size=SIZE, stretch=False)


def test_crops_come_in_the_order_of_the_examples(tmp_path):
    found, _ = examples(tmp_path, count=6)
    crops = cut_examples(found, RECIPE)
    backwards = cut_examples(found[::-1], RECIPE)
    assert crops.shape == (6, SIZE, SIZE, 1)
    assert np.array_equal(crops, backwards[::-1])


def test_each_micrograph_is_read_once(tmp_path):
    found, _ = examples(tmp_path, count=6)
    messages = []
    cut_examples(found, RECIPE, lambda progress: messages.append(progress.message))
    assert messages == [
        "Cutting crystals from i0.tif",
        "Cutting crystals from i1.tif",
        "Cutting crystals from i2.tif",
        "Crystals cut",
    ]


def test_a_crop_of_the_crystals_own_size_shows_its_pixels(tmp_path):
    found, _ = examples(tmp_path, count=2, micrographs=1)
    strip = tifffile.imread(found[1].image_path)
    crop = cut_examples(found[1:], RECIPE)[0, :, :, 0]
    assert crop == pytest.approx(strip[:, SIZE : 2 * SIZE] / 255, abs=1e-6)


def test_what_is_not_the_crystal_can_be_blackened(tmp_path):
    found, _ = examples(tmp_path, count=1, micrographs=1)
    corner = replace(found[0], mask=Mask.from_pixels(np.tri(SIZE, dtype=bool)))
    crop = cut_examples([corner], replace(RECIPE, masked=True))[0, :, :, 0]
    assert not crop[0, SIZE - 1]
    assert crop[SIZE - 1, 0]


def test_a_crystal_of_three_pixels_is_enlarged(tmp_path):
    found, _ = examples(tmp_path, count=1, micrographs=1)
    tiny = replace(found[0], mask=Mask.from_pixels(np.ones((1, 3), bool), 4, 4))
    assert np.isfinite(cut_examples([tiny], RECIPE)).all()


def test_pixels_that_are_no_number_never_reach_the_network(tmp_path):
    pixels = np.full((SIZE, SIZE), np.nan, np.float32)
    pixels[0, :2] = 1, 2
    tifffile.imwrite(tmp_path / "nan.tif", pixels)
    found, _ = examples(tmp_path, count=1, micrographs=1)
    crops = cut_examples([replace(found[0], image_path=tmp_path / "nan.tif")], CropRecipe())
    assert np.isfinite(crops).all()


def test_a_missing_micrograph_is_named(tmp_path):
    found, _ = examples(tmp_path, count=1, micrographs=1)
    with pytest.raises(UnreadableFileError, match=r"gone\.tif"):
        cut_examples([replace(found[0], image_path=tmp_path / "gone.tif")], RECIPE)


def test_a_crop_file_keeps_its_proportions(tmp_path):
    tifffile.imwrite(tmp_path / "wide.tif", np.full((10, 20), 255, np.uint8))
    crop = read_crops([tmp_path / "wide.tif"], RECIPE)[0, :, :, 0]
    assert crop[SIZE // 2].min() > 0.8
    assert crop[0].max() == 0


def test_a_crop_file_can_be_squashed_as_the_source_team_did(tmp_path):
    pixels = np.arange(8, dtype=np.uint8).reshape(2, 4)
    tifffile.imwrite(tmp_path / "small.tif", pixels)
    recipe = CropRecipe(size=8, order=0, stretch=False, squash=True)
    crop = read_crops([tmp_path / "small.tif"], recipe)[0, :, :, 0] * 255
    assert crop == pytest.approx(np.kron(pixels, np.ones((4, 2))))


def test_sixteen_bits_are_divided_by_their_own_maximum(tmp_path):
    tifffile.imwrite(tmp_path / "deep.tif", np.full((8, 8), 65535, np.uint16))
    assert read_crops([tmp_path / "deep.tif"], RECIPE).max() == 1


def test_the_digest_changes_with_a_label_and_with_a_mask(tmp_path):
    found, labels = examples(tmp_path, count=2, micrographs=1)
    moved = [replace(found[0], mask=square(1)), found[1]]
    digests = {
        digest(found, labels),
        digest(found, labels[::-1]),
        digest(moved, labels),
    }
    assert len(digests) == 3


def test_the_digest_does_not_depend_on_the_order(tmp_path):
    found, labels = examples(tmp_path, count=2, micrographs=1)
    assert digest(found, labels) == digest(found[::-1], labels[::-1])


def test_a_crop_file_of_three_pixels_is_refused(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", np.ones((3, 3), np.uint8))
    with pytest.raises(UnreadableFileError, match=r"a\.tif is a crop of 3 x 3 pixels"):
        read_crops([tmp_path / "a.tif"], RECIPE)


def test_the_size_of_a_crystal_is_known_where_the_scale_is(tmp_path):
    found, _ = examples(tmp_path, count=2)
    scaled = replace(found[0], pixel_size_um=0.01)
    assert (scaled.side, scaled.side_um) == (SIZE, SIZE * 0.01)
    assert scaled.area_um2 == pytest.approx(SIZE**2 * 1e-4)
    assert found[0].side_um is found[0].area_um2 is None


def test_a_crystal_is_squashed_on_its_micrograph_as_its_crop_file_is(tmp_path):
    grey = np.random.default_rng(0).integers(0, 255, (40, 50), np.uint8)
    tifffile.imwrite(tmp_path / "whole.tif", grey)
    tifffile.imwrite(tmp_path / "crop.tif", grey[5:15, 8:38])
    recipe = CropRecipe(size=16, masked=False, order=0, stretch=False, squash=True)
    mask = Mask.from_pixels(np.ones((10, 30), bool), 5, 8)
    crystal = Example("c", "i", tmp_path / "whole.tif", mask)
    assert np.array_equal(
        cut_examples([crystal], recipe), read_crops([tmp_path / "crop.tif"], recipe)
    )
