"""Lengths with a unit, as microscopes write them, in micrometres."""

import math
import re

from microcrystalnet.decimals import NUMBER, first_number, is_unclear, number

_MICROMETRES = {
    "pm": 1e-6,
    "å": 1e-4,
    "angstrom": 1e-4,
    "nm": 1e-3,
    "nanometer": 1e-3,
    "um": 1.0,
    "µm": 1.0,  # micro sign
    "μm": 1.0,  # Greek mu
    "\\u00b5m": 1.0,  # as ImageJ escapes it
    "micron": 1.0,
    "microns": 1.0,
    "micrometer": 1.0,
    "mm": 1e3,
    "millimeter": 1e3,
    "m": 1e6,
    "meter": 1e6,
}
_LONGEST = 120  # characters of a name or date that are kept
_TIMES = re.compile(rf"\s*x?\s*({NUMBER})\s*(k)?\s*x?\s*$", re.IGNORECASE)
_LENGTH = re.compile(rf"\s*({NUMBER})\s*([^\s\d/,;]+)", re.IGNORECASE)
_BARE = re.compile(rf"\s*{NUMBER}\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\A[\s,;/x×*]*", re.IGNORECASE)


def unit_um(unit: str) -> float | None:
    """Give a unit in micrometres, or None where it is unknown.

    ``inch`` and ``cm`` are left out on purpose: image programs write them for print resolution.
    """
    return _MICROMETRES.get(unit.strip().casefold())


def length_um(text: str) -> float | None:
    """Read a length such as ``10um`` or ``9.77 nm``, in micrometres, or None."""
    match = _LENGTH.match(text)
    unit = unit_um(match.group(2)) if match else None
    if match is None or unit is None:
        return None
    return positive(match.group(1), unit)


def lengths_um(text: str) -> list[float | None]:
    """Read lengths that follow each other, such as ``12.8um 9.6um``, in micrometres."""
    lengths = []
    while match := _LENGTH.match(text):
        lengths.append(length_um(match.group()))
        text = _BETWEEN.sub("", text[match.end() :], count=1)
    return lengths


def why_not(text: str, wanted: str = "a length above 0 in a known unit") -> str:
    """Say why a text is not read as what is ``wanted``, to follow its value."""
    if is_unclear(text):
        return "whose comma may be decimal or part thousands"
    return f"which is not {wanted}"


def positive(written: str, unit: float = 1.0, *, whole: bool = False) -> float | None:
    """Read a positive number times a unit, or None; ``whole`` as in `number`."""
    value = (number(written, whole=whole) or 0.0) * unit
    return value if math.isfinite(value) and value > 0 else None


def bare(text: str, unit: str) -> str:
    """Add a unit to a number that has none; other text stays as it is."""
    return f"{text} {unit}" if _BARE.fullmatch(text) else text


def kilovolts(text: str) -> float | None:
    """Read a voltage such as ``20.00 kV`` or ``15000 Volt``, in kilovolts, or None."""
    match = _LENGTH.match(text)
    unit = {"kv": 1.0, "v": 1e-3, "volt": 1e-3}.get(match.group(2).casefold()) if match else None
    return positive(match.group(1), unit) if match and unit else None


def times(text: str) -> float | None:
    """Read a magnification such as ``5000``, ``5.00 K X`` or ``x10k``, or None."""
    match = _TIMES.match(text)
    if match is None:
        return None
    thousands = match.group(2) is not None
    return positive(match.group(1), 1e3 if thousands else 1.0, whole=not thousands)


def degrees(text: str) -> float | None:
    """Read an angle such as ``54.0 °`` between -90 and 90 degrees, or None."""
    angle = first_number(text)
    return angle if angle is not None and abs(angle) < 90 else None


def uncut(text: str, key: str) -> str:
    """Leave out a last line about ``key`` that does not end: its number may be cut off."""
    whole, _, last = text.rpartition("\n")
    return whole + "\n" if key in last else text


def said(text: object) -> str | None:
    """Give what a source wrote about a thing on one line, or None where it wrote nothing."""
    line = " ".join(str("" if text is None else text).split())[:_LONGEST]
    return line or None


def millimetres(text: str) -> float | None:
    """Read a working distance such as ``8100 um``, in millimetres, or None."""
    length = length_um(text)
    return None if length is None else length / 1000
