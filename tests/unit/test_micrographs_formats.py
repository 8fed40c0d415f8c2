"""Every kind of image file gives the grey levels that were recorded."""

import numpy as np
import pytest
import tifffile
from PIL import Image

from microcrystalnet.micrographs import reader

GREY = np.random.default_rng(0).integers(0, 256, (40, 60), dtype=np.uint8)
RGB = np.repeat(GREY[..., None], 3, axis=2)


def tiff(folder, pixels, **options):
    path = folder / "image.tif"
    tifffile.imwrite(path, pixels, **options)
    return path


@pytest.mark.parametrize(
    "dtype", ["uint8", "int8", "uint16", "int32", "uint32", "float32", "float64"]
)
@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_a_tiff_keeps_its_depth_in_either_byte_order(tmp_path, dtype, byteorder):
    pixels = GREY.astype(dtype)
    path = tiff(tmp_path, pixels, byteorder=byteorder)
    read = reader.read_pixels(path)
    assert read.dtype == np.dtype(dtype)
    assert read.dtype.isnative
    assert reader.describe(path).dtype == dtype
    np.testing.assert_array_equal(read, pixels)


@pytest.mark.parametrize("compression", [None, "lzw", "zlib", "packbits"])
def test_a_compressed_tiff_is_read(tmp_path, compression):
    path = tiff(tmp_path, GREY, compression=compression)
    np.testing.assert_array_equal(reader.read_pixels(path), GREY)


def test_a_big_tiff_is_read(tmp_path):
    np.testing.assert_array_equal(reader.read_pixels(tiff(tmp_path, GREY, bigtiff=True)), GREY)


def test_a_tiled_tiff_is_read(tmp_path):
    np.testing.assert_array_equal(reader.read_pixels(tiff(tmp_path, GREY, tile=(16, 32))), GREY)


@pytest.mark.parametrize("samples", [RGB, np.dstack([RGB, GREY])])
def test_equal_colours_are_one_grey_channel(tmp_path, samples):
    path = tiff(tmp_path, samples, photometric="rgb")
    np.testing.assert_array_equal(reader.read_pixels(path), GREY)


def test_colours_stored_as_planes_are_read(tmp_path):
    path = tiff(tmp_path, np.moveaxis(RGB, 2, 0), photometric="rgb", planarconfig="separate")
    np.testing.assert_array_equal(reader.read_pixels(path), GREY)


def test_unequal_colours_become_luminance(tmp_path):
    red = RGB * np.array([1, 0, 0], np.uint8)
    read = reader.read_pixels(tiff(tmp_path, red, photometric="rgb"))
    np.testing.assert_array_equal(read, np.rint(GREY * np.float32(0.299)).astype(np.uint8))


def test_alpha_beside_grey_is_ignored(tmp_path):
    path = tiff(tmp_path, np.dstack([GREY, GREY // 2]), photometric="minisblack", extrasamples=[2])
    np.testing.assert_array_equal(reader.read_pixels(path), GREY)


def test_where_zero_means_white_the_grey_levels_are_turned_round(tmp_path):
    path = tiff(tmp_path, GREY, photometric="miniswhite")
    np.testing.assert_array_equal(reader.read_pixels(path), 255 - GREY)


def test_one_bit_pixels_become_black_and_white(tmp_path):
    read = reader.read_pixels(tiff(tmp_path, GREY > 99, photometric="minisblack"))
    assert read.dtype == np.uint8
    np.testing.assert_array_equal(read, np.where(GREY > 99, 255, 0))


def test_not_a_number_survives_reading(tmp_path):
    pixels = GREY.astype(np.float32)
    pixels[3, 4], pixels[5, 6] = np.nan, np.inf
    np.testing.assert_array_equal(reader.read_pixels(tiff(tmp_path, pixels)), pixels)


def palette_of(levels):
    return np.stack([levels, levels, levels]).astype(np.uint16)


def test_a_grey_palette_with_unused_colours_gives_its_indices(tmp_path):
    palette = palette_of(np.arange(256) * 257)
    palette[:, 200] = 0, 65535, 0
    indices = np.minimum(GREY, 199)
    path = tiff(tmp_path, indices, photometric="palette", colormap=palette)
    np.testing.assert_array_equal(reader.read_pixels(path), indices)


def test_a_palette_that_runs_backwards_is_looked_up(tmp_path):
    palette = palette_of(np.arange(256)[::-1] * 257)
    path = tiff(tmp_path, GREY, photometric="palette", colormap=palette)
    np.testing.assert_array_equal(reader.read_pixels(path), 255 - GREY)


def test_a_palette_with_colours_in_use_becomes_luminance(tmp_path):
    palette = palette_of(np.arange(256) * 257)
    palette[:, 7] = 65535, 0, 0
    path = tiff(tmp_path, np.full((4, 4), 7, np.uint8), photometric="palette", colormap=palette)
    assert (reader.read_pixels(path) == 76).all()


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.tif", "a.jpg"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_common_formats_are_read(tmp_path, name, mode):
    path = tmp_path / name
    Image.fromarray(GREY).convert(mode).save(path, quality=95)
    read = reader.read_pixels(path)
    assert read.dtype == np.uint8
    assert abs(read.astype(int) - GREY).mean() < 3
    assert (reader.describe(path).height, reader.describe(path).width) == GREY.shape


def test_a_sixteen_bit_png_keeps_its_depth(tmp_path):
    pixels = GREY.astype(np.uint16) * 200
    Image.fromarray(pixels).save(tmp_path / "a.png")
    np.testing.assert_array_equal(reader.read_pixels(tmp_path / "a.png"), pixels)
    assert reader.describe(tmp_path / "a.png").dtype == "uint16"


def test_a_palette_png_is_read(tmp_path):
    Image.fromarray(GREY).convert("P").save(tmp_path / "a.png")
    np.testing.assert_array_equal(reader.read_pixels(tmp_path / "a.png"), GREY)


def test_the_content_decides_and_not_the_suffix(tmp_path):
    Image.fromarray(GREY).save(tmp_path / "a.png")
    disguised = (tmp_path / "a.png").rename(tmp_path / "a.tif")
    np.testing.assert_array_equal(reader.read_pixels(disguised), GREY)


def test_thumbnails_after_the_picture_do_not_count(tmp_path):
    path = tmp_path / "a.tif"
    with tifffile.TiffWriter(path) as writer:
        writer.write(GREY)
        writer.write(GREY[::4, ::4])
    np.testing.assert_array_equal(reader.read_pixels(path), GREY)


def test_the_same_bytes_are_the_same_micrograph(tmp_path):
    one, two = tmp_path / "one.tif", tmp_path / "two.tif"
    tifffile.imwrite(one, GREY)
    two.write_bytes(one.read_bytes())
    assert reader.describe(one).image_id == reader.describe(two).image_id
    assert len(reader.image_id(one)) == 20
