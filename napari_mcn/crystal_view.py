"""Cuts what the Label page shows of one crystal out of the micrograph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from napari_mcn.panels.label_panel import CropView

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microcrystalnet.domain.label import Answer
    from microcrystalnet.domain.mask import Mask

CONSTANT_SIDE_PX = 128  # side of the cut window, so that crystals are shown at one scale


def crystal_view(
    mask: Mask, pixels: NDArray[np.uint8], *, title: str, answer: Answer | None
) -> CropView:
    """Cut a square window around a crystal, of constant side unless the crystal is larger.

    Larger ones are drawn smaller than the others, and the title says so. ``pixels`` is the whole
    micrograph, (height, width) uint8; outside it the window is black.
    """
    box = mask.region
    side = max(CONSTANT_SIDE_PX, round(1.15 * max(box.height, box.width)))
    row0 = (box.row0 + box.row1 - side) // 2
    col0 = (box.col0 + box.col1 - side) // 2
    window, outline = np.zeros((side, side), np.uint8), np.zeros((side, side), bool)
    top, left = max(row0, 0), max(col0, 0)
    part = pixels[top : row0 + side, left : col0 + side]
    window[top - row0 :, left - col0 :][: part.shape[0], : part.shape[1]] = part
    outline[box.row0 - row0 : box.row1 - row0, box.col0 - col0 : box.col1 - col0] = mask.pixels
    title = title if side == CONSTANT_SIDE_PX else f"{title}, drawn smaller"
    return CropView(window, title, answer, outline)
