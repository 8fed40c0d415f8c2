"""The pixel size that the tags of a TIFF file give: those of ImageJ and of OME.

XResolution in inch or centimetres is a print resolution and never a calibration.
"""

from collections.abc import Iterator

from tifffile import TiffFile, TiffPage

from microcrystalnet.domain.micrograph import ScaleSource
from microcrystalnet.micrographs import ome
from microcrystalnet.micrographs.resizing import is_editor
from microcrystalnet.micrographs.settings import MEASURE, Settings, scale
from microcrystalnet.micrographs.units import said, unit_um

_SOFTWARE = 305
_X_RESOLUTION, _Y_RESOLUTION = 282, 283
_NO_LENGTHS = frozenset({"", "pixel", "pixels", "px", "inch", "inches", "in", "cm", "null"})


def read(tif: TiffFile, page: TiffPage, index: int = 0) -> Iterator[Settings]:
    """Give what the tags of ImageJ or OME tell of the pixel size of a page counted from 0.

    Both describe the whole file on its first page.
    """
    first = tif.pages.first
    if ome.is_ome(first):
        yield from ome.settings(first.description, index)
    elif first.is_imagej:
        yield from _from_imagej(tif, page if _X_RESOLUTION in page.tags else first)


def edited(page: TiffPage, bare: bool) -> Iterator[Settings]:
    """Say that a page was saved by an image editor: those drop the tags of microscopes.

    ``bare`` says that this one has none any more.
    """
    tag = page.tags.get(_SOFTWARE)
    name = said(tag.value) if tag is not None else None
    if name and is_editor(name):
        note = (
            f"The file was saved by {name[:60]} and holds no tag of a microscope any more; take "
            f"the file of the microscope itself, or {MEASURE}"
        )
        yield Settings(
            ScaleSource.UNKNOWN, note=note if bare else "", where="Software", editor=name
        )


def _from_imagej(tif: TiffFile, page: TiffPage) -> Iterator[Settings]:
    """Read ``unit=`` of the description and the pixels per unit in XResolution.

    An image that nobody calibrated has pixels or inches for a unit; there is nothing to tell then.
    """
    described = tif.imagej_metadata or {}
    unit = str(described.get("unit", ""))
    col = _pixel(page, _X_RESOLUTION)
    if unit.strip().casefold() in _NO_LENGTHS or col is None:
        return
    row = _pixel(page, _Y_RESOLUTION)
    rows = None if row is None else f"{row} {_named(str(described.get('yunit', unit)))}"
    size, note = scale(ScaleSource.IMAGEJ, f"{col} {_named(unit)}", rows)
    yield Settings(ScaleSource.IMAGEJ, size, note, where="XResolution")


def _named(unit: str) -> str:
    """Write a unit as a length is read: ImageJ escapes the micro sign."""
    return "um" if unit_um(unit) == 1.0 else unit.strip().replace(" ", "_")


def _pixel(page: TiffPage, tag: int) -> float | None:
    """Give the units to a pixel, 0 where there are infinitely many pixels to a unit."""
    if (entry := page.tags.get(tag)) is None:
        return None
    pixels, units = entry.value
    return units / pixels if pixels else 0.0
