"""A file that cannot be read is refused in one plain sentence, and never opens half black."""

import errno
import logging
import os

import numpy as np
import pytest
import tifffile
from lost_share import lost
from PIL import Image

from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.micrographs import limits, reader

GREY = np.random.default_rng(0).integers(0, 256, (512, 512), dtype=np.uint8)


def refusal(path, open_file=reader.describe):
    with pytest.raises(UnreadableFileError) as caught:
        open_file(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def cut(path, keep):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    return path


def test_a_missing_file(tmp_path):
    assert "There is no file" in refusal(tmp_path / "none.tif")


def test_a_folder(tmp_path):
    assert "is a folder" in refusal(tmp_path)


def test_an_empty_file(tmp_path):
    (tmp_path / "a.tif").touch()
    assert "a.tif is empty" in refusal(tmp_path / "a.tif")


def test_a_text_file_named_tif(tmp_path):
    (tmp_path / "a.tif").write_text("Label No.,Class\n1,1\n")
    assert "a.tif holds text, not an image" in refusal(tmp_path / "a.tif")


def test_an_unknown_format(tmp_path):
    (tmp_path / "a.tif").write_bytes(bytes(range(256)))
    assert "unknown format" in refusal(tmp_path / "a.tif")


@pytest.mark.parametrize("open_file", [reader.describe, reader.read_pixels])
def test_half_a_tiff_says_how_much_is_missing(tmp_path, open_file):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, GREY)
    size = path.stat().st_size
    cut(path, 0.5)
    sentence = refusal(path, open_file)
    assert f"incomplete: {size // 2:,} of {size:,} bytes" in sentence


def test_half_a_compressed_tiff(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", GREY, compression="zlib", rowsperstrip=16)
    assert "of" in refusal(cut(tmp_path / "a.tif", 0.5))


def test_a_tiff_of_eight_bytes(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", GREY)
    (tmp_path / "a.tif").write_bytes((tmp_path / "a.tif").read_bytes()[:8])
    assert "damaged" in refusal(tmp_path / "a.tif")


def test_a_tiff_with_a_strip_that_was_never_written(tmp_path):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, GREY, rowsperstrip=64)
    with tifffile.TiffFile(path, mode="r+b") as tif:
        tif.pages.first.tags["StripOffsets"].overwrite((*tif.pages.first.dataoffsets[:-1], 0))
    assert "never written" in refusal(path)


def test_a_compressed_strip_that_ends_too_early(tmp_path):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, GREY, compression="zlib", rowsperstrip=64)
    with tifffile.TiffFile(path, mode="r+b") as tif:
        counts = tif.pages.first.databytecounts
        tif.pages.first.tags["StripByteCounts"].overwrite((*counts[:-1], counts[-1] // 2))
    refusal(path, reader.read_pixels)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.bmp"])
def test_half_a_picture_of_another_format(tmp_path, name):
    Image.fromarray(GREY).save(tmp_path / name)
    assert "incomplete or damaged" in refusal(cut(tmp_path / name, 0.5), reader.read_pixels)


def test_a_png_of_twenty_bytes(tmp_path):
    Image.fromarray(GREY).save(tmp_path / "a.png")
    (tmp_path / "a.png").write_bytes((tmp_path / "a.png").read_bytes()[:20])
    assert "header is damaged" in refusal(tmp_path / "a.png")


def test_a_stack_is_refused_and_not_guessed_at(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", np.stack([GREY] * 3), photometric="minisblack")
    assert "holds 3 pictures" in refusal(tmp_path / "a.tif")


def test_an_imagej_stack_is_refused(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", np.stack([GREY, GREY]), imagej=True)
    assert "holds 2 pictures" in refusal(tmp_path / "a.tif")


def test_five_channels_are_refused(tmp_path):
    tifffile.imwrite(
        tmp_path / "a.tif", np.dstack([GREY] * 5), photometric="minisblack", planarconfig="contig"
    )
    assert "5 channels" in refusal(tmp_path / "a.tif")


def test_three_detectors_are_not_mixed_as_if_they_were_colours(tmp_path):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.dstack([GREY] * 3), photometric="minisblack", planarconfig="contig")
    assert "3 channels" in refusal(path)


def test_complex_pixels_are_refused(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", GREY.astype(np.complex64))
    assert "not grey levels" in refusal(tmp_path / "a.tif")


def declare(path, width, height):
    tifffile.imwrite(path, GREY[:16, :16])
    with tifffile.TiffFile(path, mode="r+b") as tif:
        tif.pages.first.tags["ImageWidth"].overwrite(width)
        tif.pages.first.tags["ImageLength"].overwrite(height)
    return path


def test_a_header_that_asks_for_more_than_the_memory_is_refused_unread(tmp_path):
    path = declare(tmp_path / "a.tif", 65_535, 65_535)
    assert "4,294,836,225 bytes once decoded" in refusal(path, reader.read_pixels)


def test_a_side_over_the_limit_is_refused(tmp_path):
    assert "70,000 x 8 pixels" in refusal(declare(tmp_path / "a.tif", 70_000, 8))


def test_a_header_that_declares_more_pixels_than_the_file_holds_is_refused(tmp_path):
    assert "incomplete" in refusal(declare(tmp_path / "a.tif", 20_000, 20_000))


def test_at_most_a_quarter_of_the_memory_is_used():
    assert limits.byte_limit() <= 2 * 1024**3


def test_twenty_thousand_squared_is_allowed_by_the_limit_of_two_gigabytes(monkeypatch, tmp_path):
    monkeypatch.setattr(limits, "byte_limit", lambda: limits.LARGEST_BYTES)
    limits.check(tmp_path, 20_000, 20_000, 1)


def test_a_tiff_with_fewer_strips_than_its_height_needs_is_refused(tmp_path):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, GREY[:8], compression="packbits", rowsperstrip=8)
    with tifffile.TiffFile(path, mode="r+b") as tif:
        tif.pages.first.tags["ImageLength"].overwrite(20_000)
    assert "never written" in refusal(path)


def test_what_the_tiff_library_remarks_stays_off_the_screen():
    assert logging.NullHandler in map(type, logging.getLogger("tifffile").handlers)


@pytest.mark.parametrize(
    "read", [reader.describe, reader.examine, reader.pages, reader.read_pixels, reader.image_id]
)
def test_a_micrograph_on_a_share_that_went_away_is_refused_with_the_reason(tmp_path, read):
    tifffile.imwrite(tmp_path / "a.tif", GREY)
    reason = os.strerror(errno.ESTALE)
    with lost(tmp_path, errno.ESTALE), pytest.raises(UnreadableFileError, match=reason):
        read(tmp_path / "a.tif")
