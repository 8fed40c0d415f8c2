"""How a large micrograph is divided into parts, and which part answers for which crystal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region

LONGEST = 2048  # pixels up to which a micrograph is seen whole; measured, see docs/decisions.md
OVERLAP = 4  # parts overlap by one in so many
MOST = 5  # parts in a row: parts of huge micrographs grow rather than become many
TOUCHING = 2  # pixels from a seam within which a crystal counts as cut by it
SLACK = 8  # a crystal may lie outside its part's own share by the overlap over this
SAME = 0.5  # IoU from which two parts mean one crystal

Extent = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Grid:
    """Parts of a (height, width) micrograph that overlap by ``overlap`` pixels or more.

    ``shares`` divide the micrograph: of each place, one part is in charge.
    """

    shape: tuple[int, int]
    overlap: int
    parts: tuple[Region, ...]
    shares: tuple[Region, ...]

    @classmethod
    def over(cls, shape: tuple[int, int], side: int) -> "Grid":
        """Divide what is longer than ``side``; anything else has no parts."""
        longest = max(shape)
        if longest <= side:
            return cls(shape, 0, (), ())
        # With an overlap of a quarter, MOST parts in a row reach over four sides.
        side = max(side, -(-longest // (MOST - 1)))
        overlap = side // OVERLAP
        rows, cols = (_intervals(length, side, overlap) for length in shape)
        parts = tuple(Region(r[0], c[0], r[1], c[1]) for r in rows for c in cols)
        shares = tuple(Region(r[2], c[2], r[3], c[3]) for r in rows for c in cols)
        return cls(shape, overlap, parts, shares)

    def cuts(self, number: int, box: Region) -> bool:
        """Say whether a crystal seen on a part reaches one of its seams."""
        part, (height, width) = self.parts[number], self.shape
        return (
            (part.row0 > 0 and box.row0 - part.row0 < TOUCHING)
            or (part.col0 > 0 and box.col0 - part.col0 < TOUCHING)
            or (part.row1 < height and part.row1 - box.row1 < TOUCHING)
            or (part.col1 < width and part.col1 - box.col1 < TOUCHING)
        )

    def depth(self, number: int, extent: Extent) -> float:
        """Give the distance from an extent's nearest side to the nearest seam of a part.

        Negative if it sticks out; infinite where no seam is.
        """
        part, (height, width) = self.parts[number], self.shape
        row0, col0, row1, col1 = extent
        return min(
            row0 - part.row0 if part.row0 > 0 else np.inf,
            col0 - part.col0 if part.col0 > 0 else np.inf,
            part.row1 - 1 - row1 if part.row1 < height else np.inf,
            part.col1 - 1 - col1 if part.col1 < width else np.inf,
        )

    def home(self, extent: Extent) -> int | None:
        """Give the part in which an extent lies deepest; None if it fits into none."""
        depths = [self.depth(number, extent) for number in range(len(self.parts))]
        best = int(np.argmax(depths)) if depths else 0
        return best if depths and depths[best] >= 0 else None

    def answers_for(self, number: int, box: Region) -> bool:
        """Say whether a part is in charge of a crystal: its middle lies in the part's share.

        The share is a little larger than its own, lest two parts that see a crystal's middle a
        pixel apart both leave it to the other.
        """
        share, slack = self.shares[number], self.overlap / SLACK
        row, col = (box.row0 + box.row1) / 2, (box.col0 + box.col1) / 2
        return (
            share.row0 - slack <= row <= share.row1 + slack
            and share.col0 - slack <= col <= share.col1 + slack
        )


def _intervals(length: int, side: int, overlap: int) -> list[tuple[int, int, int, int]]:
    """Give start and end of the parts of one side, and of their shares."""
    if length <= side:
        return [(0, length, 0, length)]
    count = -(-(length - overlap) // (side - overlap))
    starts = [round(each) for each in np.linspace(0, length - side, count)]
    middles = [(one + side + two) // 2 for one, two in pairwise(starts)]
    borders = [0, *middles, length]
    return [
        (start, start + side, borders[number], borders[number + 1])
        for number, start in enumerate(starts)
    ]


def deepest_first(grid: Grid, found: Iterable[tuple[int, Mask]]) -> list[Mask]:
    """Keep masks that are whole and on the part in charge, those farthest from seams first."""
    kept = []
    for number, mask in found:
        box = mask.region
        if grid.answers_for(number, box) and not grid.cuts(number, box):
            extent = (box.row0, box.col0, box.row1 - 1, box.col1 - 1)
            kept.append((grid.depth(number, extent), mask))
    return [mask for _, mask in sorted(kept, key=lambda each: -each[0])]


def without_doubles(masks: Sequence[Mask]) -> list[Mask]:
    """Keep the first of masks that mean one crystal; crystals inside others stay."""
    boxes = np.array([mask.region.corners for mask in masks]).reshape(-1, 4)
    alive = np.ones(len(masks), bool)
    for number, mask in enumerate(masks):
        if alive[number]:
            for other in np.flatnonzero(alive & _near(boxes, number)).tolist():
                if mask.iou(masks[other]) > SAME:
                    alive[other] = False
    return [masks[number] for number in np.flatnonzero(alive).tolist()]


def _near(boxes: NDArray[np.intp], number: int) -> NDArray[np.bool_]:
    """Say which later boxes meet a box."""
    row0, col0, row1, col1 = boxes[number]
    near = (boxes[:, 0] < row1) & (boxes[:, 2] > row0) & (boxes[:, 1] < col1) & (boxes[:, 3] > col0)
    near[: number + 1] = False
    return np.asarray(near)
