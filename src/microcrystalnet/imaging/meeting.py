"""Which of many masks can overlap at all, found by their bounding boxes."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask


def meeting(masks: Sequence[Mask], others: Sequence[Mask]) -> Iterator[tuple[int, int]]:
    """Give the pairs whose bounding boxes share a pixel, as places in the two sequences.

    The others are ordered by their first row, so that each mask is laid beside those of its rows
    only, not beside all of them.
    """
    row0, col0, row1, col1 = _boxes(others)
    order = np.argsort(row0, kind="stable")
    row0, col0, row1, col1 = row0[order], col0[order], row1[order], col1[order]
    reach = np.maximum.accumulate(row1)  # no box before a place reaches below this row
    for place, mask in enumerate(masks):
        box = mask.region
        first = int(np.searchsorted(reach, box.row0, side="right"))
        near = slice(first, int(np.searchsorted(row0, box.row1, side="left")))
        meets = (row1[near] > box.row0) & (col0[near] < box.col1) & (col1[near] > box.col0)
        for other in sorted(order[near][meets].tolist()):
            yield place, other


def beside(masks: Sequence[Mask], others: Sequence[Mask]) -> list[list[Mask]]:
    """Give, for each mask, the others whose bounding boxes share a pixel with its own."""
    found: list[list[Mask]] = [[] for _ in masks]
    for place, other in meeting(masks, others):
        found[place].append(others[other])
    return found


def _boxes(masks: Sequence[Mask]) -> tuple[NDArray[np.int64], ...]:
    regions = [mask.region for mask in masks]
    sides = ("row0", "col0", "row1", "col1")
    return tuple(np.array([getattr(each, side) for each in regions], np.int64) for side in sides)
