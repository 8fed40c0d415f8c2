"""Casts rays down onto uneven ellipsoids that have grown together."""

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.synth.grain import Field
from microcrystalnet.synth.patch import Patch, Relief, grid, limit_slope, slopes, tidy
from microcrystalnet.synth.solids import Ellipsoids

FIXED_POINT_STEPS = 4
RIM_SLOPE = 2.5
LARGEST_SWELL = 1.5


def blobs(form: Ellipsoids, reach: int, relief: Relief) -> Patch:
    """Unite the ellipsoids: the highest top and the lowest bottom win."""
    rows, cols = grid(reach)
    top, bottom = np.full_like(rows, -np.inf), np.full_like(rows, np.inf)
    for centre, shape in zip(form.centres, form.shapes, strict=True):
        upper, lower = _ellipsoid((rows, cols), centre, shape, relief)
        top, bottom = np.fmax(top, upper), np.fmin(bottom, lower)
    inside = tidy(np.isfinite(top))
    top[~inside] = bottom[~inside] = 0
    top[inside] += relief.details(np.stack([rows[inside], cols[inside], top[inside]]))
    row_slope, col_slope = slopes(np.where(inside, top, np.float32(np.nan)))
    return Patch(inside, top, bottom, _at_rim(row_slope, rows), _at_rim(col_slope, cols))


def _at_rim(slope: Field, outward: Field) -> Field:
    """At the rim, where the slope is unknown, let it fall away outward."""
    return limit_slope(np.where(np.isnan(slope), -np.sign(outward) * RIM_SLOPE, slope))


def _ellipsoid(
    pixels: tuple[Field, Field],
    centre: NDArray[np.float64],
    shape: NDArray[np.float64],
    relief: Relief,
) -> tuple[Field, Field]:
    """Solve ``|shape (p - centre)| = 1 + bumps / radius`` for both heights; NaN outside.

    A quadratic in the height whose right side is read again at each new height.
    """
    rows, cols = pixels
    form = (shape.T @ shape).astype(np.float32)
    radius = np.float32(abs(np.linalg.det(shape)) ** (-1 / 3))
    dr, dc = rows - np.float32(centre[0]), cols - np.float32(centre[1])
    lean = (form[0, 2] * dr + form[1, 2] * dc) / form[2, 2]
    flat = form[0, 0] * dr**2 + 2 * form[0, 1] * dr * dc + form[1, 1] * dc**2
    flat = lean**2 - flat / form[2, 2]
    near = flat + LARGEST_SWELL**2 / form[2, 2] > 0
    middle, flat = np.float32(centre[2]) - lean[near], flat[near]
    square = flat + 1 / form[2, 2]
    for _ in range(FIXED_POINT_STEPS):
        at = np.stack([rows[near], cols[near], middle + np.sqrt(np.maximum(square, 0))])
        swell = np.clip(1 + relief.waves(at) / radius, 0.2, LARGEST_SWELL)
        square = flat + swell**2 / form[2, 2]
    half = np.where(square > 0, np.sqrt(np.maximum(square, 0)), np.nan)
    upper, lower = np.full_like(rows, np.nan), np.full_like(rows, np.nan)
    upper[near], lower[near] = middle + half, middle - half
    return upper, lower
