"""The settings that JEOL microscopes write into ``<stem>.txt`` beside the image.

Lines are ``$CM_MAG 5000`` or ``$$SM_WD 10.0``; one and two leading ``$`` both occur.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from microcrystalnet.decimals import first_number, plain
from microcrystalnet.domain.micrograph import Acquisition, PixelSize, ScaleSource
from microcrystalnet.micrographs.declared import Declared
from microcrystalnet.micrographs.settings import MEASURE, Settings, differ
from microcrystalnet.micrographs.units import (
    degrees,
    length_um,
    lengths_um,
    positive,
    said,
    times,
    uncut,
    why_not,
)

_SOURCE = ScaleSource.JEOL_SIDECAR
_LENGTHS = {
    "CM_PIXEL_SIZE": "pixel size",
    "SM_MICRON_MARKER": "scale bar",
    "CM_FIELD_OF_VIEW": "field of view",
}
_UNITS_UM = (1e-3, 1.0, 1e3, 1e6)  # nanometres to metres
_LINE = re.compile(r"^\s*\$\$?((?:CM|SM|MP|PC)_\w+)[ \t]+(.+?)\s*$", re.MULTILINE)


def is_jeol(text: str) -> bool:
    """Say whether a sidecar was written by a JEOL microscope; Hitachi uses the same file name."""
    return re.search(r"^\s*\$\$?(?:CM|SM)_\w+", text, re.MULTILINE) is not None


def parse(text: str, height: int, width: int) -> Settings:
    """Read a sidecar for an image of this size.

    Parameters
    ----------
    text
        Content of the sidecar.
    height, width
        Actual size of the image file in pixels, databar included.
    """
    values = dict(_LINE.findall(uncut(text, "SM_MICRON_BAR")))
    declared = _declared(values)
    resized = declared.resized(_SOURCE, height, width)
    sides = [] if resized else _sides_um(values, declared)
    doubt = _doubt(sides) or _unitless_doubt(values, declared, sides) if sides else _unread(values)
    note = resized or doubt
    return Settings(
        _SOURCE,
        None if note else PixelSize(sides[0], sides[0]),
        note,
        None if resized else declared.region(height, width),
        "JEOL",
        _number(values, "CM_ACCEL_VOLT"),
        _number(values, "SM_WD"),
        Acquisition(
            times(values.get("CM_MAG", "")),
            said(f"{values.get('CM_DATE', '')} {values.get('CM_TIME', '')}"),
            said(values.get("CM_INSTRUMENT")),
            said(values.get("CM_SIGNAL_NAME") or values.get("CM_SIGNAL")),
            _tilt(values),
        ),
    )


def _doubt(sides: Sequence[float]) -> str:
    """Explain why the pixel sizes of the entries are not used, or give an empty text."""
    if not differ(max(sides), min(sides)):
        return ""
    return (
        f"The {_SOURCE} contradicts itself: its pixel is {1000 * min(sides):g} or "
        f"{1000 * max(sides):g} nm wide; {MEASURE}"
    )


def _unitless_doubt(values: Mapping[str, str], declared: Declared, sides: Sequence[float]) -> str:
    """Say that a length without a unit fits the pixel of the other entries in no unit at all.

    It is no scale, since nobody says what it is in, but its digits can still contradict one.
    """
    field = [(each, "field of view") for each in values.get("CM_FIELD_OF_VIEW", "").split()]
    along = zip(field, (declared.width, declared.height), strict=False)
    pixel = [((each, "pixel size"), 1) for each in values.get("CM_PIXEL_SIZE", "").split()[:1]]
    for (number, name), pixels in (*pixel, *along):
        if pixels and positive(number) and not _fits(number, pixels * sides[0]):
            return (
                f"The {_SOURCE} contradicts itself: a {name} of “{number[:40]}” without a unit "
                f"fits its pixel of {1000 * sides[0]:.6g} nm in none; {MEASURE}"
            )
    return ""


def _fits(number: str, length: float) -> bool:
    """Say whether a number is a length in micrometres in any unit, up to its last digit."""
    written = Decimal(plain(number) or 0)
    value, last_digit = float(written), 0.5 * 10.0 ** int(written.as_tuple().exponent)
    return any(
        not differ(value * unit, length) or abs(value * unit - length) <= last_digit * unit
        for unit in _UNITS_UM
    )


def _unread(values: Mapping[str, str]) -> str:
    """Explain why none of the entries gives a pixel size."""
    for key, name in _LENGTHS.items():
        if key in values and length_um(values[key]) is None:
            return (
                f"The {_SOURCE} gives a {name} of “{values[key][:40]}”, {why_not(values[key])}; "
                f"{MEASURE}"
            )
    bar = values.get("SM_MICRON_BAR")
    if bar is not None and _number(values, "SM_MICRON_BAR") is None:
        return (
            f"The {_SOURCE} gives a scale bar that is “{bar[:40]}” pixels long, "
            f"{why_not(bar, 'a number above 0')}; {MEASURE}"
        )
    return f"The {_SOURCE} gives neither a pixel size nor a scale bar; {MEASURE}"


def _number(values: Mapping[str, str], key: str) -> float | None:
    value = first_number(values.get(key, ""))
    return value if value is not None and value > 0 else None


def _tilt(values: Mapping[str, str]) -> float | None:
    """Give the tilt of the stage where it is named, as in ``X=1.2, Y=3, R=0, Z=10, T=30.00``.

    In other sidecars six bare numbers stand there, whose order nobody confirms.
    """
    named = re.search(r"(?<![A-Za-z0-9_])T\s*=(.*)", values.get("CM_STAGE_POSITION", ""))
    return degrees(named.group(1)) if named else None


def _declared(values: Mapping[str, str]) -> Declared:
    """Give the declared size of the picture, which does not count the databar."""
    size = values.get("CM_FULL_SIZE") or values.get("CM_IMAGE_SIZE") or ""
    numbers, bar = re.findall(r"\d{1,9}", size), _number(values, "SM_PNU_HEIGHT")
    databar = None if bar is None else int(bar)
    if len(numbers) < 2:
        return Declared(databar=databar)
    return Declared(int(numbers[1]), int(numbers[0]), databar)


def _sides_um(values: Mapping[str, str], declared: Declared) -> list[float]:
    """Give the side of a pixel in micrometres as each of the entries tells it, best first.

    The field of view is a width, with or without a height after it.
    """
    marker, bar = length_um(values.get("SM_MICRON_MARKER", "")), _number(values, "SM_MICRON_BAR")
    fields = lengths_um(values.get("CM_FIELD_OF_VIEW", ""))
    told = (
        length_um(values.get("CM_PIXEL_SIZE", "")),
        marker / bar if marker and bar else None,
        *(
            field / side if field and side else None
            for field, side in zip(fields, (declared.width, declared.height), strict=False)
        ),
    )
    return [side for side in told if side]
