"""Reading the picture of a TIFF file, classic or big, of either byte order."""

import logging
import math
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from tifffile import TiffFile, TiffFileError, TiffPage

from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.micrographs import grey, limits, tiff_scale, vendor_tags
from microcrystalnet.micrographs.grey import Pixels
from microcrystalnet.micrographs.header import Header

# What tifffile remarks on damaged files is for programmers: without this it would reach stderr.
logging.getLogger("tifffile").addHandler(logging.NullHandler())

_MIN_IS_WHITE = 0
_PALETTE = 3
_COLOURED = {2, 6}  # RGB, YCbCr
_ALPHA = {1, 2}  # associated, unassociated
# What the parser and the decoders raise on damaged files; found by mutating files (tests).
_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TiffFileError,
    TypeError,
    ValueError,
    struct.error,
)


def read_header(path: Path) -> Header:
    """Read the size, depth and scale of a TIFF file without decoding it.

    Raises
    ------
    UnreadableFileError
        If the file is damaged, incomplete, too large, or holds several pictures.
    """
    with _first_page(path) as (tif, page):
        return _checked_header(path, tif, page)


def read_pixels(path: Path) -> Pixels:
    """Decode a TIFF file to a (height, width) grey array of its own dtype.

    Raises
    ------
    UnreadableFileError
        If the file is damaged, incomplete, too large, or holds several pictures.
    """
    with _first_page(path) as (tif, page):
        _checked_header(path, tif, page)
        return _grey(page, _samples_last(page, page.asarray(maxworkers=1)))


@contextmanager
def _first_page(path: Path) -> Iterator[tuple[TiffFile, TiffPage]]:
    """Open the file; whatever goes wrong inside becomes one plain sentence."""
    try:
        with TiffFile(path) as tif:
            yield tif, tif.pages.first
    except _DAMAGE as problem:
        raise UnreadableFileError(
            f"{path.name} is a TIFF file that is damaged or of an unusual kind "
            f"({str(problem).splitlines()[0] if str(problem) else type(problem).__name__}); "
            "copy it again, or save it as an uncompressed TIFF with the microscope's program."
        ) from problem


def _checked_header(path: Path, tif: TiffFile, page: TiffPage) -> Header:
    _check_kind(path, page)
    sample_bytes = -(-int(page.bitspersample) // 8)
    bytes_per_pixel = page.samplesperpixel * sample_bytes
    limits.check(path, page.imagelength, page.imagewidth, bytes_per_pixel)
    _check_complete(path, page)
    _check_single(path, tif, page)
    return Header(
        page.imagelength,
        page.imagewidth,
        _dtype_name(page),
        bytes_per_pixel,
        (*vendor_tags.read(tif, page), *tiff_scale.read(tif, page)),
    )


def _check_kind(path: Path, page: TiffPage) -> None:
    if page.dtype is None or page.dtype.kind not in "buif":
        raise UnreadableFileError(
            f"{path.name} holds {page.bitspersample}-bit samples that are not grey levels; "
            "save it as an 8- or 16-bit grey TIFF."
        )
    colours = page.samplesperpixel - sum(extra in _ALPHA for extra in page.extrasamples)
    most = 3 if page.photometric in _COLOURED else 1
    if colours > most or page.samplesperpixel > 4 or page.imagedepth > 1:
        raise UnreadableFileError(
            f"{path.name} holds {page.samplesperpixel} channels and {page.imagedepth} slices; "
            "save the one to analyse as a file of its own."
        )


def _check_complete(path: Path, page: TiffPage) -> None:
    """Refuse a file whose strips or tiles lie beyond its end: it would open half black."""
    present = path.stat().st_size
    pieces = list(zip(page.dataoffsets, page.databytecounts, strict=False))
    wanted = max((offset + count for offset, count in pieces), default=0)
    if page.compression == 1 and len(pieces) == 1:
        row_bytes = -(-page.imagewidth * page.samplesperpixel * page.bitspersample // 8)
        wanted = max(wanted, pieces[0][0] + page.imagelength * row_bytes)
    if wanted > present:
        raise UnreadableFileError(
            f"{path.name} is incomplete: {present:,} of {wanted:,} bytes; "
            "copy it again from its source."
        )
    written = sum(bool(offset and count) for offset, count in pieces)
    if written < math.prod(page.chunked):
        raise UnreadableFileError(
            f"{path.name} is incomplete: parts of its picture were never written; "
            "copy it again from its source."
        )


def _check_single(path: Path, tif: TiffFile, page: TiffPage) -> None:
    """Refuse a stack; smaller further pages are thumbnails and do not count."""
    described = (tif.imagej_metadata or {}).get("images", 1) if page.is_imagej else 1
    same = sum(_size(other) == _size(page) for other in tif.pages)
    count = max(int(described), same)
    if count > 1:
        raise UnreadableFileError(
            f"{path.name} holds {count} pictures of the same size; "
            "save the one to analyse as a file of its own."
        )


def _size(page: TiffPage) -> tuple[int, int]:
    return page.imagelength, page.imagewidth


def _dtype_name(page: TiffPage) -> str:
    return "uint8" if page.dtype.kind == "b" else str(page.dtype.newbyteorder("="))


def _samples_last(page: TiffPage, decoded: Pixels) -> Pixels:
    """Bring samples stored as planes or per pixel into a (height, width, samples) array."""
    planes, _, height, width, samples = page.shaped
    parts = decoded.reshape(planes, height, width, samples)
    return np.moveaxis(parts, 0, 2).reshape(height, width, planes * samples)


def _grey(page: TiffPage, pixels: Pixels) -> Pixels:
    pixels = pixels.astype(pixels.dtype.newbyteorder("="), copy=False)
    if page.photometric == _PALETTE and page.colormap is not None:
        return grey.from_palette(pixels[..., 0], page.colormap.T)
    plane = grey.to_grey(pixels)
    return grey.invert(plane, page.bitspersample) if page.photometric == _MIN_IS_WHITE else plane
