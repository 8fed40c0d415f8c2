"""Leaves out of a new outlining what was accepted before."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.imaging.meeting import beside

SAME = 0.5  # share of the smaller of two masks inside the other from which they are one crystal
REPEATED = 0.9  # intersection over union from which two outlines are one, drawn or saved twice


def without_repeats(found: Sequence[Mask], known: Sequence[Mask]) -> list[Mask]:
    """Leave out what is as good as a known mask; neighbours that overlap stay."""
    return [
        mask
        for mask, near in zip(found, beside(found, known), strict=True)
        if not any(mask.iou(other) >= REPEATED for other in near)
    ]


def giving_way(found: Sequence[Mask], known: Sequence[Mask]) -> list[Mask]:
    """Leave out doubles of known masks, and cut off the others what those hold.

    A double lies mostly inside a known mask or mostly covers one. At least half of each of the
    others is left.
    """
    pairs = zip(found, beside(found, known), strict=True)
    fresh = ((mask, _left_of(mask, near)) for mask, near in pairs if not _is_double(mask, near))
    return [
        mask if left is mask.pixels else Mask.from_pixels(left, mask.row, mask.col)
        for mask, left in fresh
        if np.count_nonzero(left) >= mask.area * SAME
    ]


def _left_of(mask: Mask, known: Sequence[Mask]) -> NDArray[np.bool_]:
    """Give a mask's pixels but those of known masks."""
    left = mask.pixels
    for other in known:
        row, col = other.row - mask.row, other.col - mask.col
        taken = np.zeros(left.shape, bool)
        window = taken[
            max(row, 0) : max(row + other.pixels.shape[0], 0),
            max(col, 0) : max(col + other.pixels.shape[1], 0),
        ]
        top, side = max(-row, 0), max(-col, 0)
        window[...] = other.pixels[top : top + window.shape[0], side : side + window.shape[1]]
        if (left & taken).any():
            left = left & ~taken
    return left


def _is_double(mask: Mask, known: Sequence[Mask]) -> bool:
    area = mask.area
    return any(mask.overlap(other) > SAME * min(area, other.area) for other in known)
