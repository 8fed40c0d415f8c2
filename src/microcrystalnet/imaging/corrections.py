"""Mends outlines: merge, cut by a line, fill, smooth, grow; pure functions from masks to masks."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.draw import line, polygon2mask

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.errors import MaskError

GAP_PX = 3  # merged crystals this near to each other become one piece
SPECK_PX = 9  # smaller pieces of a cut are slips of the hand
REACH = 0.1  # of a crystal's diameter: how far a line may end short of the edge

Path = Sequence[tuple[float, float]]  # (row, column) in full-image pixels
_SQUARE = np.ones((3, 3), bool)


def merge(masks: Sequence[Mask]) -> Mask:
    """Make one crystal of several; narrow gaps between them are closed, wide ones stay.

    Raises
    ------
    MaskError
        If there are fewer than two.
    """
    if len(masks) < 2:
        raise MaskError("Merging needs two crystals at least; click a neighbour of the selected.")
    united = union(masks)
    pixels = np.pad(united.pixels, GAP_PX)
    closed = ndimage.binary_closing(pixels, _disk(GAP_PX / 2 + 0.5))
    bridges = closed & ~pixels & _between(masks, united)
    return Mask.from_pixels(pixels | bridges, united.row - GAP_PX, united.col - GAP_PX)


def union(masks: Sequence[Mask]) -> Mask:
    """Give the pixels that any of the masks holds.

    Raises
    ------
    MaskError
        If there is no mask.
    """
    if not masks:
        raise MaskError("There is no crystal to join; select one first.")
    boxes = np.array([(m.row, m.col, m.region.row1, m.region.col1) for m in masks])
    row, col = (int(least) for least in boxes[:, :2].min(0))
    height, width = (int(side) for side in boxes[:, 2:].max(0) - (row, col))
    pixels = np.zeros((height, width), bool)
    for mask in masks:
        rows, cols = mask.pixels.shape
        pixels[mask.row - row :, mask.col - col :][:rows, :cols] |= mask.pixels
    return Mask.from_pixels(pixels, row, col)


def cut(mask: Mask, path: Path) -> tuple[Mask, ...]:
    """Divide a crystal along a drawn line; largest part first, and no pixel is lost.

    A line that ends just inside the crystal is carried on to its edge.

    Raises
    ------
    MaskError
        If the line does not divide the crystal.
    """
    pixels = np.pad(mask.pixels, 1)
    places = np.asarray(path, float).reshape(-1, 2) - (mask.row - 1, mask.col - 1)
    cutting = _rasterised(_carried_on(places, pixels), pixels.shape)
    parts = _divided(pixels, cutting)
    if len(parts) < 2:
        raise MaskError(
            "This line does not divide the crystal; draw it right across, from outside to outside."
        )
    found = [Mask.from_pixels(part, mask.row - 1, mask.col - 1) for part in parts]
    return tuple(sorted(found, key=lambda part: -part.area))


def fill_holes(mask: Mask) -> Mask:
    """Give the mask without holes."""
    return Mask.from_pixels(ndimage.binary_fill_holes(mask.pixels), mask.row, mask.col)


def smooth(mask: Mask, radius: float = 2.0) -> Mask:
    """Round off what is smaller than ``radius`` pixels; straight edges stay where they are.

    Raises
    ------
    MaskError
        If nothing of the crystal would be left.
    """
    border = math.ceil(3 * radius)
    blurred = ndimage.gaussian_filter(np.pad(mask.pixels, border).astype(np.float32), radius)
    return _left(blurred > 0.5, mask, border, f"Smoothing by {radius:g} px")


def grow(mask: Mask, pixels: int, neighbours: Sequence[Mask] = ()) -> Mask:
    """Move the edge outwards by some pixels, or inwards where ``pixels`` is negative.

    Growing stops at ``neighbours``; where they overlap the crystal already, that stays.

    Raises
    ------
    MaskError
        If nothing of the crystal would be left.
    """
    if pixels < 0:
        inner = np.pad(mask.pixels, 1)
        kept = ndimage.distance_transform_edt(inner) > -pixels
        return _left(kept, mask, 1, f"Shrinking by {-pixels} px")
    inner = np.pad(mask.pixels, pixels)
    wider = np.asarray(ndimage.distance_transform_edt(~inner) <= pixels)
    taken = _taken(neighbours, _window(mask, pixels))
    return Mask.from_pixels(inner | (wider & ~taken), mask.row - pixels, mask.col - pixels)


def encircled(path: Path) -> Mask:
    """Give the pixels inside a lasso; its ends are joined.

    Raises
    ------
    MaskError
        If it goes round no pixel.
    """
    corners = np.asarray(path, float).reshape(-1, 2)
    if len(corners) < 3:
        raise MaskError("Draw a loop around the crystals you mean, or click them one by one.")
    low, high = np.floor(corners.min(0)).astype(int), np.ceil(corners.max(0)).astype(int)
    inside = polygon2mask(tuple(high - low + 1), corners - low)
    if not inside.any():
        raise MaskError("This loop holds no crystal; draw it around the crystals you mean.")
    return Mask.from_pixels(inside, int(low[0]), int(low[1]))


def drawn(path: Path) -> Mask:
    """Give the pixels a drawn line runs through.

    Raises
    ------
    MaskError
        If the line has no point.
    """
    places = np.asarray(path, float).reshape(-1, 2)
    if not places.size:
        raise MaskError("Draw a line over the crystals you mean.")
    low = np.floor(places.min(0)).astype(int)
    shape = np.ceil(places.max(0)).astype(int) - low + 1
    pixels = _rasterised(np.vstack([places, places[-1]]) - low, tuple(shape))
    return Mask.from_pixels(pixels, int(low[0]), int(low[1]))


def deepest_point(mask: Mask) -> tuple[int, int]:
    """Give the (row, column) of the pixel farthest from the edge."""
    depth = ndimage.distance_transform_edt(np.pad(mask.pixels, 1))
    row, col = np.unravel_index(int(depth.argmax()), depth.shape)
    return int(row) - 1 + mask.row, int(col) - 1 + mask.col


def _window(mask: Mask, border: int) -> Region:
    box = mask.region
    return Region(box.row0 - border, box.col0 - border, box.row1 + border, box.col1 + border)


def _taken(masks: Sequence[Mask], window: Region) -> NDArray[np.bool_]:
    """Give the pixels of a window that any of the masks holds."""
    taken = np.zeros((window.height, window.width), bool)
    for mask in masks:
        box = mask.region
        if box.row0 < window.row1 and window.row0 < box.row1:
            if not (box.col0 < window.col1 and window.col0 < box.col1):
                continue
            row0, col0 = max(box.row0, window.row0), max(box.col0, window.col0)
            row1, col1 = min(box.row1, window.row1), min(box.col1, window.col1)
            part = mask.pixels[row0 - box.row0 : row1 - box.row0, col0 - box.col0 : col1 - box.col0]
            taken[
                row0 - window.row0 : row1 - window.row0, col0 - window.col0 : col1 - window.col0
            ] |= part
    return taken


def _left(pixels: NDArray[np.bool_], mask: Mask, border: int, deed: str) -> Mask:
    if not pixels.any():
        raise MaskError(f"{deed} would leave nothing of this crystal; delete it if it is none.")
    return Mask.from_pixels(pixels, mask.row - border, mask.col - border)


def _disk(radius: float) -> NDArray[np.bool_]:
    reach = math.ceil(radius)
    rows, cols = np.ogrid[-reach : reach + 1, -reach : reach + 1]
    return np.asarray(rows**2 + cols**2 <= radius**2)


def _between(masks: Sequence[Mask], united: Mask) -> NDArray[np.bool_]:
    """Give the pixels within reach of two masks at least: no mask's own bays are filled."""
    near = np.zeros(tuple(side + 2 * GAP_PX for side in united.pixels.shape), np.uint16)
    for mask in masks:
        wide = grow(mask, GAP_PX)
        row, col = wide.row - united.row + GAP_PX, wide.col - united.col + GAP_PX
        near[row:, col:][: wide.pixels.shape[0], : wide.pixels.shape[1]] += wide.pixels
    return near > 1


