"""The settings in TIFF tags 34682 and 34680 of FEI and Thermo microscopes: INI text in SI units."""

import math
from collections.abc import Mapping

from microcrystalnet.domain.micrograph import Acquisition, PixelSize, ScaleSource
from microcrystalnet.micrographs.declared import Declared
from microcrystalnet.micrographs.settings import MEASURE, Settings, differ, scale
from microcrystalnet.micrographs.units import kilovolts, millimetres, positive, said

TAGS = (34680, 34682)
_SOURCE = ScaleSource.FEI
_Sections = Mapping[str, Mapping[str, object]]


def parse(sections: _Sections, height: int, width: int) -> Settings:
    """Read the tag of an image of this size in pixels, databar included.

    The pixel size is ``Scan.PixelWidth``, else ``EScan.PixelWidth``, else ``EBeam.HFW`` over
    ``Image.ResolutionX``.
    """
    declared = Declared(
        _count(sections, "Image", "ResolutionY"),
        _count(sections, "Image", "ResolutionX"),
        _count(sections, "PrivateFei", "DatabarHeight"),
    )
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
        millimetres(f"{_entry(sections, 'EBeam', 'WD')} m"),
        Acquisition(
            _magnification(sections),
            said(" ".join(_entry(sections, "User", each) or "" for each in ("Date", "Time"))),
            said(_entry(sections, "System", "SystemType") or _entry(sections, "System", "Type")),
            said(_entry(sections, "Detectors", "Name")),
            _tilt(sections),
        ),
    )


def _magnification(sections: _Sections) -> float | None:
    """Give the width of the picture on the screen or paper it was reckoned for, over the field."""
    canvas = positive(_entry(sections, "Image", "MagCanvasRealWidth") or "")
    field = positive(_entry(sections, "EBeam", "HFW") or "")
    return canvas / field if canvas and field else None


def _tilt(sections: _Sections) -> float | None:
    """Give the tilt of the stage, in radians there, unless the picture is corrected for it."""
    corrected = _entry(sections, "EBeam", "TiltCorrectionIsOn") or ""
    if corrected.strip().casefold() in {"yes", "true", "1"}:
        return None
    try:
        angle = math.degrees(float(_entry(sections, "Stage", "StageT") or "nan"))
    except ValueError:
        return None
    return angle if abs(angle) < 90 else None


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
    field = _entry(sections, "EBeam", "HFW")
    if field is None or not declared.width:
        return scale(_SOURCE, None)
    side = positive(field, 1 / declared.width)
    return scale(_SOURCE, f"{field if side is None else side} m")


def _doubt(sections: _Sections, declared: Declared, size: PixelSize | None) -> str:
    """Compare the pixel size with the field of view of the scan."""
    field = _entry(sections, "Scan", "HorFieldsize") or _entry(sections, "EScan", "HorFieldsize")
    if size is None or field is None or not declared.width:
        return ""
    side = positive(field, 1e6 / declared.width)
    if side is None or not differ(side, size.col_um):
        return ""
    return (
        f"The {_SOURCE} contradicts itself: its pixel size is {1000 * size.col_um:.6g} nm but its "
        f"field of view makes {1000 * side:.6g} nm; {MEASURE}"
    )
