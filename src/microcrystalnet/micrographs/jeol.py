"""The settings that JEOL microscopes write into ``<stem>.txt`` beside the image.

Lines are ``$CM_MAG 5000`` or ``$$SM_WD 10.0``; one and two leading ``$`` both occur.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from microcrystalnet.domain.micrograph import PixelSize, Region
from microcrystalnet.micrographs.units import length_um, positive

_LINE = re.compile(r"^\s*\$\$?((?:CM|SM|MP|PC)_\w+)[ \t]+(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class JeolSettings:
    """What a JEOL sidecar says; ``note`` says why its scale is not used, if it is not."""

    region: Region
    pixel_size: PixelSize | None
    hv_kv: float | None
    wd_mm: float | None
    note: str = ""


def is_jeol(text: str) -> bool:
    """Say whether a sidecar was written by a JEOL microscope; Hitachi uses the same file name."""
    return re.search(r"^\s*\$\$?(?:CM|SM)_\w+", text, re.MULTILINE) is not None


def parse(text: str, height: int, width: int) -> JeolSettings:
    """Read a sidecar for an image of this size.

    Parameters
    ----------
    text
        Content of the sidecar.
    height, width
        Actual size of the image file in pixels, databar included.
    """
    values = dict(_LINE.findall(text))
    whole = Region(0, 0, height, width)
    hv, wd = _number(values, "CM_ACCEL_VOLT"), _number(values, "SM_WD")
    note = _resized(values, height, width)
    if note:
        return JeolSettings(whole, None, hv, wd, note)
    size = _pixel_size(values)
    return JeolSettings(
        _without_databar(values, whole),
        size,
        hv,
        wd,
        "" if size else "The JEOL sidecar gives neither a pixel size nor a scale bar.",
    )


def _number(values: Mapping[str, str], key: str) -> float | None:
    return positive(values.get(key, "").split(" ")[0])


def _declared(values: Mapping[str, str]) -> tuple[int, int] | None:
    """Give the declared (height, width) of the image without its databar."""
    numbers = re.findall(r"\d+", values.get("CM_FULL_SIZE", ""))
    return (int(numbers[1]), int(numbers[0])) if len(numbers) >= 2 else None


def _resized(values: Mapping[str, str], height: int, width: int) -> str:
    """Explain why the scale does not hold for this file, or give an empty text."""
    declared = _declared(values)
    if declared is None:
        return ""
    rows, cols = declared
    if width == cols and rows <= height <= rows * 1.25:
        return ""
    return (
        f"The sidecar describes {cols} x {rows} pixels but the file has {width} x {height}; "
        "it was resized or cropped, so the scale of the sidecar does not hold."
    )


def _without_databar(values: Mapping[str, str], whole: Region) -> Region:
    declared, bar = _declared(values), _number(values, "SM_PNU_HEIGHT")
    if declared is not None and declared[0] < whole.row1:
        return Region(0, 0, declared[0], whole.col1)
    if declared is None and bar is not None and bar < whole.row1:
        return Region(0, 0, whole.row1 - int(bar), whole.col1)
    return whole


def _pixel_size(values: Mapping[str, str]) -> PixelSize | None:
    side = length_um(values.get("CM_PIXEL_SIZE", ""))
    if side is None:
        marker, bar = (
            length_um(values.get("SM_MICRON_MARKER", "")),
            _number(values, "SM_MICRON_BAR"),
        )
        side = marker / bar if marker and bar else None
    return PixelSize(side, side) if side else None
