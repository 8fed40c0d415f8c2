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
    note = _resized(values, height, width)
    region = whole if note else _without_databar(values, whole)
    sides = [] if note else _sides_um(values)
    if not note and not sides:
        note = "The JEOL sidecar gives neither a pixel size nor a scale bar."
    elif sides and max(sides) > 1.05 * min(sides):
        note = (
            f"The JEOL sidecar contradicts itself: its pixel is {1000 * min(sides):g} or "
            f"{1000 * max(sides):g} nm wide; measure the scale bar and type the pixel size."
        )
    return JeolSettings(
        region,
        None if note else PixelSize(sides[0], sides[0]),
        _number(values, "CM_ACCEL_VOLT"),
        _number(values, "SM_WD"),
        note,
    )


def _number(values: Mapping[str, str], key: str) -> float | None:
    match = re.match(r"[-+0-9.eE]+", values.get(key, ""))
    return positive(match.group()) if match else None


def _declared(values: Mapping[str, str]) -> tuple[int, int] | None:
    """Give the declared (height, width) of the picture, which does not count the databar."""
    size = values.get("CM_FULL_SIZE") or values.get("CM_IMAGE_SIZE") or ""
    numbers = re.findall(r"\d+", size)
    return (int(numbers[1]), int(numbers[0])) if len(numbers) >= 2 else None


def _resized(values: Mapping[str, str], height: int, width: int) -> str:
    """Explain why the scale does not hold for this file, or give an empty text."""
    declared = _declared(values)
    if declared is None or (declared[1] == width and _fits(values, declared[0], height)):
        return ""
    return (
        f"The sidecar describes {declared[1]} x {declared[0]} pixels but the file has "
        f"{width} x {height}; it was resized or cropped, so the sidecar's scale does not hold."
    )


def _fits(values: Mapping[str, str], declared: int, actual: int) -> bool:
    """Say whether the rows below the declared ones are as many as a databar has."""
    bar = _number(values, "SM_PNU_HEIGHT")
    if bar is not None:
        return actual in {declared, declared + int(bar)}
    return declared <= actual <= declared * 1.25


def _without_databar(values: Mapping[str, str], whole: Region) -> Region:
    declared, bar = _declared(values), _number(values, "SM_PNU_HEIGHT")
    if declared is not None:
        return Region(0, 0, declared[0], whole.col1)
    if bar is not None and bar < whole.row1 / 2:
        return Region(0, 0, whole.row1 - int(bar), whole.col1)
    return whole


def _sides_um(values: Mapping[str, str]) -> list[float]:
    """Give the side of a pixel in micrometres as each of the entries tells it, best first."""
    marker, bar = length_um(values.get("SM_MICRON_MARKER", "")), _number(values, "SM_MICRON_BAR")
    field, declared = length_um(values.get("CM_FIELD_OF_VIEW", "")), _declared(values)
    told = (
        length_um(values.get("CM_PIXEL_SIZE", "")),
        marker / bar if marker and bar else None,
        field / declared[1] if field and declared and declared[1] else None,
    )
    return [side for side in told if side]
