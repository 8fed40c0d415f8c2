"""Height and slope of one solid, seen from above, on its own small pixel grid."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.synth.grain import Field, Grain
from microcrystalnet.synth.solids import Skin, Solid

STEEPEST = np.float32(6.0)
NEWTON_STEPS = 5
FIXED_POINT_STEPS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A solid's upper and lower height in pixels, and its slopes, each (2 reach + 1)² float32.

    ``inside`` says where the solid is; the other arrays mean nothing elsewhere.
    """

    inside: NDArray[np.bool_]
    top: Field
    bottom: Field
    row_slope: Field
    col_slope: Field


def surface(solid: Solid, grain: Grain, random: np.random.Generator) -> Patch:
    """Cast one ray down each pixel onto the solid."""
    shift = random.uniform(0, 48, 3).astype(np.float32)
    return _facets(solid, grain, shift) if solid.faceted else _blobs(solid, grain, shift)


def _grid(reach: int) -> tuple[Field, Field]:
    line = np.arange(-reach, reach + 1, dtype=np.float32)
    rows, cols = np.meshgrid(line, line, indexing="ij")
    return rows, cols


def _relief(points: Field, skin: Skin, grain: Grain, shift: Field) -> Field:
    """How far the surface stands out at ``points`` (3, n), in pixels, (n,)."""
    out = skin.waves * grain.fractal(points, skin.wave_length, shift, skin.octaves)
    out += skin.grit * grain.sample(points, 6.0, shift + 5)
    if skin.pits > 0:
        etched = grain.fractal(points, max(12.0, skin.wave_length / 4), shift + 9, 2)
        out -= 2.5 * np.clip((etched - 2.0 + 4 * skin.pits) * 2, 0, 1)
    return out.astype(np.float32)


def _facets(solid: Solid, grain: Grain, shift: Field) -> Patch:
    """Solve softmax(planes) = relief for the height by Newton's method, from above."""
    rows, cols = _grid(solid.reach)
    normals = solid.normals.astype(np.float32)
    upright = np.where(np.abs(normals[:, 2]) < 1e-3, np.float32(1e-3), normals[:, 2])
    offsets = (solid.offsets + 2 * solid.skin.waves).astype(np.float32)
    levels = (
        normals[:, 0, None, None] * rows + normals[:, 1, None, None] * cols - offsets[:, None, None]
    )
    heights = -levels / upright[:, None, None]
    hard_top = heights[upright > 0].min(0)
    bottom = heights[upright < 0].max(0)
    inside = hard_top > bottom
    at = np.stack([rows[inside], cols[inside], hard_top[inside]])
    relief = np.zeros_like(rows)
    relief[inside] = _relief(at, solid.skin, grain, shift) - 2 * solid.skin.waves
    if solid.skin.ledges > 0:
        face = heights[upright > 0].argmin(0)
        relief[inside] -= _ledges(at, face[inside], solid, grain, shift)
    top, slope, met = _newton(
        levels[:, inside].T, upright, normals, solid.edge, at[2], relief[inside]
    )
    return _assemble(inside, met, top, bottom, slope, relief)


def _ledges(at: Field, face: NDArray[np.intp], solid: Solid, grain: Grain, shift: Field) -> Field:
    """Growth steps that cross about half the faces in wavy lines, (n,) pixels of lost height."""
    ways = np.linspace(0, 2 * np.pi, 7)[face % 7] + shift[0]
    along = at[0] * np.cos(ways) + at[1] * np.sin(ways) + 0.5 * at[2]
    width = solid.skin.wave_length * 0.35
    place = along / width + 0.35 * grain.sample(at, solid.skin.wave_length * 0.5, shift + 3)
    ramp = np.clip((place % 1) * width / 2, 0, 1) - place % 1
    steps: Field = (solid.skin.ledges * np.abs(ramp) * (face % 2)).astype(np.float32)
    return steps


