"""The convex hull of a crystal and the calliper diameters taken from it."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

Points = NDArray[np.float64]

SMALL = 12  # bounding boxes narrower than this are measured along the pixels' outlines
# The middles of a pixel's four edges. Its corners would make a disc 1.2 pixels too long (measured
# on discs and turned squares of 8 to 50 pixels; these points: +0.7 and -0.3).
_EDGES = np.array([(-0.5, 0.0), (0.5, 0.0), (0.0, -0.5), (0.0, 0.5)])
_CAP = 3.0  # how deep a tip is looked at, in pixels
_MISSING = 0.3  # the area of a tip, in pixels, that no pixel centre falls into on average


@dataclass(frozen=True, slots=True)
class Callipers:
    """Feret diameters and the area of the convex hull, in pixels unless a spacing was given."""

    feret_max: float
    feret_min: float
    hull_area: float


def callipers(pixels: NDArray[np.bool_], spacing: tuple[float, float] = (1.0, 1.0)) -> Callipers:
    """Measure the convex hull of a (height, width) mask with at least one true pixel.

    ``spacing`` is the height and width of a pixel; the answer is in its unit.

    The longest Feret diameter joins two hull corners; the shortest lies across one hull edge
    (rotating callipers: Shamos 1978). Pixel centres do not reach the true outline; how much is
    missing is estimated for each tip and each side (`_tip`, `_across`; docs/measuring.md has the
    errors that are left).
    """
    outermost = _outermost(pixels)
    if min(pixels.shape) < SMALL:
        return _plain(outermost, spacing)
    try:
        centres = outermost[ConvexHull(outermost).vertices]
    except QhullError:  # all in one line
        return _plain(outermost, spacing)
    corners: Points = centres * np.array(spacing)
    longest = _along(corners, np.argwhere(pixels) * np.array(spacing), spacing)
    return Callipers(longest, _across(centres, spacing), _area(corners, spacing))


def _plain(outermost: Points, spacing: tuple[float, float]) -> Callipers:
    """Measure the hull of the pixels' outlines."""
    outline = (outermost[:, None, :] + _EDGES).reshape(-1, 2) * spacing
    hull = ConvexHull(outline)
    corners = outline[hull.vertices]
    return Callipers(_farthest(corners)[0], float(_widths(corners)[0].min()), float(hull.volume))


def _area(corners: Points, spacing: tuple[float, float]) -> float:
    """Give the area of the hull of the pixels' outlines from the hull of their centres.

    Each centre stands for the rhombus of `_EDGES` around it: a sum of Minkowski's.
    """
    following = np.roll(corners, -1, axis=0)
    inner = (
        abs(float((corners[:, 0] * following[:, 1] - corners[:, 1] * following[:, 0]).sum())) / 2
    )
    reach = np.abs(following - corners)[:, ::-1] * spacing  # of the rhombus beyond each side, x 2
    return inner + float(reach.max(axis=1).sum()) / 2 + spacing[0] * spacing[1] / 2


def _farthest(corners: Points) -> tuple[float, Points]:
    """Give the greatest distance between two corners, and its direction."""
    apart = corners[:, None, :] - corners[None, :, :]
    squared = (apart**2).sum(axis=2)
    one, two = np.unravel_index(squared.argmax(), squared.shape)
    length = math.sqrt(squared[one, two])
    return length, apart[one, two] / max(length, 1e-12)


def _widths(corners: Points) -> tuple[Points, Points]:
    """Give the width of a polygon across each of its sides, and the sides."""
    sides = np.roll(corners, -1, axis=0) - corners
    normals = np.stack([-sides[:, 1], sides[:, 0]], axis=1)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    apart = corners[:, None, :] - corners[None, :, :]
    return np.abs(np.einsum("svk,sk->sv", apart, normals)).max(axis=1), sides


def _along(corners: Points, centres: Points, spacing: tuple[float, float]) -> float:
    """Give the longest Feret diameter: that of the pixel centres, and what both tips lack."""
    length, direction = _farthest(corners)
    places = centres @ direction
    depth = _CAP * math.sqrt(spacing[0] * spacing[1])
    ends = places.max() - places, places - places.min()
    return length + sum(_tip(int(np.count_nonzero(each <= depth)), depth) for each in ends)


def _tip(pixels: int, depth: float) -> float:
    """Estimate how far a tip reaches beyond its outermost pixel centre.

    A corner of depth d + x has an area that grows with its square; x is where an area of
    `_MISSING` pixels is left, when ``pixels`` lie in the outermost d.
    """
    share = math.sqrt(_MISSING / pixels)
    return depth * share / (1 - share)


def _across(centres: Points, spacing: tuple[float, float]) -> float:
    """Give the shortest Feret diameter from the hull corners of the pixel centres, in pixels.

    The true side lies, on average, in the middle between two lines of the lattice that are parallel
    to it: half their distance is missing on either side.
    """
    widths, _ = _widths(centres * spacing)
    sides = np.roll(centres, -1, axis=0) - centres
    whole = np.rint(np.abs(sides)).astype(int)
    steps = np.linalg.norm(sides * spacing, axis=1) / np.gcd(whole[:, 0], whole[:, 1])
    return float((widths + spacing[0] * spacing[1] / steps).min())


def _outermost(pixels: NDArray[np.bool_]) -> Points:
    """Give the first and last pixel of each row: no other can lie on the hull."""
    rows = np.flatnonzero(pixels.any(axis=1))
    first = pixels[rows].argmax(axis=1)
    last = pixels.shape[1] - 1 - pixels[rows, ::-1].argmax(axis=1)
    return np.concatenate([np.stack([rows, first], 1), np.stack([rows, last], 1)]).astype(float)