def _carried_on(places: NDArray[np.float64], pixels: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Lengthen a line at the ends that lie inside, by a tenth of the crystal's diameter."""
    if len(places) < 2:
        return places
    reach = 2 + REACH * 2 * math.sqrt(np.count_nonzero(pixels) / math.pi)
    ends = []
    for end, before in ((places[0], places[1]), (places[-1], places[-2])):
        length = math.dist(end, before)
        step = (end - before) / length if length else np.zeros(2)
        ends.append(end + reach * step if _holds(pixels, end) else end)
    return np.vstack([ends[0], places, ends[1]])


def _holds(pixels: NDArray[np.bool_], place: NDArray[np.float64]) -> bool:
    row, col = (round(float(value)) for value in place)
    return 0 <= row < pixels.shape[0] and 0 <= col < pixels.shape[1] and bool(pixels[row, col])


def _rasterised(places: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Draw a line through places as far as it lies in an image."""
    image = np.zeros(shape, bool)
    corners = np.rint(places).astype(int)
    for one, two in pairwise(corners):
        rows, cols = line(*one, *two)
        kept = (rows >= 0) & (rows < shape[0]) & (cols >= 0) & (cols < shape[1])
        image[rows[kept], cols[kept]] = True
    return image


def _divided(pixels: NDArray[np.bool_], cutting: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """Give the parts a line leaves; what is none of them joins the nearest.

    Parts hang together by sides, because a drawn line is closed by corners only.
    """
    before = ndimage.label(pixels, _SQUARE)[0]
    crossed = np.isin(before, np.unique(before[cutting & pixels]))
    parts, _ = ndimage.label(pixels & crossed & ~cutting)
    sizes = np.bincount(parts.ravel())
    seeds = np.where(sizes[parts] >= SPECK_PX, parts, 0)
    if not seeds.any():
        return []
    rows, cols = ndimage.distance_transform_edt(seeds == 0, return_indices=True)[1]
    owner = np.where(pixels, seeds[rows, cols], 0)
    return [owner == part for part in np.unique(owner) if part]
