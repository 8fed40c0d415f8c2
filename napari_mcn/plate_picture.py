"""Cuts the small pictures of a plate out of the micrograph, all at one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from microcrystalnet.domain.crystal import Crystal
    from microcrystalnet.domain.mask import Mask

LEAST_SIDE, MARGIN = 48, 1.2
AROUND = 0.45  # brightness of what is not the crystal


def common_side(crystals: Iterable[Crystal]) -> int:
    """Give the side in image pixels that shows three of four crystals whole."""
    boxes = [each.mask.region for each in crystals]
    sides = [max(each.height, each.width) for each in boxes]
    return max(LEAST_SIDE, round(MARGIN * float(np.percentile(sides, 75)))) if sides else LEAST_SIDE


def plate_picture(mask: Mask, pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Cut a (side, side) window around a crystal; larger crystals get a larger window.

    ``pixels`` is the whole micrograph, (height, width) uint8. The crystal keeps its grey values,
    its surroundings are dimmed, and outside the micrograph the window is black.
    """
    box = mask.region
    side = max(side, round(MARGIN * max(box.height, box.width)))
    row0, col0 = (box.row0 + box.row1 - side) // 2, (box.col0 + box.col1 - side) // 2
    window = np.zeros((side, side), np.uint8)
    top, left = max(row0, 0), max(col0, 0)
    part = pixels[top : row0 + side, left : col0 + side]
    window[top - row0 :, left - col0 :][: part.shape[0], : part.shape[1]] = part * AROUND
    inside = window[box.row0 - row0 : box.row1 - row0, box.col0 - col0 : box.col1 - col0]
    inside[mask.pixels] = pixels[mask.slices][mask.pixels]
    return window
