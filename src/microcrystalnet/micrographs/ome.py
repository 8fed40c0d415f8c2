"""The OME-XML of a TIFF file: the size of a pixel and the name of each page.

Pages belong to an ``Image`` by its ``TiffData`` (OME model 2016-06); where it has none that says
otherwise, the planes of the images follow each other in the order that ``DimensionOrder`` gives.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from tifffile import TiffPage

from microcrystalnet.domain.micrograph import ScaleSource
from microcrystalnet.micrographs.settings import MEASURE, Settings, scale
from microcrystalnet.micrographs.units import positive, said

_PREAMBLE = 1000  # characters of XML and licence before OME begins
_MOST_PLANES = 100_000


@dataclass(frozen=True, slots=True)
class _Plane:
    """One page: its image, and which channel, depth and time it is, counted from 0."""

    image: Element
    pixels: Element
    place: dict[str, int]


def is_ome(page: TiffPage) -> bool:
    """Say whether a page, the first of its file, describes the file in OME-XML."""
    return bool(page.is_ome) or "<OME" in page.description[:_PREAMBLE]


def settings(description: str, index: int) -> Iterator[Settings]:
    """Read PhysicalSizeX and Y of a page counted from 0; micrometres where no unit is given."""
    source = ScaleSource.OME
    root = _parsed(description)
    if root is None:
        yield Settings(source, note=f"The {source} are cut off or damaged; {MEASURE}")
        return
    plane = _plane(root, index)
    pixels = next(_inside(root, "Pixels"), None) if plane is None else plane.pixels
    col = None if pixels is None else _side(pixels, "X")
    if pixels is not None and col is not None:
        size, note = scale(source, col, _side(pixels, "Y"))
        yield Settings(source, size, note, where="PhysicalSizeX")


def plane_name(description: str, index: int) -> str:
    """Name a page, counted from 0, by its image, channel, depth and time where there are several.

    Empty where the description is damaged or tells nothing of the page.
    """
    root = _parsed(description)
    plane = None if root is None else _plane(root, index)
    if root is None or plane is None:
        return ""
    several = len(list(_inside(root, "Image"))) > 1
    parts = [plane.image.get("Name", "") if several else "", _channel(plane)]
    parts += [
        f"{axis} {plane.place[axis] + 1}"
        for axis in "ZT"
        if _count(plane.pixels, f"Size{axis}") > 1
    ]
    return said(", ".join(part for part in parts if part)) or ""


def _channel(plane: _Plane) -> str:
    """Give the name of a plane's channel, or its number where it has none."""
    channels, at = list(_inside(plane.pixels, "Channel")), plane.place["C"]
    if at < len(channels) and (name := channels[at].get("Name")):
        return name
    return f"channel {at + 1}" if _count(plane.pixels, "SizeC") > 1 else ""


def _plane(root: Element, index: int) -> _Plane | None:
    """Find the plane that lies on a page."""
    following = 0
    for image in _inside(root, "Image"):
        for pixels in _inside(image, "Pixels"):
            blocks = [each for each in _inside(pixels, "TiffData") if each.get("IFD") is not None]
            if not blocks:
                if following <= index < following + _planes(pixels):
                    return _Plane(image, pixels, _place(pixels, index - following))
                following += _planes(pixels)
            for block in blocks:
                first, count = _number(block, "IFD"), max(1, _number(block, "PlaneCount"))
                following = max(following, first + count)
                if first <= index < first + count:
                    start = _ordinal(pixels, block)
                    return _Plane(image, pixels, _place(pixels, start + index - first))
    return None


def _axes(pixels: Element) -> list[str]:
    """Give the axes of the planes, the one that changes fastest first."""
    order = [axis for axis in pixels.get("DimensionOrder", "XYCZT") if axis in "CZT"]
    return order if sorted(order) == ["C", "T", "Z"] else ["C", "Z", "T"]


def _place(pixels: Element, ordinal: int) -> dict[str, int]:
    place = {}
    for axis in _axes(pixels):
        ordinal, place[axis] = divmod(ordinal, _count(pixels, f"Size{axis}"))
    return place


def _ordinal(pixels: Element, block: Element) -> int:
    ordinal, step = 0, 1
    for axis in _axes(pixels):
        ordinal += step * _number(block, f"First{axis}")
        step *= _count(pixels, f"Size{axis}")
    return ordinal


def _planes(pixels: Element) -> int:
    sizes = [_count(pixels, f"Size{axis}") for axis in "CZT"]
    return min(sizes[0] * sizes[1] * sizes[2], _MOST_PLANES)


def _count(element: Element, name: str) -> int:
    return max(1, _number(element, name))


def _number(element: Element, name: str) -> int:
    text = element.get(name, "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _inside(root: Element, name: str) -> Iterator[Element]:
    return (each for each in root.iter() if each.tag.rpartition("}")[2] == name)


def _side(pixels: Element, axis: str) -> str | None:
    """Give a length with its unit; a centimetre is a length here, unlike in a print resolution."""
    size, unit = pixels.get(f"PhysicalSize{axis}"), pixels.get(f"PhysicalSize{axis}Unit", "µm")
    if size is None or unit != "cm":
        return None if size is None else f"{size} {unit}"
    millimetres = positive(size, 10)
    return f"{size} cm" if millimetres is None else f"{millimetres} mm"


@lru_cache(maxsize=1)  # each page of a file asks for the tree of its first
def _parsed(description: str) -> Element | None:
    """Parse the XML; one that declares entities is refused, as it could grow without end."""
    if "<!DOCTYPE" in description:
        return None
    try:
        return ElementTree.fromstring(description)
    except ElementTree.ParseError:
        return None
