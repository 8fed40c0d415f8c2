"""The settings in TIFF tag 34683 of Phenom microscopes: XML with a unit beside each number."""

from xml.etree import ElementTree

from microcrystalnet.domain.micrograph import Acquisition, ScaleSource
from microcrystalnet.micrographs.declared import Declared
from microcrystalnet.micrographs.settings import MEASURE, Settings, scale
from microcrystalnet.micrographs.units import kilovolts, millimetres, positive, said, times

TAG = 34683
_SOURCE = ScaleSource.PHENOM


def parse(text: str, height: int, width: int) -> Settings:
    """Read the tag of an image of this size in pixels, databar included."""
    root = _root(text)
    if root is None:
        note = f"The {_SOURCE} is cut off or damaged; {MEASURE}"
        return Settings(_SOURCE, note=note, vendor="Phenom", where=f"TIFF tag {TAG}")
    size, note = scale(_SOURCE, _entry(root, "pixelWidth"), _entry(root, "pixelHeight"))
    bar = positive((_entry(root, "databarHeight") or "").strip())
    declared = Declared(databar=None if bar is None else int(bar))
    return Settings(
        _SOURCE,
        size,
        note,
        declared.region(height, width),
        "Phenom",
        kilovolts(_entry(root, "highVoltage") or ""),
        millimetres(_entry(root, "workingDistance") or ""),
        Acquisition(
            times((_entry(root, "magnification") or "").strip()),
            said(_entry(root, "time")),
            said(_entry(root, "type")),
            said(_entry(root, "detector")),
        ),
        f"TIFF tag {TAG}",
    )


def _root(text: str) -> ElementTree.Element | None:
    """Parse the XML; one that declares entities is refused, as it could grow without end."""
    if "<!DOCTYPE" in text:
        return None
    try:
        return ElementTree.fromstring(text.rstrip("\0 \r\n"))
    except ElementTree.ParseError:
        return None


def _entry(root: ElementTree.Element, name: str) -> str | None:
    """Give the number and unit of the first element of this name, in whichever namespace."""
    found = next((each for each in root.iter() if each.tag.rpartition("}")[2] == name), None)
    return None if found is None else f"{(found.text or '').strip()} {found.get('unit', '')}"
