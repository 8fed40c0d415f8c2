"""Masks as rings along the edges of their pixels, and back without losing one."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import MaskError

Ring = NDArray[np.float64]
_Corner = tuple[int, int]
FARTHEST_PX = 65_535  # from the first pixel: the longest side of a micrograph that is read
LARGEST_PX = 250_000_000  # of the box around an outline; filling one needs ten bytes for each


def trace(mask: Mask) -> list[Ring]:
    """Give the rings around a mask and around its holes.

    A ring is (n, 2): the row and column of pixel corners, so that pixel (r, c) fills the square
    from (r, c) to (r + 1, c + 1), as in ImageJ and QuPath. Outer rings run clockwise as seen on
    the screen, rings of holes the other way; the last corner is not repeated. Pixels that touch
    at a corner only share one ring.
    """
    steps = _edges(np.pad(mask.pixels, 1))
    rings = []
    while steps:
        start = next(iter(steps))
        rings.append(_corners(_walk(start, steps)) + np.array([mask.row - 1, mask.col - 1]))
    return rings


def is_hole(ring: Ring) -> bool:
    """Say whether a ring of `trace` goes around a hole."""
    return _signed_area(ring) < 0


def nested(rings: Sequence[Ring]) -> list[list[Ring]]:
    """Group rings of `trace`: each outer ring with the rings of the holes in it."""
    groups = [[ring] for ring in rings if not is_hole(ring)]
    for hole in filter(is_hole, rings):
        around = [group for group in groups if _inside(hole, group[0])]
        min(around, key=lambda group: abs(_signed_area(group[0]))).append(hole)
    return groups


def fill(rings: Iterable[Ring]) -> Mask:
    """Give the pixels whose centres lie inside an odd number of rings, (n, 2) in rows and columns.

    Raises
    ------
    MaskError
        If no pixel does, a coordinate is not a number, or they lie too far apart for a micrograph.
    """
    closed = [np.asarray(ring, float) for ring in rings if len(ring) >= 3]
    if not closed or not all(np.isfinite(ring).all() for ring in closed):
        raise MaskError("This outline has fewer than three corners that are numbers; draw it anew.")
    corners = np.concatenate(closed)
    _require_near(corners)
    low = np.floor(corners.min(0)).astype(int)
    high = np.ceil(corners.max(0)).astype(int) + 1
    pixels = np.zeros(high - low, bool)
    for ring in closed:
        pixels ^= _filled(ring - low, pixels.shape)
    return Mask.from_pixels(pixels, int(low[0]), int(low[1]))


def _require_near(corners: Ring) -> None:
    """Refuse what no micrograph can hold, before memory is taken for the box around it."""
    if np.abs(corners).max() > FARTHEST_PX or np.prod(np.ptp(corners, 0) + 2) > LARGEST_PX:
        (row0, col0), (row1, col1) = corners.min(0), corners.max(0)
        raise MaskError(
            f"This outline reaches from row {row0:.6g}, column {col0:.6g} to row {row1:.6g}, "
            f"column {col1:.6g}, farther than a crystal can; see whether its corners are in pixels."
        )


def _filled(ring: Ring, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Fill one ring by counting, for each pixel centre, the sides to the left of it."""
    crossings = np.zeros((shape[0], shape[1] + 1), np.int64)
    after = np.roll(ring, -1, axis=0)
    for (row0, col0), (row1, col1) in zip(ring, after, strict=True):
        low, high = min(row0, row1), max(row0, row1)
        rows = np.arange(np.ceil(low - 0.5), np.ceil(high - 0.5)).astype(int)
        if rows.size:
            cols = col0 + (rows + 0.5 - row0) * (col1 - col0) / (row1 - row0)
            np.add.at(crossings, (rows, np.ceil(cols - 0.5).astype(int).clip(0, shape[1])), 1)
    inside: NDArray[np.bool_] = crossings.cumsum(1)[:, :-1] % 2 == 1
    return inside


def _edges(padded: NDArray[np.bool_]) -> dict[_Corner, list[_Corner]]:
    """Give, by corner, where the border goes on from there, the crystal on the right-hand side."""
    steps: dict[_Corner, list[_Corner]] = {}
    here, left, above = padded[1:, 1:], padded[1:, :-1], padded[:-1, 1:]
    sides = (
        (here & ~above, (0, 0), (0, 1)),
        (above & ~here, (0, 1), (0, 0)),
        (here & ~left, (1, 0), (0, 0)),
        (left & ~here, (0, 0), (1, 0)),
    )
    for there, begin, end in sides:
        for row, col in (np.argwhere(there) + 1).tolist():
            start = (row + begin[0], col + begin[1])
            steps.setdefault(start, []).append((row + end[0], col + end[1]))
    return steps


def _walk(start: _Corner, steps: dict[_Corner, list[_Corner]]) -> list[_Corner]:
    path, here = [start], start
    while True:
        after = _turn_left(path, steps[here])
        steps[here].remove(after)
        if not steps[here]:
            del steps[here]
        if after == start:
            return path
        path.append(after)
        here = after


def _turn_left(path: list[_Corner], ways: list[_Corner]) -> _Corner:
    """Where two crystals' pixels touch at a corner, go over to the other pixel."""
    if len(ways) == 1 or len(path) < 2:
        return ways[0]
    (row0, col0), (row, col) = path[-2:]
    left = (row - (col - col0), col + (row - row0))
    return left if left in ways else ways[0]


def _corners(path: list[_Corner]) -> Ring:
    """Leave out the corners of pixels along a straight side."""
    ring = np.array(path, float)
    before, after = ring - np.roll(ring, 1, 0), np.roll(ring, -1, 0) - ring
    kept: Ring = ring[(before != after).any(1)]
    return kept


def _signed_area(ring: Ring) -> float:
    rows, cols = ring.T
    return float(np.sum(cols * np.roll(rows, -1) - np.roll(cols, -1) * rows) / 2)


def _inside(hole: Ring, outer: Ring) -> bool:
    """Say whether a hole's first pixel side lies inside an outer ring."""
    low, high = outer.min(0), outer.max(0)
    if (hole.min(0) < low).any() or (hole.max(0) > high).any():
        return False
    corner = low.astype(int)
    filled = _filled(outer - corner, tuple((high - low).astype(int) + 1))
    row, col = (hole.min(0) - corner).astype(int)
    return bool(filled[row : row + 1, :][:, col : int(hole[:, 1].max() - corner[1])].any())
