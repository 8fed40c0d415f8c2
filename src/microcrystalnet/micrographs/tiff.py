"""Reading the picture of a TIFF file, classic or big, of either byte order."""

import logging
import math
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from tifffile import TiffFile, TiffFileError, TiffPage

from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.micrographs import directories, grey, limits, pages, tiff_scale, vendor_tags
from microcrystalnet.micrographs.grey import Pixels
from microcrystalnet.micrographs.header import Header
from microcrystalnet.micrographs.pages import PageSummary
from microcrystalnet.micrographs.settings import MEASURE, Settings

# What tifffile remarks on damaged files is for programmers: without this it would reach stderr.
logging.getLogger("tifffile").addHandler(logging.NullHandler())


class SeveralPagesError(UnreadableFileError):
    """A file holds several pictures, ``pages``, and none of them was chosen."""

    def __init__(self, sentence: str, found: Sequence[PageSummary]) -> None:
        super().__init__(sentence)
        self.pages = tuple(found)


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


def read_header(path: Path, number: int = 0) -> Header:
    """Read the size, depth and scale of a page of a TIFF file without decoding it.

    Pages are counted from 1; 0 is the only picture of a file.

    Raises
    ------
    UnreadableFileError
        If the file is damaged, incomplete or too large, has no such page, or has several pictures
        and none is named.
    """
    with _opened(path) as tif:
        return _checked_header(path, tif, _chosen(path, tif, number))


def read_pixels(path: Path, number: int = 0) -> Pixels:
    """Decode a page of a TIFF file to a (height, width) grey array of its own dtype.

    Raises
    ------
    UnreadableFileError
        As for `read_header`.
    """
    with _opened(path) as tif:
        index = _chosen(path, tif, number)
        _checked_header(path, tif, index)
        page = pages.page_at(tif, index)
        decoded = page.asarray(maxworkers=1) if index <= len(tif.pages) else _in_a_row(tif, index)
        return _grey(page, _samples_last(page, decoded))


def read_pages(path: Path) -> list[PageSummary]:
    """Say what is known of every page of a TIFF file, without decoding one.

    Raises
    ------
    UnreadableFileError
        If the file is damaged.
    """
    with _opened(path) as tif:
        return pages.summarise(tif)


@contextmanager
def _opened(path: Path) -> Iterator[TiffFile]:
    """Open the file; whatever goes wrong inside becomes one plain sentence."""
    try:
        if odd := directories.odd_size(path):
            raise ValueError(odd)
        with TiffFile(path) as tif:
            pages.check_numbers(tif.pages.first)
            yield tif
    except _DAMAGE as problem:
        raise UnreadableFileError(
            f"{path.name} is a TIFF file that is damaged or of an unusual kind "
            f"({str(problem).splitlines()[0] if str(problem) else type(problem).__name__}); "
            "copy it again, or save it as an uncompressed TIFF with the microscope's program."
        ) from problem


def _chosen(path: Path, tif: TiffFile, number: int) -> int:
    """Give the number of the page that is meant, the only picture of a file if none is named."""
    _check_kind(path, tif.pages.first)  # before anything else is looked at
    if not number:
        return _only_picture(path, tif)
    count = pages.count_pages(tif)
    if number > count:
        raise UnreadableFileError(
            f"{path.name} has {'1 page' if count == 1 else f'{count} pages'} and no page {number}; "
            "see mcn info for what each of them shows."
        )
    return number


def _checked_header(path: Path, tif: TiffFile, number: int) -> Header:
    page = pages.page_at(tif, number)
    _check_kind(path, page)
    sample_bytes = -(-int(page.bitspersample) // 8)
    bytes_per_pixel = page.samplesperpixel * sample_bytes
    limits.check(path, page.imagelength, page.imagewidth, bytes_per_pixel)
    _check_complete(path, page, max(0, number - len(tif.pages)))
    return Header(
        page.imagelength,
        page.imagewidth,
        _dtype_name(page),
        bytes_per_pixel,
        _told(tif, page, number),
    )


def _told(tif: TiffFile, page: TiffPage, number: int) -> tuple[Settings, ...]:
    """Give what the tags of a page say; the scale of another page is named and not used."""
    own = (*vendor_tags.read(tif, page), *tiff_scale.read(tif, page, number - 1))
    own = (*own, *tiff_scale.edited(page, bare=not own))
    if number == 1 or any(each.pixel_size or each.note for each in own):
        return own
    others = (each for each in vendor_tags.read(tif, tif.pages.first) if each.pixel_size)
    notes = (
        Settings(
            each.source,
            note=f"Page {number} has no scale of its own. If it was scanned together with page 1, "
            f"type the {each.pixel_size.nm:.6g} nm of that one; otherwise {MEASURE}",
        )
        for each in others
        if each.pixel_size
    )
    return (*own, *notes)


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


def _check_complete(path: Path, page: TiffPage, further: int = 0) -> None:
    """Refuse a file whose strips or tiles lie beyond its end: it would open half black.

    ``further`` counts the pictures that follow the page without a directory of their own.
    """
    present = path.stat().st_size
    pieces = list(zip(page.dataoffsets, page.databytecounts, strict=False))
    wanted = max((offset + count for offset, count in pieces), default=0)
    if page.compression == 1 and (len(pieces) == 1 or further):
        wanted = max(wanted, pieces[0][0] + (1 + further) * pages.picture_bytes(page))
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


def _only_picture(path: Path, tif: TiffFile) -> int:
    """Find the picture, which a thumbnail may precede; refuse a file of several."""
    numbers = pages.picture_numbers(tif)
    if len(numbers) == 1:
        return numbers[0]
    found = [each for each in pages.summarise(tif) if not each.thumbnail]
    raise SeveralPagesError(
        f"{path.name} holds {len(found)} pictures: {pages.listed(found)}; choose one of them "
        "(with --page on the command line).",
        found,
    )


def _in_a_row(tif: TiffFile, number: int) -> Pixels:
    """Read a picture that ImageJ wrote after the first, without a directory of its own."""
    page, file = tif.pages.first, tif.filehandle
    if page.compression != 1:
        raise ValueError("compressed pictures without directories")
    file.seek(page.dataoffsets[0] + (number - len(tif.pages)) * pages.picture_bytes(page))
    dtype = page.dtype.newbyteorder(tif.byteorder)
    found: Pixels = np.frombuffer(file.read(pages.picture_bytes(page)), dtype)
    return found


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
        if page.colormap.dtype.kind != "u":
            raise ValueError("its palette does not hold whole numbers from 0")
        return grey.from_palette(pixels[..., 0], page.colormap.T)
    plane = grey.to_grey(pixels)
    return grey.invert(plane, page.bitspersample) if page.photometric == _MIN_IS_WHITE else plane
