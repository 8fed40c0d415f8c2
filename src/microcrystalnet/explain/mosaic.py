"""The maps of many crystals as one map of their micrograph."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.explain.explanation import Explanation
from microcrystalnet.explain.outline import mask_in_crop
from microcrystalnet.imaging.colour_scales import strength
from microcrystalnet.imaging.crops import CropFrame, place


def blank(height: int, width: int) -> NDArray[np.float32]:
    """Give a map of a micrograph that says nothing anywhere, (height, width) float32 NaN."""
    return np.full((height, width), np.nan, np.float32)


def lay(
    sheet: NDArray[np.float32],
    values: NDArray[np.float32],
    frame: CropFrame,
    mask: Mask | None = None,
) -> None:
    """Write a crop's map (size, size) onto the map of its micrograph, in place.

    With a ``mask`` only the crystal's own pixels are written, so that neighbours keep theirs. What
    lies beyond the micrograph is left out.
    """
    laid, region = place(values, frame)
    row0, col0 = max(region.row0, 0), max(region.col0, 0)
    row1, col1 = min(region.row1, sheet.shape[0]), min(region.col1, sheet.shape[1])
    if row0 >= row1 or col0 >= col1:
        return
    part = laid[row0 - region.row0 : row1 - region.row0, col0 - region.col0 : col1 - region.col0]
    window = sheet[row0:row1, col0:col1]
    window[...] = part if mask is None else np.where(_within(mask, row0, col0, part), part, window)


def clip(
    values: NDArray[np.float32], frame: CropFrame, region: Region, mask: Mask | None = None
) -> NDArray[np.float32]:
    """Give a crop's map (size, size) with NaN outside the analysis region and a crystal's mask."""
    rows, cols = frame.to_image(np.arange(frame.size), np.arange(frame.size))
    low, wide = np.floor(rows + 0.5), np.floor(cols + 0.5)
    inside = np.outer(
        (low >= region.row0) & (low < region.row1), (wide >= region.col0) & (wide < region.col1)
    )
    if mask is not None:
        inside &= mask_in_crop(mask, frame)
    return np.where(inside, values, np.float32(np.nan))


def within(sheet: NDArray[np.float32], region: Region) -> NDArray[np.float32]:
    """Give a map of a micrograph (height, width) with NaN outside the analysis region."""
    inner = np.s_[region.row0 : region.row1, region.col0 : region.col1]
    kept = blank(*sheet.shape)
    kept[inner] = sheet[inner]
    return kept


def mosaic(
    height: int,
    width: int,
    pieces: Iterable[tuple[Explanation, Mask]],
    *,
    own_scale: bool = False,
) -> NDArray[np.float32]:
    """Lay the maps of many crystals on their micrograph, (height, width) float32, NaN elsewhere.

    With ``own_scale`` each map is divided by its own `strength` within its crystal, so that weak
    ones are seen.
    """
    sheet = blank(height, width)
    for explanation, mask in pieces:
        own = explanation.values[mask_in_crop(mask, explanation.frame)]
        unit = strength(own) if own_scale else 1.0
        lay(sheet, explanation.values / (unit or 1.0), explanation.frame, mask)
    return sheet


def _within(mask: Mask, row0: int, col0: int, part: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Give which pixels of a window, with its corner at (row0, col0), belong to the crystal."""
    height, width = part.shape
    inside = np.zeros(part.shape, bool)
    top, left = max(mask.row, row0), max(mask.col, col0)
    bottom = min(mask.region.row1, row0 + height)
    right = min(mask.region.col1, col0 + width)
    if top < bottom and left < right:
        inside[top - row0 : bottom - row0, left - col0 : right - col0] = mask.pixels[
            top - mask.row : bottom - mask.row, left - mask.col : right - mask.col
        ]
    return inside