def _newton(
    levels: Field, upright: Field, normals: Field, edge: float, start: Field, relief: Field
) -> tuple[Field, Field, NDArray[np.bool_]]:
    """Give heights (n,), gradients (n, 3) and where a solution exists (n,)."""
    height = start.copy()
    sharp = np.float32(1 / max(edge, 0.3))
    rise, gradient = np.zeros_like(height), np.zeros((len(height), 3), np.float32)
    for _ in range(NEWTON_STEPS):
        values = levels + height[:, None] * upright
        peak = values.max(1)
        weights = np.exp(sharp * (values - peak[:, None]))
        total = weights.sum(1)
        rise = peak + np.log(total) / sharp - relief
        gradient = (weights @ normals) / total[:, None]
        height -= np.clip(rise / np.maximum(gradient[:, 2], 0.12), -8, 8)
    return height, gradient, (rise < 0.6) & (gradient[:, 2] > 0.03)


def _assemble(
    inside: NDArray[np.bool_],
    met: NDArray[np.bool_],
    height: Field,
    bottom: Field,
    gradient: Field,
    relief: Field,
) -> Patch:
    """Put solved rays back on the grid; the relief's own slope is added to the faces'."""
    top, row_slope, col_slope = (np.zeros_like(bottom) for _ in range(3))
    climb = np.maximum(gradient[:, 2], 0.05)
    relief_row, relief_col = (each[inside] for each in np.gradient(relief))
    top[inside] = height
    row_slope[inside] = np.clip((relief_row - gradient[:, 0]) / climb, -STEEPEST, STEEPEST)
    col_slope[inside] = np.clip((relief_col - gradient[:, 1]) / climb, -STEEPEST, STEEPEST)
    found = inside.copy()
    found[inside] = met
    return Patch(found, top, bottom, row_slope, col_slope)


def _blobs(solid: Solid, grain: Grain, shift: Field) -> Patch:
    """Unite displaced ellipsoids: the highest top and the lowest bottom win."""
    rows, cols = _grid(solid.reach)
    top = np.full_like(rows, -np.inf)
    bottom = np.full_like(rows, np.inf)
    for centre, shape in zip(solid.centres, solid.shapes, strict=True):
        upper, lower = _ellipsoid(rows, cols, centre, shape, solid.skin, grain, shift)
        top = np.fmax(top, upper)
        bottom = np.fmin(bottom, lower)
    inside = np.isfinite(top)
    row_slope, col_slope = np.gradient(np.where(inside, top, np.nan))
    return Patch(
        inside,
        np.where(inside, top, 0).astype(np.float32),
        np.where(inside, bottom, 0).astype(np.float32),
        _fill_steep(row_slope, rows),
        _fill_steep(col_slope, cols),
    )


def _fill_steep(slope: Field, outward: Field) -> Field:
    """At the rim, where the slope is unknown, let it fall away outward."""
    steep = np.where(np.isnan(slope), -np.sign(outward) * 2.5, slope)
    return np.clip(steep, -STEEPEST, STEEPEST).astype(np.float32)


def _ellipsoid(
    rows: Field,
    cols: Field,
    centre: NDArray[np.float64],
    shape: NDArray[np.float64],
    skin: Skin,
    grain: Grain,
    shift: Field,
) -> tuple[Field, Field]:
    """Solve ``|shape (p - centre)| = 1 + relief / radius`` for both heights; NaN outside."""
    form = (shape.T @ shape).astype(np.float32)
    radius = np.float32(abs(np.linalg.det(shape)) ** (-1 / 3))
    dr, dc = rows - np.float32(centre[0]), cols - np.float32(centre[1])
    a = form[2, 2]
    half_b = form[0, 2] * dr + form[1, 2] * dc
    c = form[0, 0] * dr**2 + 2 * form[0, 1] * dr * dc + form[1, 1] * dc**2
    near = half_b**2 - a * (c - 2.2) > 0
    upper, lower = np.full_like(rows, np.nan), np.full_like(rows, np.nan)
    middle, flat = -half_b[near] / a, half_b[near] ** 2 - a * c[near]
    rise = np.sqrt(np.maximum(flat + a, 0)) / a
    discriminant = flat + a
    for _ in range(FIXED_POINT_STEPS):
        at = np.stack([rows[near], cols[near], middle + rise + np.float32(centre[2])])
        swell = np.maximum(1 + _relief(at, skin, grain, shift) / radius, 0.2)
        discriminant = flat + a * swell**2
        rise = np.sqrt(np.maximum(discriminant, 0)) / a
    out = np.where(discriminant > 0, rise, np.nan)
    upper[near] = middle + out + np.float32(centre[2])
    lower[near] = middle - out + np.float32(centre[2])
    return upper, lower
