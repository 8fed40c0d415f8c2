"""The maps of many crystals as one map of their micrograph."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph, Region
from microcrystalnet.explain.explanation import Explanation
from microcrystalnet.explain.integrated import SMALLEST_CHANGE, TOLERANCE
from microcrystalnet.explain.outline import mask_in_crop
from microcrystalnet.imaging.colour_scales import strength
from microcrystalnet.imaging.crops import CropFrame, place, spread


def blank(height: int, width: int) -> NDArray[np.float32]:
    """Give a map of a micrograph that says nothing anywhere, (height, width) float32 NaN."""
    return np.full((height, width), np.nan, np.float32)


def lay(
    sheet: NDArray[np.float32],
    values: NDArray[np.float32],
    frame: CropFrame,
    mask: Mask | None = None,
    over: Mask | Region | None = None,
) -> None:
    """Write a crop's map (size, size) onto the map of its micrograph, in place.

    With a ``mask`` only the crystal's own pixels are written, so that neighbours keep theirs. What
    lies beyond the micrograph is left out. With ``over`` the sum is kept, see `spread`.
    """
    laid, region = place(values, frame) if over is None else spread(values, frame, over)
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

    Values of a method that is `summed` keep their sum on the pixels that the network saw. With
    ``own_scale`` each map is divided by its own `strength` within its crystal, so that weak ones
    are seen; such numbers have no sum.
    """
    sheet = blank(height, width)
    for explanation, mask in pieces:
        values, over = explanation.per_pixel, explanation.over(mask, height, width)
        if own_scale:
            own = explanation.values[mask_in_crop(mask, explanation.frame)]
            values, over = explanation.values / (strength(own) or 1.0), None
        lay(sheet, values, explanation.frame, mask, over)
    return sheet


def whole(explanation: Explanation, mask: Mask, sheet: NDArray[np.float32]) -> bool:
    """Say whether what lies on a crystal sums to what its crop's map does, within 1 %.

    It does not where ``sheet`` (height, width) lacks a part of the crystal, another one lies on it,
    or the network saw more than the crystal.
    """
    return _same_sum(sheet[mask.slices][mask.pixels], explanation)


def whole_in(explanation: Explanation, mask: Mask, micrograph: Micrograph) -> bool:
    """Say whether a `summed` map sums to what its crop's does within the analysis region."""
    over = explanation.over(mask, micrograph.height, micrograph.width)
    if over is None:
        return False
    laid, place = spread(explanation.per_pixel, explanation.frame, over)
    region = micrograph.region
    rows = slice(max(region.row0 - place.row0, 0), max(region.row1 - place.row0, 0))
    cols = slice(max(region.col0 - place.col0, 0), max(region.col1 - place.col0, 0))
    return _same_sum(laid[rows, cols], explanation)


def _same_sum(kept: NDArray[np.float32], explanation: Explanation) -> bool:
    total = float(explanation.values.sum(dtype=np.float64))
    missing = total - float(np.nansum(kept, dtype=np.float64))
    return abs(missing) <= TOLERANCE * max(abs(total), SMALLEST_CHANGE)


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
