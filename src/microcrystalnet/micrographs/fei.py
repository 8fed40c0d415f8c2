"""The settings in TIFF tags 34682 and 34680 of FEI and Thermo microscopes: INI text in SI units."""

import math
from collections.abc import Mapping

from microcrystalnet.decimals import number
from microcrystalnet.domain.micrograph import Acquisition, PixelSize, ScaleSource
from microcrystalnet.micrographs.declared import Declared
from microcrystalnet.micrographs.settings import MEASURE, Settings, differ, scale
from microcrystalnet.micrographs.units import kilovolts, millimetres, positive, said

TAGS = (34680, 34682)
_SOURCE = ScaleSource.FEI
_Sections = Mapping[str, Mapping[str, object]]


def parse(sections: _Sections, height: int, width: int) -> Settings:
    """Read the tag of an image of this size in pixels, databar included.

    The pixel size is ``Scan.PixelWidth``, else ``EScan.PixelWidth``, else ``HFW`` of the beam over
    ``Image.ResolutionX``.
    """
    declared = _declared(sections)
    size, note = _scale(sections, declared)
    resized = declared.resized(_SOURCE, height, width)
    note = resized or note or _doubt(sections, declared, size)
    return Settings(
        _SOURCE,
        None if note else size,
        note,
        None if resized else declared.region(height, width),
        "FEI/Thermo",
        kilovolts(f"{_entry(sections, 'Beam', 'HV')} V"),
        millimetres(f"{_entry(sections, _beam(sections), 'WD')} m"),
        Acquisition(
            _magnification(sections),
            said(" ".join(_entry(sections, "User", each) or "" for each in ("Date", "Time"))),
            said(_entry(sections, "System", "SystemType") or _entry(sections, "System", "Type")),
            said(_entry(sections, "Detectors", "Name")),
            None if _allowed(sections) else _tilt(sections),
            _allowed(sections),
        ),
    )


def _declared(sections: _Sections) -> Declared:
    """Give the declared size; of a tag that ends within it nothing is known."""
    rows, columns = (_count(sections, "Image", f"Resolution{each}") for each in "YX")
    bar = _count(sections, "PrivateFei", "DatabarHeight")
    return Declared(databar=bar) if rows is None else Declared(rows, columns, bar)


def _beam(sections: _Sections) -> str:
    """Give the section of the beam that made the picture: ``EBeam`` or, of two, ``IBeam``."""
    named = _entry(sections, "Beam", "Beam") or ""
    return named if named in sections else "EBeam"


def _magnification(sections: _Sections) -> float | None:
    """Give the width of the picture on the screen or paper it was reckoned for, over the field."""
    canvas = positive(_entry(sections, "Image", "MagCanvasRealWidth") or "")
    field = positive(_entry(sections, _beam(sections), "HFW") or "")
    return canvas / field if canvas and field else None


def _tilt(sections: _Sections) -> float | None:
    """Give the tilt of the stage, in radians there."""
    angle = number(_entry(sections, "Stage", "StageT") or "")
    return math.degrees(angle) if angle is not None and abs(angle) < math.pi / 2 else None


def _allowed(sections: _Sections) -> bool:
    """Say whether the microscope corrected its picture for the tilt."""
    corrected = _entry(sections, "EBeam", "TiltCorrectionIsOn") or ""
    return corrected.strip().casefold() in {"yes", "true", "1"}


def _entry(sections: _Sections, section: str, key: str) -> str | None:
    value = sections.get(section, {}).get(key)
    return None if value is None else str(value)


def _count(sections: _Sections, section: str, key: str) -> int | None:
    number = positive(_entry(sections, section, key) or "")
    return None if number is None else int(number)


def _scale(sections: _Sections, declared: Declared) -> tuple[PixelSize | None, str]:
    for section in ("Scan", "EScan"):
        col = _entry(sections, section, "PixelWidth")
        row = _entry(sections, section, "PixelHeight")
        if col is not None:
            return scale(_SOURCE, f"{col} m", None if row is None else f"{row} m")
    field = _entry(sections, _beam(sections), "HFW")
    if field is None or not declared.width:
        return scale(_SOURCE, None)
    side = positive(field, 1 / declared.width)
    return scale(_SOURCE, f"{field if side is None else side} m")


def _doubt(sections: _Sections, declared: Declared, size: PixelSize | None) -> str:
    """Compare the pixel size with the fields of view of the scan and of the beam."""
    if size is None or not declared.width:
        return ""
    told = (("Scan", "HorFieldsize"), ("EScan", "HorFieldsize"), (_beam(sections), "HFW"))
    for section, key in told:
        side = positive(_entry(sections, section, key) or "", 1e6 / declared.width)
        if side is not None and differ(side, size.col_um):
            return (
                f"The {_SOURCE} contradicts itself: its pixel size is {1000 * size.col_um:.6g} nm "
                f"but its field of view ({section}.{key}) makes {1000 * side:.6g} nm; {MEASURE}"
            )
    return ""
