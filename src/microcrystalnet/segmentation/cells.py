"""Cuts an edge map into small cells that no outline crosses, and measures their borders."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage as ndi
from skimage.segmentation import watershed

from microcrystalnet.segmentation.dense_maps import DenseMaps

MARKER_WINDOW_PX = 7


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """Where two cells touch: their numbers (n, 2), the length in pixel sides, the summed edge."""

    pairs: NDArray[np.int64]
    length: NDArray[np.float64]
    strength: NDArray[np.float64]


def cut(maps: DenseMaps) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Give cell numbers from 0 and the smoothed edge map they follow, both (height, width)."""
    relief = ndi.gaussian_filter(maps.edge, 1.0)
    lowest = relief == ndi.minimum_filter(relief, MARKER_WINDOW_PX)
    markers, _ = ndi.label(lowest, np.ones((3, 3)))
    return watershed(relief, markers).astype(np.int32) - 1, relief


def borders(cells: NDArray[np.int32], relief: NDArray[np.float32]) -> Borders:
    """Measure where cells of a (height, width) cell map touch."""
    count = int(cells.max()) + 1
    across = _touching(cells[:, 1:], cells[:, :-1], relief[:, 1:], relief[:, :-1], count)
    down = _touching(cells[1:], cells[:-1], relief[1:], relief[:-1], count)
    unique, where = np.unique(np.concatenate([across[0], down[0]]), return_inverse=True)
    edges = np.concatenate([across[1], down[1]]).astype(float)
    return Borders(
        np.stack(np.divmod(unique, count), axis=1),
        np.bincount(where, minlength=len(unique)).astype(float),
        np.bincount(where, edges, len(unique)).astype(float),
    )


def _touching(
    one: NDArray[np.int32],
    two: NDArray[np.int32],
    edge_one: NDArray[np.float32],
    edge_two: NDArray[np.float32],
    count: int,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Give a number per touching pair of pixels, the same for the same two cells, and its edge."""
    differ = one != two
    first = np.minimum(one[differ], two[differ]).astype(np.int64)
    second = np.maximum(one[differ], two[differ])
    return first * count + second, np.maximum(edge_one[differ], edge_two[differ])
