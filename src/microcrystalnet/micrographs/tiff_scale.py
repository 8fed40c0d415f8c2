"""The pixel size that the tags of a TIFF file give: those of ImageJ and of OME.

XResolution in inch or centimetres is a print resolution and never a calibration.
"""

from collections.abc import Iterator
from xml.etree import ElementTree

from tifffile import TiffFile, TiffPage

from microcrystalnet.domain.micrograph import PixelSize, ScaleSource
from microcrystalnet.micrographs.settings import Settings
from microcrystalnet.micrographs.units import positive, unit_um

_Scale = tuple[PixelSize | None, ScaleSource]
_UNKNOWN: _Scale = (None, ScaleSource.UNKNOWN)
_X_RESOLUTION, _Y_RESOLUTION = 282, 283


def read(tif: TiffFile, page: TiffPage) -> Iterator[Settings]:
    """Give the pixel size that the tags of ImageJ or OME tell, if they do."""
    size, source = _found(tif, page)
    if size is not None:
        yield Settings(source, size)


def _found(tif: TiffFile, page: TiffPage) -> _Scale:
    if page.is_ome:
        return _from_ome(page.description)
    if page.is_imagej:
        return _from_imagej(tif, page)
    return _UNKNOWN


def _from_imagej(tif: TiffFile, page: TiffPage) -> _Scale:
    """Read ``unit=`` of the description and the pixels per unit in XResolution."""
    described = tif.imagej_metadata or {}
    col = _pixel_um(page, _X_RESOLUTION, str(described.get("unit", "")))
    row = _pixel_um(page, _Y_RESOLUTION, str(described.get("yunit", described.get("unit", ""))))
    if col is None:
        return _UNKNOWN
    return PixelSize(row or col, col), ScaleSource.IMAGEJ


def _pixel_um(page: TiffPage, tag: int, unit: str) -> float | None:
    unit_in_um, entry = unit_um(unit), page.tags.get(tag)
    if unit_in_um is None or entry is None:
        return None
    pixels, units = entry.value
    return positive(str(units / pixels), unit_in_um) if pixels and units else None


def _from_ome(description: str) -> _Scale:
    """Read PhysicalSizeX and PhysicalSizeY; the unit is micrometres where none is given."""
    try:
        root = ElementTree.fromstring(description)
    except ElementTree.ParseError:
        return _UNKNOWN
    pixels = next((each for each in root.iter() if each.tag.endswith("}Pixels")), None)
    if pixels is None:
        return _UNKNOWN
    col, row = _ome_um(pixels, "X"), _ome_um(pixels, "Y")
    return (PixelSize(row or col, col), ScaleSource.OME) if col else _UNKNOWN


def _ome_um(pixels: ElementTree.Element, axis: str) -> float | None:
    unit = unit_um(pixels.get(f"PhysicalSize{axis}Unit", "µm"))
    size = pixels.get(f"PhysicalSize{axis}")
    return positive(size, unit) if size and unit else None
