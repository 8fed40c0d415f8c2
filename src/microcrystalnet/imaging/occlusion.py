"""Which crystals lie partly under others."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.imaging.meeting import meeting

OCCLUDED_FROM = 0.05  # share of its pixels that lie under crystals in front


def covered_shares(masks: Sequence[Mask], depths: Sequence[int]) -> NDArray[np.float64]:
    """Give the share of each crystal's pixels that other crystals in front of it hold as well.

    Parameters
    ----------
    masks
        The crystals of one micrograph in the order of outlining.
    depths
        Their z: higher lies in front; of equal ones the later.

    Returns
    -------
    (n,) float64
        0..1 in the order of ``masks``.
    """
    order = np.lexsort((np.arange(len(masks)), np.asarray(depths, int)))
    height = np.empty(len(masks), int)
    height[order] = np.arange(len(masks))
    above: list[list[Mask]] = [[] for _ in masks]
    for place, other in meeting(masks, masks):
        if height[other] > height[place]:
            above[place].append(masks[other])
    pairs = zip(masks, above, strict=True)
    return np.array([_covered(mask, over) if over else 0.0 for mask, over in pairs])


def occluded(masks: Sequence[Mask], depths: Sequence[int] | None = None) -> list[bool]:
    """Say of each crystal of one micrograph whether it lies partly under others.

    Without ``depths`` the later one lies in front, as in `covered_shares`.
    """
    if not masks:
        return []
    shares = covered_shares(masks, depths or [0] * len(masks))
    return [bool(share >= OCCLUDED_FROM) for share in shares]


def _covered(mask: Mask, above: Sequence[Mask]) -> float:
    """Give the share of a crystal that lies under some others."""
    hidden = np.zeros(mask.pixels.shape, bool)
    here = mask.region
    for each in above:
        box = each.region
        row0, row1 = max(here.row0, box.row0), min(here.row1, box.row1)
        col0, col1 = max(here.col0, box.col0), min(here.col1, box.col1)
        part = each.pixels[row0 - box.row0 : row1 - box.row0, col0 - box.col0 : col1 - box.col0]
        hidden[row0 - here.row0 : row1 - here.row0, col0 - here.col0 : col1 - here.col0] |= part
    return float(np.count_nonzero(hidden & mask.pixels) / mask.area)
