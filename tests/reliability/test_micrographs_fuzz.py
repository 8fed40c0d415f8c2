"""Mutated files give a picture or one plain sentence: no other error, no hang."""

import io
import logging
import struct
import tempfile
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from vendor_files import HITACHI, MAIN, SEM, fei, phenom, tescan, zeiss

from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.micrographs import reader
from microcrystalnet.micrographs.page_path import at_page

GREY = np.random.default_rng(0).integers(0, 256, (64, 80), dtype=np.uint8)
STACK = np.stack([GREY, 255 - GREY])
OME = {"axes": "YX", "PhysicalSizeX": 0.1}


def tiff(pixels=GREY, **options):
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, **options)
    return file.getvalue()


def raster(kind, mode="L"):
    file = io.BytesIO()
    Image.fromarray(GREY).convert(mode).save(file, kind)
    return file.getvalue()


def vendor(tag, content):
    return tiff(extratags=[(tag, "B", len(content), content, True)])


SOUND = (
    tiff(),
    tiff(compression="lzw"),
    tiff(compression="zlib", predictor=True, rowsperstrip=8),
    tiff(compression="jpeg", tile=(16, 16)),
    tiff(compression="packbits"),
    tiff(GREY.astype(np.uint16), bigtiff=True, byteorder=">"),
    tiff(imagej=True, resolution=(10, 10), metadata={"unit": "um"}),
    tiff(np.dstack([GREY] * 3), photometric="rgb"),
    tiff(photometric="palette", colormap=np.stack([np.arange(256) * 257] * 3).astype(np.uint16)),
    tiff(ome=True, metadata=OME),
    vendor(34118, zeiss()),
    vendor(34682, fei()),
    vendor(34683, phenom()),
    vendor(50431, tescan()),
    raster("PNG"),
    raster("PNG", "P"),
    raster("JPEG"),
    raster("BMP"),
)

PAGED = (
    tiff(STACK, ome=True, photometric="minisblack", metadata={"axes": "CYX"}),
    tiff(STACK, photometric="minisblack"),
    tiff(STACK, imagej=True, truncate=True),
)


@st.composite
def mutants(draw):
    """Change up to sixteen bytes, mostly of the first 600, and sometimes cut the end off."""
    content = bytearray(draw(st.sampled_from(SOUND + PAGED)))
    places = st.one_of(st.integers(0, min(600, len(content)) - 1), st.integers(0, len(content) - 1))
    values = st.one_of(st.sampled_from([0, 1, 127, 128, 255]), st.integers(0, 255))
    changes = draw(st.lists(st.tuples(places, values), min_size=1, max_size=16))
    for place, value in changes:
        content[place] = value
    whole = st.just(len(content))
    return bytes(content[: draw(st.one_of(whole, whole, st.integers(0, len(content))))])


def opened(content):
    """Give the shape and dtype of the picture, or None where it is refused."""
    logging.getLogger("tifffile").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mutant.tif")
        path.write_bytes(content)
        try:
            described, pixels = reader.describe(path), reader.read_pixels(path)
        except UnreadableFileError as refusal:
            assert "\n" not in str(refusal)
            return None
        return (described.height, described.width), pixels.shape


def check(content):
    answer = opened(content)
    assert answer is None or answer[0] == answer[1]


def pages_opened(content):
    """Give the number of pages whose picture can be read, None where the file is refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mutant.tif")
        path.write_bytes(content)
        try:
            numbers = [each.number for each in reader.pages(path)][:3]
            return len([reader.read_pixels(at_page(path, number)) for number in numbers])
        except UnreadableFileError as refusal:
            assert "\n" not in str(refusal)
            return None


@pytest.mark.parametrize("content", PAGED)
def test_every_page_of_the_unchanged_files_does_open(content):
    assert pages_opened(content) == 2


@settings(max_examples=200, deadline=10_000)
@given(mutants())
def test_every_page_of_a_mutated_file_opens_or_is_refused(content):
    assert pages_opened(content) in {None, 1, 2, 3}


@settings(max_examples=300, deadline=10_000)
@given(mutants())
def test_a_mutated_file_opens_or_is_refused(content):
    check(content)


CLASSIC = [each for each in SOUND + PAGED if each[:4] == b"II*\0"]
NUMBERS = st.one_of(st.sampled_from([0, 1, 2, 2**16, 2**20, 2**31, 2**32 - 1]), st.integers(0, 400))


@st.composite
def odd_directories(draw):
    """Change kinds, counts and values of up to four entries of the first directory."""
    content = bytearray(draw(st.sampled_from(CLASSIC)))
    (at,) = struct.unpack_from("<I", content, 4)
    (entries,) = struct.unpack_from("<H", content, at)
    for _ in range(draw(st.integers(1, 4))):
        entry = at + 2 + 12 * draw(st.integers(0, entries - 1))
        kind, place = draw(st.sampled_from([("<H", 2), ("<I", 4), ("<I", 8)]))
        value = draw(st.integers(0, 18)) if place == 2 else draw(NUMBERS)
        struct.pack_into(kind, content, entry + place, value)
    return bytes(content)


@settings(max_examples=300, deadline=10_000)
@given(odd_directories())
def test_a_file_with_an_odd_directory_opens_or_is_refused(content):
    check(content)
    pages_opened(content)


@pytest.mark.long
@settings(max_examples=20_000, deadline=10_000)
@given(mutants())
def test_twenty_thousand_mutated_files_open_or_are_refused(content):
    check(content)


JEOL = "$CM_FULL_SIZE 80 60\n$$SM_MICRON_BAR 20\n$$SM_MICRON_MARKER 10um\n"
SIDECARS = (HITACHI, JEOL, "pixel_size: 2.38\n", f"[MAIN]\n{MAIN}[SEM]\n{SEM}")


@settings(max_examples=100, deadline=10_000)
@given(st.sampled_from(SIDECARS), st.integers(0, 200), st.binary(max_size=12), st.booleans())
def test_a_mutated_sidecar_never_keeps_its_image_from_opening(text, place, wrong, cut):
    content = text.encode()
    rest = b"" if cut else content[place + len(wrong) :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.tif")
        path.write_bytes(SOUND[0])
        path.with_suffix(".txt").write_bytes(content[:place] + wrong + rest)
        path.with_name("a-tif.hdr").write_bytes(content[:place] + wrong + rest)
        assert reader.describe(path).height == GREY.shape[0]


@pytest.mark.parametrize("kind", [1, 2, 3, 5, 12])  # bytes, text, shorts, ratios, doubles
def test_a_width_of_several_numbers_is_refused_before_it_fills_the_memory(tmp_path, kind):
    content = bytearray(PAGED[1])
    width, length = content.index(b"\0\1\4\0"), content.index(b"\1\1\4\0")
    content[width + 2 : width + 8] = struct.pack("<HI", kind, 2)
    content[length + 8 : length + 12] = struct.pack("<I", 2**20)
    path = tmp_path / "wide.tif"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match="the width of page 1 is not one whole number"):
        reader.pages(path)


def test_a_palette_of_fractions_is_refused(tmp_path):
    content = bytearray(SOUND[8])
    palette = content.index(struct.pack("<HHI", 320, 3, 768))
    content[palette + 2 : palette + 4] = struct.pack("<H", 11)
    (tmp_path / "palette.tif").write_bytes(content)
    with pytest.raises(UnreadableFileError, match="palette does not hold whole numbers"):
        reader.read_pixels(tmp_path / "palette.tif")


@pytest.mark.parametrize("content", SOUND)
def test_the_unchanged_files_do_open(content):
    assert opened(content) == (GREY.shape, GREY.shape)
