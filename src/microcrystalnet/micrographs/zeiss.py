"""The settings in TIFF tag 34118 of Zeiss microscopes, as tifffile gives them: tuples by key.

An entry is ``(name, value)`` or ``(name, value, unit)``; the fourth of the unnamed numbers is the
width in metres of a pixel of a picture 1024 wide. No entry tells of the databar.
"""

import re
from collections.abc import Mapping

from microcrystalnet.domain.micrograph import Acquisition, PixelSize, ScaleSource
from microcrystalnet.micrographs.declared import Declared
from microcrystalnet.micrographs.settings import MEASURE, Settings, differ, scale
from microcrystalnet.micrographs.units import degrees, kilovolts, millimetres, positive, said, times

TAG = 34118
_UNNAMED_PIXEL = 3
_UNNAMED_WIDTH = 1024
_SOURCE = ScaleSource.ZEISS


def parse(entries: Mapping[str, object], height: int, width: int) -> Settings:
    """Read the tag of an image of this size in pixels, databar included."""
    size, note = scale(_SOURCE, _entry(entries, "ap_image_pixel_size"))
    note = _stored(entries).resized(_SOURCE, height, width) or note or _doubt(entries, size, width)
    return Settings(
        _SOURCE,
        None if note else size,
        note,
        None,
        "Zeiss",
        kilovolts(_entry(entries, "ap_actualkv") or ""),
        millimetres(_entry(entries, "ap_wd") or ""),
        Acquisition(
            times(_entry(entries, "ap_mag") or ""),
            said(f"{_entry(entries, 'ap_date') or ''} {_entry(entries, 'ap_time') or ''}"),
            said(_entry(entries, "sv_serial_number") or _entry(entries, "dp_sem")),
            said(_entry(entries, "dp_detector_type") or _entry(entries, "dp_detector_channel")),
            None if _allowed(entries) else degrees(_entry(entries, "ap_stage_at_t") or ""),
            _allowed(entries),
        ),
        f"TIFF tag {TAG}",
    )


def _allowed(entries: Mapping[str, object]) -> bool:
    """Say whether the microscope corrected its picture for the tilt of the stage."""
    return (_entry(entries, "dp_tilt_corrn") or "").strip().casefold() in {"on", "true", "1"}


def _entry(entries: Mapping[str, object], key: str) -> str | None:
    """Give value and unit of an entry as one text."""
    entry = entries.get(key)
    if not isinstance(entry, tuple) or len(entry) < 2:
        return None
    return " ".join(str(part) for part in entry[1:])


def _stored(entries: Mapping[str, object]) -> Declared:
    """Read ``1024 * 768``; a databar is drawn over the picture and adds no rows."""
    sides = re.findall(r"\d{1,9}", _entry(entries, "dp_image_store") or "")
    return Declared(int(sides[1]), int(sides[0]), 0) if len(sides) == 2 else Declared()


def _doubt(entries: Mapping[str, object], size: PixelSize | None, width: int) -> str:
    """Compare the pixel size with the unnamed one, which is told apart from it."""
    unnamed = entries.get("", ())
    if size is None or not isinstance(unnamed, tuple) or len(unnamed) <= _UNNAMED_PIXEL:
        return ""
    side = positive(str(unnamed[_UNNAMED_PIXEL]), 1e6 * _UNNAMED_WIDTH / width)
    if side is None or not differ(side, size.col_um):
        return ""
    return (
        f"The {_SOURCE} contradicts itself: for the {width} pixels of a row it gives a pixel of "
        f"{size.nm:.6g} or {1000 * side:.6g} nm; the file may be resized. "
        f"{MEASURE.capitalize()}"
    )
