"""Numbers as people and microscopes write them: with a decimal point or a decimal comma."""

import math
import re

NUMBER = r"[-+]?[0-9.,]*[0-9]\.?(?:e[-+]?[0-9]+)?"  # ends before a comma that parts two numbers
_PARTS = re.compile(r"([-+]?)([0-9.,]+)((?:e[-+]?[0-9]+)?)", re.IGNORECASE)
_BEGIN = re.compile(rf"\s*({NUMBER})(?![0-9])", re.IGNORECASE)
_GROUPED = re.compile(r"[0-9]{1,3}(?:(?:,[0-9]{3})+\.[0-9]*|(?:,[0-9]{3}){2,})")  # 1,234.5
_POINTED = re.compile(r"[0-9]{1,3}(?:(?:\.[0-9]{3})+,[0-9]*|(?:\.[0-9]{3}){2,})")  # 1.234,5
_UNCLEAR = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")  # 1,234: one and a bit, or a thousand


def number(text: str, *, whole: bool = False) -> float | None:
    """Read a finite number, or None where it is none or its comma is unclear.

    A comma is decimal, as in ``12,8``, unless it parts thousands for certain, as in ``1,234.5``.
    In ``1,234`` it may do either; that is read only as the thousands of a ``whole`` number.
    """
    written = plain(text, whole=whole)
    return None if written is None else float(written)


def plain(text: str, *, whole: bool = False) -> str | None:
    """Write such a number with a decimal point and no thousands, with the same last digit."""
    match = _PARTS.fullmatch(text.strip())
    if match is None:
        return None
    sign, digits, exponent = match.groups()
    if _UNCLEAR.fullmatch(digits) and not exponent:
        digits = digits.replace(",", "" if whole else "?")
    elif _GROUPED.fullmatch(digits):
        digits = digits.replace(",", "")
    elif _POINTED.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    written = f"{sign}{digits.replace(',', '.')}{exponent}"
    try:
        return written if math.isfinite(float(written)) else None
    except ValueError:
        return None


def is_unclear(text: str) -> bool:
    """Say whether a text begins with a number whose comma may be decimal or part thousands."""
    match = _BEGIN.match(text)
    return match is not None and bool(_UNCLEAR.fullmatch(match.group(1).lstrip("+-")))


def first_number(text: str) -> float | None:
    """Read the number that a text begins with, such as ``54,7 °``, or None."""
    match = _BEGIN.match(text)
    return None if match is None else number(match.group(1))
