"""Put crystals that look alike next to each other, by their pixels and outline alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.crystal import Crystal

MOST_CLUSTERED = 4000  # Ward's method needs every pair: 64 MB of distances for 4,000 crystals


def look_alike_order(crystals: Sequence[Crystal], pixels: NDArray[np.uint8]) -> tuple[str, ...]:
    """Give the ids of the crystals, neighbours looking alike: the leaves of Ward's tree.

    No label and no prediction is used, so that a blind expert is told nothing.

    Parameters
    ----------
    crystals
        Crystals of one micrograph.
    pixels
        The micrograph, (height, width) uint8.
    """
    if len(crystals) < 3:
        return tuple(each.crystal_id for each in crystals)
    found = np.array([describe(each, pixels) for each in crystals])
    spread = found.std(axis=0)
    scaled = (found - found.mean(axis=0)) / np.where(spread > 0, spread, 1)
    return tuple(crystals[at].crystal_id for at in _leaves(scaled))


def describe(crystal: Crystal, pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Describe one crystal by nine numbers, (9,) float64.

    They are the logarithm of the area in pixels, elongation (root of the ratio of the moments),
    compactness (4 pi area / perimeter², the perimeter counted in pixel edges), the share of its
    bounding box, mean and deviation of the grey values, mean and deviation of their gradient, and
    how the grey values correlate with row plus column: from where the crystal is lit.
    """
    inside = crystal.mask.pixels
    box = crystal.mask.region
    grey = pixels[box.row0 : box.row1, box.col0 : box.col1].astype(np.float64)
    inside = inside[: grey.shape[0], : grey.shape[1]]
    rows, cols = np.nonzero(inside)
    values = grey[inside]
    steep = np.hypot(*_differences(grey))[inside]
    lean = np.corrcoef(rows + cols, values)[0, 1] if values.std() > 0 and len(values) > 2 else 0.0
    return np.array(
        [
            np.log(len(rows)),
            _elongation(rows, cols),
            4 * np.pi * len(rows) / _edges(inside) ** 2,
            len(rows) / inside.size,
            values.mean(),
            values.std(),
            steep.mean(),
            steep.std(),
            np.nan_to_num(lean),
        ]
    )


def _differences(grey: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows, cols = np.zeros_like(grey), np.zeros_like(grey)
    rows[1:] = np.diff(grey, axis=0)
    cols[:, 1:] = np.diff(grey, axis=1)
    return rows, cols


def _elongation(rows: NDArray[np.int64], cols: NDArray[np.int64]) -> float:
    if len(rows) < 3:
        return 1.0
    small, large = np.linalg.eigvalsh(np.cov(rows, cols))
    return float(np.sqrt((large + 1 / 12) / (max(small, 0.0) + 1 / 12)))  # 1/12: of one pixel


def _edges(inside: NDArray[np.bool_]) -> int:
    padded = np.pad(inside, 1)
    return int(np.diff(padded, axis=0).sum() + np.diff(padded, axis=1).sum())


def _leaves(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Order points (n, k) so that neighbours lie close."""
    from scipy.cluster import hierarchy

    if len(points) > MOST_CLUSTERED:
        _, _, axes = np.linalg.svd(points, full_matrices=False)
        return np.argsort(points @ axes[0], kind="stable")
    return np.asarray(hierarchy.leaves_list(hierarchy.ward(points)), np.int64)
