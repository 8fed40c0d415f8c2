"""Leaves out of a new outlining what was accepted before."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask

SAME = 0.5  # share of the smaller of two masks inside the other from which they are one crystal


def without_doubles(found: Sequence[Mask], known: Sequence[Mask]) -> list[Mask]:
    """Leave out what lies mostly inside, or mostly covers, a known mask."""
    boxes = np.array([_corners(mask) for mask in known]).reshape(-1, 4)
    return [mask for mask in found if not _is_double(mask, known, boxes)]


def _is_double(mask: Mask, known: Sequence[Mask], boxes: NDArray[np.int64]) -> bool:
    row0, col0, row1, col1 = _corners(mask)
    near = (boxes[:, 0] < row1) & (boxes[:, 2] > row0) & (boxes[:, 1] < col1) & (boxes[:, 3] > col0)
    neighbours = [known[at] for at in np.flatnonzero(near).tolist()]
    return any(mask.overlap(old) > SAME * min(mask.area, old.area) for old in neighbours)


def _corners(mask: Mask) -> tuple[int, int, int, int]:
    box = mask.region
    return box.row0, box.col0, box.row1, box.col1
