"""A tree of nested regions of a micrograph, each of which could be one crystal, with its measures.

Leaves are cells, the root is the whole image. A region is a range of cell ranks, so that its
pixels are found by one comparison inside its bounding box.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage as ndi

from microcrystalnet.segmentation import cells as cell_maps
from microcrystalnet.segmentation.cells import Borders
from microcrystalnet.segmentation.dense_maps import DenseMaps
from microcrystalnet.segmentation.merging import Merge, merges

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]
# Columns of the measures that add up when regions merge.
AREA, FOREGROUND, OUTER, LENGTH, STRENGTH, CONTRAST, ROWS, COLS, ROWS2, COLS2, ROWCOL = range(11)


@dataclass(frozen=True, slots=True, eq=False)
class CandidateTree:
    """Nested regions of one working image; the first ``count`` are cells, the last is the root.

    ``ranks`` (height, width) numbers the cells so that region k holds ranks ``first[k]`` up to
    ``last[k]``; ``boxes`` (regions, 4) are half-open row0, col0, row1, col1; ``sums`` (regions,
    11) the additive measures; ``inner`` the strongest border inside a region.
    """

    ranks: NDArray[np.int32]
    count: int
    parent: Indices
    children: Indices
    first: Indices
    last: Indices
    boxes: Indices
    sums: Numbers
    inner: Numbers

    @property
    def area(self) -> Numbers:
        """Pixels of each region."""
        return self.sums[:, AREA]

    def leaf_at(self, row: int, col: int) -> int:
        """Give the cell that holds a pixel."""
        rank = self.ranks[row, col]
        return int(np.flatnonzero(self.first[: self.count] == rank)[0])

    def ancestors(self, region: int) -> list[int]:
        """Give a region and all that hold it, smallest first."""
        found = []
        while region >= 0:
            found.append(region)
            region = int(self.parent[region])
        return found

    def pixels(self, region: int) -> NDArray[np.bool_]:
        """Give a region inside its bounding box."""
        row0, col0, row1, col1 = self.boxes[region]
        window = self.ranks[row0:row1, col0:col1]
        return np.asarray((window >= self.first[region]) & (window < self.last[region]))


def grow(maps: DenseMaps) -> CandidateTree:
    """Build the tree of candidates from the maps of an image."""
    cells, relief = cell_maps.cut(maps)
    touching = cell_maps.borders(cells, relief)
    sums = _measure_cells(cells, maps, touching)
    history = list(merges(sums[:, AREA], touching))
    count = len(sums)
    children = np.array([(each.one, each.two) for each in history], np.int64).reshape(-1, 2)
    first, last = _ranges(count, children)
    return CandidateTree(
        ranks=first[:count].astype(np.int32)[cells],
        count=count,
        parent=_parents(count, children),
        children=children,
        first=first,
        last=last,
        boxes=_boxes(cells, children),
        sums=_add_up(sums, history),
        inner=np.concatenate([np.zeros(count), [each.weight for each in history]]),
    )


def _measure_cells(cells: NDArray[np.int32], maps: DenseMaps, touching: Borders) -> Numbers:
    numbers, count = cells.ravel(), int(cells.max()) + 1
    rows, cols = (axis.ravel() for axis in np.indices(cells.shape, np.float32))
    fore = maps.foreground.ravel()
    pixel_sums = [None, fore, None, None, None, None, rows, cols, rows**2, cols**2, rows * cols]
    sums = np.zeros((count, len(pixel_sums)))
    for column, values in enumerate(pixel_sums):
        if values is not None:
            sums[:, column] = np.bincount(numbers, values, count)
    sums[:, AREA] = np.bincount(numbers, minlength=count)
    for side in (cells[0], cells[-1], cells[:, 0], cells[:, -1]):
        sums[:, OUTER] += np.bincount(side, minlength=count)
    brightness = sums[:, FOREGROUND] / sums[:, AREA]
    one, two = touching.pairs.T
    step = touching.length * (brightness[one] - brightness[two])
    for side, sign in ((one, 1.0), (two, -1.0)):
        sums[:, LENGTH] += np.bincount(side, touching.length, count)
        sums[:, STRENGTH] += np.bincount(side, touching.strength, count)
        sums[:, CONTRAST] += np.bincount(side, sign * step, count)
    return sums


def _add_up(sums: Numbers, history: list[Merge]) -> Numbers:
    total = np.concatenate([sums, np.zeros((len(history), sums.shape[1]))])
    for region, merge in enumerate(history, len(sums)):
        np.add(total[merge.one], total[merge.two], out=total[region])
        # The border between both is no outline any more; it was counted from either side.
        total[region, LENGTH] -= 2 * merge.length
        total[region, STRENGTH] -= 2 * merge.strength
    return total


def _parents(count: int, children: Indices) -> Indices:
    parent = np.full(count + len(children), -1, np.int64)
    parent[children.ravel()] = np.repeat(np.arange(count, count + len(children)), 2)
    return parent


def _ranges(count: int, children: Indices) -> tuple[Indices, Indices]:
    """Give each region its range, numbering the cells so that it is one."""
    total = count + len(children)
    leaves, first = [1] * total, [0] * total
    pairs = children.tolist()
    for region, (one, two) in enumerate(pairs, count):
        leaves[region] = leaves[one] + leaves[two]
    for region in range(total - 1, count - 1, -1):
        one, two = pairs[region - count]
        first[one], first[two] = first[region], first[region] + leaves[one]
    return np.array(first), np.array(first) + np.array(leaves)


def _boxes(cells: NDArray[np.int32], children: Indices) -> Indices:
    found = ndi.find_objects(cells + 1)
    boxes = [(rows.start, cols.start, rows.stop, cols.stop) for rows, cols in found]
    for one, two in children.tolist():
        a, b = boxes[one], boxes[two]
        boxes.append((min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])))
    return np.array(boxes, np.int64)
