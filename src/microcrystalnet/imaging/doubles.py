"""Leaves out of a new outlining what was accepted before."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask

SAME = 0.5  # share of the smaller of two masks inside the other from which they are one crystal
REPEATED = 0.9  # intersection over union from which two outlines are one, drawn or saved twice


def without_doubles(found: Sequence[Mask], known: Sequence[Mask]) -> list[Mask]:
    """Leave out what lies mostly inside, or mostly covers, a known mask."""
    boxes = np.array([_corners(mask) for mask in known]).reshape(-1, 4)
    return [mask for mask in found if not _is_double(mask, known, boxes)]


def without_repeats(found: Sequence[Mask], known: Sequence[Mask]) -> list[Mask]:
    """Leave out what is as good as a known mask; neighbours that overlap stay."""
    boxes = np.array([_corners(mask) for mask in known]).reshape(-1, 4)
    return [
        mask
        for mask in found
        if not any(mask.iou(known[at]) >= REPEATED for at in _near(mask, boxes))
    ]


def giving_way(found: Sequence[Mask], known: Sequence[Mask]) -> list[Mask]:
    """Leave doubles out, and cut off the others what known masks hold; at least half is left."""
    boxes = np.array([_corners(mask) for mask in known]).reshape(-1, 4)
    fresh = ((mask, _left_of(mask, known, boxes)) for mask in without_doubles(found, known))
    return [
        mask if left is mask.pixels else Mask.from_pixels(left, mask.row, mask.col)
        for mask, left in fresh
        if np.count_nonzero(left) >= mask.area * SAME
    ]


def _left_of(mask: Mask, known: Sequence[Mask], boxes: np.ndarray) -> NDArray[np.bool_]:
    """Give a mask's pixels but those of known masks."""
    left = mask.pixels
    for at in _near(mask, boxes):
        other = known[at]
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


def _is_double(mask: Mask, known: Sequence[Mask], boxes: np.ndarray) -> bool:
    area = mask.area
    return any(
        mask.overlap(known[at]) > SAME * min(area, known[at].area) for at in _near(mask, boxes)
    )


def _near(mask: Mask, boxes: np.ndarray) -> list[int]:
    """Give the places of the boxes that meet a mask's."""
    row0, col0, row1, col1 = _corners(mask)
    near = (boxes[:, 0] < row1) & (boxes[:, 2] > row0) & (boxes[:, 1] < col1) & (boxes[:, 3] > col0)
    return [int(at) for at in np.flatnonzero(near)]


def _corners(mask: Mask) -> tuple[int, int, int, int]:
    box = mask.region
    return box.row0, box.col0, box.row1, box.col1
