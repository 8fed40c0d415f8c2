"""Which crystals lie partly under others."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask

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
    boxes = np.array([(b.row0, b.col0, b.row1, b.col1) for b in (m.region for m in masks)])
    order = np.lexsort((np.arange(len(masks)), np.asarray(depths, int)))
    place = np.empty(len(masks), int)
    place[order] = np.arange(len(masks))
    shares = np.zeros(len(masks))
    for at, mask in enumerate(masks):
        box = boxes[at]
        near = (boxes[:, :2] < box[2:]).all(axis=1) & (boxes[:, 2:] > box[:2]).all(axis=1)
        above = [masks[int(each)] for each in np.flatnonzero(near & (place > place[at]))]
        shares[at] = _covered(mask, above) if above else 0.0
    return shares


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
