"""Merges touching cells, weakest border first, until one region is left: a tree of candidates."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.segmentation.cells import Borders

SMALL_PX = 400.0
SMALL_POWER = 0.3


@dataclass(frozen=True, slots=True)
class Merge:
    """Two regions became one: their numbers, the border they shared, and how strong it was."""

    one: int
    two: int
    length: float
    strength: float
    weight: float


class _Regions:
    """The regions that are left, and the borders between them."""

    def __init__(self, areas: NDArray[np.float64], borders: Borders) -> None:
        self.areas: list[float] = areas.tolist()
        self.near: list[dict[int, tuple[float, float]]] = [{} for _ in self.areas]
        for (one, two), length, strength in zip(
            borders.pairs.tolist(),
            borders.length.tolist(),
            borders.strength.tolist(),
            strict=True,
        ):
            self.near[one][two] = self.near[two][one] = (length, strength)

    def weight(self, one: int, two: int) -> float:
        """Give the mean edge along a border; small regions are merged more readily."""
        length, strength = self.near[one][two]
        smaller = min(self.areas[one], self.areas[two])
        readiness: float = (smaller / (smaller + SMALL_PX)) ** SMALL_POWER
        return strength / length * readiness

    def join(self, one: int, two: int) -> tuple[int, tuple[float, float]]:
        """Replace two regions by a new one; give its number and the border that vanished."""
        new, shared = len(self.areas), self.near[one][two]
        large, small = (one, two) if len(self.near[one]) >= len(self.near[two]) else (two, one)
        near, other = self.near[large], self.near[small]
        del near[small], other[large]
        for neighbour, (length, strength) in other.items():
            had = near.get(neighbour, (0.0, 0.0))
            near[neighbour] = (length + had[0], strength + had[1])
            del self.near[neighbour][small]
        for neighbour, border in near.items():
            self.near[neighbour].pop(large, None)
            self.near[neighbour][new] = border
        self.areas.append(self.areas[one] + self.areas[two])
        self.near.append(near)
        self.near[one] = self.near[two] = {}
        return new, shared


def merges(areas: NDArray[np.float64], borders: Borders) -> Iterator[Merge]:
    """Give the merges in order; the k-th makes region ``len(areas) + k``."""
    regions = _Regions(areas, borders)
    queue = [(regions.weight(one, two), one, two) for one, two in borders.pairs.tolist()]
    heapq.heapify(queue)
    gone = [False] * (2 * len(areas))
    while queue:
        weight, one, two = heapq.heappop(queue)
        if gone[one] or gone[two]:
            continue
        gone[one] = gone[two] = True
        new, (length, strength) = regions.join(one, two)
        yield Merge(one, two, length, strength, weight)
        for neighbour in regions.near[new]:
            heapq.heappush(queue, (regions.weight(new, neighbour), neighbour, new))
