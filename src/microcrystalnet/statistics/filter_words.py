"""Filters written as words, for the command line: ``class=RES,PES`` or ``size=0.5..4``."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.spreadsheets.matching import find_micrograph
from microcrystalnet.statistics.filters import EVERYTHING, Filter, FilterError

_NO, _YES = frozenset({"no", "false", "0"}), frozenset({"yes", "true", "1"})
EXPLAINED = (
    "Repeat for each: class=RES,PES  size=0.5..4 (equivalent diameter)  edge=no  occluded=no  "
    "small=no  confidence=0.8  state=agreed,adjudicated  sample=K-12  texture=fitted  "
    "image=a.tif,b.tif"
)


def filter_of(words: Sequence[str], micrographs: Mapping[str, Micrograph]) -> Filter:
    """Read a filter from its words.

    Raises
    ------
    FilterError
        If a word is not understood, or names a micrograph that is not there.
    """
    found = EVERYTHING
    for word in words:
        key, mark, value = (part.strip() for part in word.partition("="))
        if not mark or not value:
            raise FilterError(f"“{word}” is no filter; write it like class=RES or edge=no.")
        found = _with(found, key.casefold(), value, micrographs)
    return found


def _with(found: Filter, key: str, value: str, micrographs: Mapping[str, Micrograph]) -> Filter:
    known: Mapping[str, Callable[[], Filter]] = {
        "class": lambda: replace(found, classes=_parts(value)),
        "state": lambda: replace(found, states=_parts(value)),
        "sample": lambda: replace(found, samples=_parts(value)),
        "texture": lambda: replace(found, textures=_parts(value)),
        "edge": lambda: replace(found, edge=_switch(key, value)),
        "occluded": lambda: replace(found, occluded=_switch(key, value)),
        "small": lambda: replace(found, too_small=_switch(key, value)),
        "size": lambda: _between(found, value),
        "confidence": lambda: replace(found, least_confidence=_number(value)),
        "image": lambda: replace(found, images=_images(value, micrographs)),
    }
    if key not in known:
        raise FilterError(f"There is no filter “{key}”. {EXPLAINED}.")
    return known[key]()


def _between(found: Filter, value: str) -> Filter:
    low, mark, high = value.partition("..")
    if not mark:
        raise FilterError(f"A size is given as a range, such as 0.5..4 or 2.., not “{value}”.")
    least, most = (_number(each) if each.strip() else None for each in (low, high))
    return replace(found, smallest=least, largest=most)


def _images(value: str, micrographs: Mapping[str, Micrograph]) -> frozenset[str]:
    found = set[str]()
    for name in sorted(_parts(value)):
        fitting = find_micrograph([name], micrographs)
        if not fitting:
            raise FilterError(f"The project has no micrograph {name}; give its file name.")
        found.update(each.image_id for each in fitting)
    return frozenset(found)


def _parts(value: str) -> frozenset[str]:
    return frozenset(part.strip() for part in value.split(",") if part.strip())


def _switch(key: str, value: str) -> bool:
    if value.casefold() in _YES | _NO:
        return value.casefold() in _YES
    raise FilterError(f"{key} is yes or no, not “{value}”.")


def _number(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise FilterError(f"“{value}” is not a number; write it like 0.5.")
    return number
