"""Opening micrographs: what is known of a file, and its grey pixels."""

import hashlib
from dataclasses import replace
from pathlib import Path

from microcrystalnet.domain.micrograph import Micrograph, Region
from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.micrographs import beside, raster, tiff
from microcrystalnet.micrographs.databar import find_databar
from microcrystalnet.micrographs.grey import Pixels
from microcrystalnet.micrographs.settings import settle
from microcrystalnet.micrographs.sniff import Kind, sniff

DATABAR = "databar"  # in the origins of a micrograph
SUFFIXES = frozenset({".tif", ".tiff", ".png", ".jpg", ".jpeg", ".bmp"})


def image_id(path: Path) -> str:
    """Give the first 20 hexadecimal digits of the SHA-256 of a file's bytes.

    Raises
    ------
    UnreadableFileError
        If the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:20]
    except OSError as problem:
        raise UnreadableFileError(
            f"{path} cannot be read ({problem.strerror}); check its name, the disk and your rights."
        ) from problem


def describe(path: Path) -> Micrograph:
    """Say what is known of a micrograph from its header, tags and sidecar, without its pixels.

    Raises
    ------
    UnreadableFileError
        If the file is missing, of another kind, incomplete, damaged or too large.
    """
    kind = sniff(path)
    header = tiff.read_header(path) if kind is Kind.TIFF else raster.read_header(path, kind)
    joined = settle((*beside.read(path, header.height, header.width), *header.told))
    settled = joined.settings
    return Micrograph(
        image_id(path),
        path.name,
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
    )


def examine(path: Path) -> Micrograph:
    """Say what is known of a micrograph, and look for its databar where nothing tells of one.

    Raises
    ------
    UnreadableFileError
        If the file is missing, of another kind, incomplete, damaged or too large.
    """
    known = describe(path)
    if DATABAR in known.origins or (found := find_databar(read_pixels(path))) is None:
        return known
    said = f"found in the picture ({min(found.confidence, 0.99):.0%} sure)"
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
    kind = sniff(path)
    return tiff.read_pixels(path) if kind is Kind.TIFF else raster.read_pixels(path, kind)
