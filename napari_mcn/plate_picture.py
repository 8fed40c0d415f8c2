"""Cuts the small pictures of a plate out of the micrograph, all at one scale."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from napari_mcn.panels.plate import SIDE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from microcrystalnet.domain.crystal import Crystal
    from microcrystalnet.domain.mask import Mask

LEAST_SIDE, MARGIN = 48, 1.2
AROUND = 0.45  # brightness of what is not the crystal
OUTLINE = np.array([240, 228, 66], np.uint8)  # red, green, blue
THICK = 1.3  # screen pixels


def common_side(crystals: Iterable[Crystal]) -> int:
    """Give the side in image pixels that shows three of four crystals whole."""
    boxes = [each.mask.region for each in crystals]
    sides = [max(each.height, each.width) for each in boxes]
    return max(LEAST_SIDE, round(MARGIN * float(np.percentile(sides, 75)))) if sides else LEAST_SIDE


def plate_picture(mask: Mask, pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Cut a (side, side, 3) window around a crystal; larger crystals get a larger window.

    ``pixels`` is the whole micrograph, (height, width) uint8. The crystal keeps its grey values,
    its surroundings are dimmed, its outline runs around it, and outside the micrograph the window
    is black.
    """
    box = mask.region
    side = max(side, round(MARGIN * max(box.height, box.width)))
    row0, col0 = (box.row0 + box.row1 - side) // 2, (box.col0 + box.col1 - side) // 2
    window = np.zeros((side, side), np.uint8)
    top, left = max(row0, 0), max(col0, 0)
    part = pixels[top : row0 + side, left : col0 + side]
    window[top - row0 :, left - col0 :][: part.shape[0], : part.shape[1]] = part * AROUND
    place = (slice(box.row0 - row0, box.row1 - row0), slice(box.col0 - col0, box.col1 - col0))
    window[place][mask.pixels] = pixels[mask.slices][mask.pixels]
    crystal = np.zeros((side, side), bool)
    crystal[place] = mask.pixels
    rim = _rim(crystal)
    return np.stack([np.where(rim, part, window) for part in OUTLINE], axis=-1)


def _rim(crystal: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Give the pixels just outside a crystal, as many as look `THICK` on the screen."""
    grown = crystal.copy()
    for _ in range(math.ceil(THICK * len(crystal) / SIDE)):
        before = grown.copy()
        grown[1:] |= before[:-1]
        grown[:-1] |= before[1:]
        grown[:, 1:] |= before[:, :-1]
        grown[:, :-1] |= before[:, 1:]
    return grown & ~crystal
