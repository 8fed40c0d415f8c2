"""What shows that a picture was resized, where its microscope writes no size to compare with."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import Micrograph, ScaleSource
from microcrystalnet.errors import ScaleBarError
from microcrystalnet.micrographs.databar import Databar
from microcrystalnet.micrographs.scale_bar import ScaleBar, find_bar

UNCHECKED = frozenset({ScaleSource.PHENOM, ScaleSource.TESCAN, ScaleSource.TESCAN_HEADER})
_EDITORS = (
    *("photoshop", "lightroom", "gimp", "affinity", "paint.net", "irfanview", "imagemagick"),
    *("corel", "acdsee", "xnview", "faststone", "picasa", "windows photo"),
)
CHECK = "check the scale against the bar in the picture, or measure that."
_LEAST_ROWS = 3  # by which two heights of one databar may differ, and a tenth
_ROUND = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)  # times a power of ten: what is written beside bars
_NEARLY = 0.015  # relative; a bar has a whole number of pixels
_LONGEST = 0.7  # of the picture's width; what is longer is a frame
_SHORTEST_PX = 30
_MARK = 0.3  # of the range between the darkest and the brightest


def is_editor(name: str) -> bool:
    """Say whether a program that saved a file is an image editor."""
    return any(each in name.casefold() for each in _EDITORS)


def saved_by(source: ScaleSource, editor: str) -> str:
    """Say that an image editor may have resized a picture, or give an empty text."""
    if not editor or source not in UNCHECKED:
        return ""
    return (
        f"The file was saved by {editor[:60]}, which may have resized it; the {source} tells no "
        f"size to compare: {CHECK}"
    )


def looked_at(known: Micrograph, pixels: NDArray[np.generic], found: Databar) -> Micrograph:
    """Compare what a tag says with the databar and the scale bar in the (height, width) picture.

    Of sources that declare their picture's size nothing is asked here: it was compared.
    """
    if known.scale_source not in UNCHECKED:
        return known
    said, there = known.height - known.region.row1, known.height - found.row
    if said and abs(said - there) > max(_LEAST_ROWS, 0.1 * said):
        note = (
            f"The {known.scale_source} tells of a databar of {said} rows but the picture has one "
            f"of {there}; the picture may have been resized: {CHECK}"
        )
        origins = {**known.origins, "databar": "found in the picture, against the tag"}
        return replace(known, scale_note=note, region=found.region(known.width), origins=origins)
    note = _odd(known, burnt_in(pixels, found.row))
    return replace(known, scale_note=note or known.scale_note)


def _odd(known: Micrograph, bar: ScaleBar | None) -> str:
    """Say that a bar would stand for no round length, or give an empty text."""
    if bar is None or known.pixel_size is None:
        return ""
    length_um = bar.length_px * known.pixel_size.col_um
    digits = length_um / 10 ** math.floor(math.log10(length_um))
    if min(abs(digits / each - 1) for each in _ROUND) <= _NEARLY:
        return ""
    return (
        f"By the {known.scale_source} the bar burnt into the picture would stand for "
        f"{length_um:.3g} µm, which is no round length; the picture may have been resized: {CHECK}"
    )


def burnt_in(pixels: NDArray[np.generic], first_row: int) -> ScaleBar | None:
    """Find the scale bar in a databar that begins in this row, if it is the only line there."""
    strip = pixels[first_row:].astype(float)
    low, high = np.nanmin(strip), np.nanmax(strip)
    marks = np.abs(strip - np.nanmedian(strip)) > _MARK * max(float(high - low), 1e-12)
    lines = [each for each in map(_longest, marks) if _like_a_bar(each, pixels.shape[1])]
    if not lines or len(set(lines)) > 1:
        return None
    first, last = lines[0]
    row = first_row + next(at for at, each in enumerate(marks) if _longest(each) == lines[0])
    try:
        found = find_bar(pixels, (row, first), (row, last - 1))
    except ScaleBarError:
        return None
    return found if found.snapped else None


def _like_a_bar(line: tuple[int, int], width: int) -> bool:
    return _SHORTEST_PX <= line[1] - line[0] <= _LONGEST * width


def _longest(row: NDArray[np.bool_]) -> tuple[int, int]:
    """Give the longest run of true pixels as half-open columns, (0, 0) where there is none."""
    edges = np.flatnonzero(np.diff(np.pad(row, 1).astype(np.int8)))
    runs: Sequence[tuple[int, int]] = [
        (int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)
    ]
    return max(runs, key=lambda each: each[1] - each[0], default=(0, 0))
