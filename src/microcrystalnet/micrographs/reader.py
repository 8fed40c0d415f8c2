"""Opening micrographs: what is known of a file, and its grey pixels.

A path may name a page of a file, as `page_path` writes it; a file of several pictures needs one.
"""

from dataclasses import replace
from pathlib import Path

from microcrystalnet.domain.micrograph import Micrograph, Region, identity
from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.micrographs import beside, raster, tiff
from microcrystalnet.micrographs.databar import find_databar
from microcrystalnet.micrographs.fingerprint import fingerprint
from microcrystalnet.micrographs.grey import Pixels
from microcrystalnet.micrographs.header import Header
from microcrystalnet.micrographs.page_path import file_and_page, name_of
from microcrystalnet.micrographs.pages import PageSummary
from microcrystalnet.micrographs.resizing import UNCHECKED, looked_at
from microcrystalnet.micrographs.settings import settle
from microcrystalnet.micrographs.sniff import Kind, sniff

DATABAR = "databar"  # in the origins of a micrograph
SUFFIXES = frozenset({".tif", ".tiff", ".png", ".jpg", ".jpeg", ".bmp"})


def image_id(path: Path) -> str:
    """Give the id of a micrograph, from the SHA-256 of its file's bytes and its page.

    Raises
    ------
    UnreadableFileError
        If the file cannot be read.
    """
    path, page = file_and_page(path)
    try:
        return identity(fingerprint(path), page)
    except OSError as problem:
        raise UnreadableFileError(
            f"{path} cannot be read ({problem.strerror}); check its name, the disk and your rights."
        ) from problem


def pages(path: Path) -> list[PageSummary]:
    """Say what is known of every page of an image file; only a TIFF has more than one.

    Raises
    ------
    UnreadableFileError
        If the file is missing, of another kind or damaged.
    """
    path, _ = file_and_page(path)
    if (kind := sniff(path)) is Kind.TIFF:
        return tiff.read_pages(path)
    header = raster.read_header(path, kind)
    return [PageSummary(1, header.height, header.width, header.dtype)]


def describe(path: Path) -> Micrograph:
    """Say what is known of a micrograph from its header, tags and sidecar, without its pixels.

    Raises
    ------
    UnreadableFileError
        If the file is missing, of another kind, incomplete, damaged or too large.
    """
    file, page = file_and_page(path)
    header = _header(file, page)
    told = *beside.read(file, header.height, header.width), *header.told
    joined = settle((*told, *beside.unread(file)))
    settled = joined.settings
    return Micrograph(
        image_id(path),
        name_of(path),
        header.height,
        header.width,
        header.dtype,
        settled.region or Region(0, 0, header.height, header.width),
        settled.pixel_size,
        settled.source,
        settled.vendor,
        settled.hv_kv,
        settled.wd_mm,
        settled.note,
        acquisition=settled.acquisition,
        origins=joined.origins,
        page=page,
    )


def examine(path: Path) -> Micrograph:
    """Say what is known of a micrograph, and look into the picture for what nothing tells.

    That is its databar, and whether it was resized where the microscope wrote no size of it.

    Raises
    ------
    UnreadableFileError
        If the file is missing, of another kind, incomplete, damaged or too large.
    """
    known = describe(path)
    if DATABAR in known.origins and known.scale_source not in UNCHECKED:
        return known
    pixels = read_pixels(path)
    if (found := find_databar(pixels)) is None:
        return known
    known = looked_at(known, pixels, found)
    if DATABAR in known.origins:
        return known
    said = f"found in the picture ({100 * min(found.confidence, 0.99):.0f} % sure)"
    return replace(
        known, region=found.region(known.width), origins={**known.origins, DATABAR: said}
    )


def read_pixels(path: Path) -> Pixels:
    """Read the (height, width) grey pixels of a micrograph in their own dtype.

    The databar is included; `Micrograph.region` excludes it. Floating-point images may hold NaN.

    Raises
    ------
    UnreadableFileError
        If the file is missing, of another kind, incomplete, damaged or too large.
    """
    path, page = file_and_page(path)
    if (kind := sniff(path)) is Kind.TIFF:
        return tiff.read_pixels(path, page)
    _only_page(path, page)
    return raster.read_pixels(path, kind)


def _header(path: Path, page: int) -> Header:
    if (kind := sniff(path)) is Kind.TIFF:
        return tiff.read_header(path, page)
    _only_page(path, page)
    return raster.read_header(path, kind)


def _only_page(path: Path, page: int) -> None:
    if page > 1:
        raise UnreadableFileError(f"{path.name} has 1 page and no page {page}; leave --page away.")
