"""Keeps the best of several masks that claim the same crystal."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask


def suppress(
    masks: Sequence[Mask],
    scores: Sequence[float],
    *,
    largest_iou: float,
    largest_cover: float = 1.0,
) -> list[int]:
    """Walk through the masks, best score first, and keep each that is not kept already.

    Parameters
    ----------
    masks, scores : Sequence
        As many of each.
    largest_iou : float
        A mask goes when it overlaps a kept one more than this.
    largest_cover : float
        It also goes when more than this share of either lies in the other.

    Returns
    -------
    list[int]
        Places of the kept masks, best first.
    """
    boxes = np.array([mask.region.corners for mask in masks], float).reshape(-1, 4)
    areas = [mask.area for mask in masks]
    kept: list[int] = []

    def is_double(place: int, rival: int) -> bool:
        shared = masks[place].overlap(masks[rival])
        union = areas[place] + areas[rival] - shared
        smaller = min(areas[place], areas[rival])
        return shared > largest_iou * union or shared > largest_cover * smaller

    for place in map(int, np.argsort(-np.asarray(scores, float), kind="stable")):
        if not any(is_double(place, rival) for rival in _touching(boxes, place, kept)):
            kept.append(place)
    return kept


def _touching(boxes: NDArray[np.float64], place: int, kept: list[int]) -> list[int]:
    others = boxes[kept]
    low = np.maximum(others[:, :2], boxes[place, :2])
    high = np.minimum(others[:, 2:], boxes[place, 2:])
    return [kept[index] for index in np.flatnonzero((low < high).all(1))]
