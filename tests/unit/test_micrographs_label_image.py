"""Label images of other programs."""

import numpy as np
import pytest
import tifffile
from PIL import Image

from microcrystalnet.errors import MaskError, UnreadableFileError
from microcrystalnet.micrographs.label_image import read_labels, read_masks

LABELS = np.zeros((20, 30), np.uint16)
LABELS[2:6, 2:6], LABELS[10:14, 20:25] = 3, 700


@pytest.fixture
def tiff(tmp_path):
    def write(pixels, **how):
        path = tmp_path / "labels.tif"
        tifffile.imwrite(path, pixels, **how)
        return path

    return write


@pytest.mark.parametrize("dtype", [np.uint16, np.uint32, np.int32, np.float32])
def test_a_label_tiff_gives_a_mask_per_number(tiff, dtype):
    masks = read_masks(tiff(LABELS.astype(dtype)), (20, 30))
    assert [mask.area for mask in masks] == [16, 20]


def test_a_16_bit_png_gives_a_mask_per_number(tmp_path):
    path = tmp_path / "labels.png"
    Image.fromarray(LABELS).save(path)
    assert [mask.area for mask in read_masks(path, (20, 30))] == [16, 20]


def test_the_indices_of_a_coloured_palette_are_the_numbers(tmp_path):
    path = tmp_path / "labels.png"
    numbers = np.searchsorted([0, 3, 700], LABELS).astype(np.uint8)
    image = Image.fromarray(numbers)
    image.putpalette([0, 0, 0, 255, 0, 0, 0, 255, 0])
    image.save(path)
    assert np.array_equal(read_labels(path), numbers)


def test_a_lookup_table_of_imagej_does_not_change_the_numbers(tiff):
    colours = np.zeros((3, 256), np.uint16)
    colours[:, 2:] = np.random.default_rng(0).integers(0, 65535, (3, 254))
    numbers = np.searchsorted([0, 3, 700], LABELS).astype(np.uint8)
    path = tiff(numbers, photometric="palette", colormap=colours)
    assert np.array_equal(read_labels(path), numbers)


def test_the_parts_of_a_yes_or_no_mask_are_crystals(tiff):
    masks = read_masks(tiff((LABELS > 0).astype(np.uint8) * 255), (20, 30))
    assert [mask.area for mask in masks] == [16, 20]


def test_a_colour_picture_is_refused(tmp_path):
    path = tmp_path / "overlay.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (9, 9, 3), np.uint8)).save(path)
    with pytest.raises(MaskError, match="colour picture"):
        read_labels(path)


def test_fractions_are_refused(tiff):
    with pytest.raises(MaskError, match="fractions"):
        read_labels(tiff(LABELS / 7))


def test_labels_of_another_micrograph_are_refused_with_both_sizes(tiff):
    with pytest.raises(MaskError, match=r"30 x 20 pixels but the micrograph 64 x 48"):
        read_masks(tiff(LABELS), (48, 64))


def test_an_empty_label_image_is_refused(tiff):
    with pytest.raises(MaskError, match="every pixel is 0"):
        read_masks(tiff(LABELS * 0), (20, 30))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UnreadableFileError):
        read_labels(tmp_path / "nowhere.tif")


@pytest.mark.parametrize(("dtype", "times"), [(np.uint8, 1), (np.uint16, 200)])
def test_the_grey_levels_of_a_micrograph_are_no_crystals(tiff, dtype, times):
    grey = (times * np.random.default_rng(0).normal(120, 20, (60, 60))).astype(dtype)
    with pytest.raises(MaskError, match="looks like a micrograph or a map of classes"):
        read_labels(tiff(grey))


def test_a_crystal_may_lie_in_pieces(tiff):
    cut = LABELS.copy()
    cut[4], cut[12] = 0, 0
    assert [mask.area for mask in read_masks(tiff(cut), (20, 30))] == [12, 15]
