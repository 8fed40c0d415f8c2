"""Which crystals lie near one another, found without comparing every pair in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from microcrystalnet.domain.crystal import Crystal

NEAR_PX = 100  # more than anything is ever grown by twice, as a neighbour may have grown as well


class Neighbourhood:
    """The crystals of a micrograph by where they lie."""

    def __init__(self, crystals: Iterable[Crystal]) -> None:
        self._crystals = tuple(crystals)
        self._boxes = np.array([each.mask.region.corners for each in self._crystals]).reshape(-1, 4)

    def around(self, crystal: Crystal) -> list[Crystal]:
        """Give the other crystals whose bounding boxes come within `NEAR_PX` pixels."""
        row0, col0, row1, col1 = crystal.mask.region.corners
        boxes = self._boxes
        near = (boxes[:, 0] < row1 + NEAR_PX) & (row0 - NEAR_PX < boxes[:, 2])
        near &= (boxes[:, 1] < col1 + NEAR_PX) & (col0 - NEAR_PX < boxes[:, 3])
        found = [self._crystals[int(at)] for at in np.flatnonzero(near)]
        return [each for each in found if each.crystal_id != crystal.crystal_id]


class Nearest:
    """The crystals of a micrograph by the middles of their bounding boxes."""

    def __init__(self, crystals: Iterable[Crystal]) -> None:
        self._crystals = tuple(crystals)
        boxes = np.array([each.mask.region.corners for each in self._crystals]).reshape(-1, 4)
        self._middles = boxes[:, :2] + boxes[:, 2:]

    def to(self, crystal: Crystal, count: int) -> list[Crystal]:
        """Give the ``count`` other crystals that lie nearest, the nearest first."""
        row0, col0, row1, col1 = crystal.mask.region.corners
        away = np.abs(self._middles - (row0 + row1, col0 + col1)).astype(np.float64)
        near = np.argsort(np.hypot(away[:, 0], away[:, 1]), kind="stable")[: count + 1]
        found = [self._crystals[int(at)] for at in near]
        return [each for each in found if each.crystal_id != crystal.crystal_id][:count]
