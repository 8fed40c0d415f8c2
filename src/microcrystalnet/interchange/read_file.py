"""Reads outlines of one micrograph from whatever program wrote them."""

import json
from collections.abc import Callable
from pathlib import Path

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.errors import MaskError, UnreadableFileError
from microcrystalnet.interchange import coco, geojson, imagej
from microcrystalnet.interchange.outline import Outline
from microcrystalnet.micrographs.label_image import read_masks

LARGEST_FILE = 512 * 1024 * 1024  # bytes
SUFFIXES = (".tif", ".tiff", ".png", ".json", ".geojson", ".zip", ".roi")


def read_outlines(path: Path, micrograph: Micrograph) -> list[Outline]:
    """Read a label image, COCO, QuPath's GeoJSON, or an ImageJ RoiSet.zip or .roi.

    Raises
    ------
    UnreadableFileError
        If the file is missing, damaged, too large, or of no kind that is known.
    MaskError
        If the outlines do not fit the micrograph.
    """
    suffix = path.suffix.lower()
    if suffix in {".json", ".geojson"}:
        return _read_text(path, micrograph)
    if suffix in {".zip", ".roi"}:
        return imagej.read(_bytes(path))
    if suffix not in SUFFIXES:
        raise UnreadableFileError(
            f"{path.name} is no file of outlines; give a label image (TIFF, PNG), COCO or GeoJSON "
            "(.json, .geojson) or ImageJ regions (.zip, .roi)."
        )
    masks = read_masks(path, (micrograph.height, micrograph.width))
    return [Outline(mask, str(number)) for number, mask in enumerate(masks, 1)]


def inside(outlines: list[Outline], micrograph: Micrograph) -> list[Mask]:
    """Give the parts of outlines inside the analysis region; those outside are left out.

    Raises
    ------
    MaskError
        If all of them lie outside: the file belongs to another micrograph.
    """
    box = micrograph.region
    kept = []
    for each in outlines:
        try:
            kept.append(each.mask.within(box))
        except MaskError:
            continue
    if outlines and not kept:
        raise MaskError(
            f"All {len(outlines)} outlines lie outside {micrograph.file_name} "
            f"({micrograph.width} x {micrograph.height} pixels); choose the file of this one."
        )
    return kept


def _read_text(path: Path, micrograph: Micrograph) -> list[Outline]:
    try:
        text = _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"{path.name} is not a text in UTF-8; export it anew.") from error
    return _reader(text, micrograph)(text)


def _reader(text: str, micrograph: Micrograph) -> Callable[[str], list[Outline]]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None  # the reader says so
    if isinstance(content, dict) and "annotations" in content:
        return lambda text: coco.read(text, micrograph.file_name)
    return geojson.read


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise UnreadableFileError(f"{path.name} has {size:,} bytes; 512 MiB are the most.")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(
            f"{path.name} cannot be read ({error.strerror}); check where it is."
        ) from error
