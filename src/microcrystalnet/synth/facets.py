"""Casts rays down onto a faceted solid whose edges are rounded and whose faces are uneven."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.synth.grain import Field
from microcrystalnet.synth.patch import Patch, Relief, grid, limit_slope, slopes, tidy
from microcrystalnet.synth.planes import Planes

FIRST_STEPS, SECOND_STEPS = 5, 6
STILL_FALLING = 5.0  # pixels; a ray whose last step was longer misses the solid
LONGEST_STEP = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class _Rays:
    """The rays that hit the sharp polyhedron; n of them, m planes.

    ``levels`` (m, n) is each plane's signed distance at height 0, ``start`` (n,) the sharp height.
    """

    inside: NDArray[np.bool_]
    levels: Field
    normals: Field
    start: Field
    bottom: Field
    face: NDArray[np.intp]
    places: Field


def facets(planes: Planes, reach: int, edge: float, relief: Relief) -> Patch:
    """Find where each ray meets the surface with rounded edges, then the uneven one close to it."""
    allowance = np.float32(2 * relief.skin.waves)
    rays = _sharp(planes, reach, float(allowance))
    smooth = np.full_like(rays.start, -allowance)
    height, _, step = _newton(rays, rays.start, smooth, edge, FIRST_STEPS)
    height = np.where(_met(rays, height, step), height, rays.start)
    places = np.vstack([rays.places[:2], height[None]])
    lift = np.zeros(rays.inside.shape, np.float32)
    lift[rays.inside] = relief.waves(places) + relief.details(places) - allowance
    if relief.skin.ledges > 0:
        lift[rays.inside] -= _ledges(rays, relief)
    rough, gradient, step = _newton(rays, height, lift[rays.inside], edge, SECOND_STEPS)
    return _patch(rays, _met(rays, rough, step), lift, rough, gradient)


def _sharp(planes: Planes, reach: int, allowance: float) -> _Rays:
    """Meet the polyhedron itself, all planes moved out by ``allowance``."""
    rows, cols = grid(reach)
    normals = planes.normals.astype(np.float32)
    normals[np.abs(normals[:, 2]) < 1e-3, 2] = 1e-3
    levels = np.multiply.outer(normals[:, 0], rows) + np.multiply.outer(normals[:, 1], cols)
    levels -= (planes.offsets + allowance).astype(np.float32)[:, None, None]
    heights = -levels / normals[:, 2, None, None]
    up = normals[:, 2] > 0
    top, bottom = heights[up].min(0), heights[~up].max(0)
    inside = top > bottom
    places = np.stack([rows[inside], cols[inside], top[inside]])
    face = heights[up][:, inside].argmin(0)
    return _Rays(inside, levels[:, inside], normals, top[inside], bottom, face, places)


def _ledges(rays: _Rays, relief: Relief) -> Field:
    """Growth steps that cross every other face in wavy lines: lost height in pixels, (n,)."""
    skin = relief.skin
    ways = np.linspace(0, 2 * np.pi, 7)[rays.face % 7] + relief.shift[0]
    along = rays.places[0] * np.cos(ways) + rays.places[1] * np.sin(ways) + 0.5 * rays.places[2]
    width = skin.wave_length * 0.35
    waver = relief.grain.sample(rays.places, skin.wave_length * 0.5, relief.shift, 7)
    stair = along / width + 0.2 * waver
    ramp = np.abs(np.clip((stair % 1) * width / 2, 0, 1) - stair % 1)
    lost: Field = (skin.ledges * ramp * (rays.face % 2)).astype(np.float32)
    return lost


def _newton(
    rays: _Rays, start: Field, lift: Field, edge: float, steps: int
) -> tuple[Field, Field, Field]:
    """Solve softmax(planes) = lift: heights (n,), gradients (3, n), last steps down (n,).

    The soft maximum is convex, so Newton's steps come down monotonically; where the rounded solid
    has no surface they fall through its bottom.
    """
    upright = rays.normals[:, 2]
    height = start.copy()
    sharpness = np.float32(1 / max(edge, 0.3))
    gradient, step = np.zeros((3, len(height)), np.float32), np.zeros_like(height)
    for _ in range(steps):
        values = rays.levels + upright[:, None] * height
        peak = values.max(0)
        values -= peak
        values *= sharpness
        weights = np.exp(values, out=values)
        total = weights.sum(0)
        rise = peak + np.log(total) / sharpness - lift
        gradient = (rays.normals.T @ weights) / total
        step = rise / np.maximum(gradient[2], 0.04)
        height -= np.clip(step, -LONGEST_STEP, LONGEST_STEP)
    return height, gradient, step


def _met(rays: _Rays, height: Field, step: Field) -> NDArray[np.bool_]:
    """Say which rays have found the surface, (n,)."""
    found: NDArray[np.bool_] = (height > rays.bottom[rays.inside]) & (step < STILL_FALLING)
    return found


def _patch(
    rays: _Rays, met: NDArray[np.bool_], lift: Field, height: Field, gradient: Field
) -> Patch:
    """Put solved rays back on the grid; the relief's own slope is added to the faces'."""
    found = rays.inside.copy()
    found[rays.inside] = met
    found = tidy(found)
    top, row_slope, col_slope = (np.zeros_like(rays.bottom) for _ in range(3))
    climb = np.maximum(gradient[2], 0.05)
    lift_row, lift_col = (each[rays.inside] for each in slopes(lift))
    top[rays.inside] = height
    row_slope[rays.inside] = limit_slope((lift_row - gradient[0]) / climb)
    col_slope[rays.inside] = limit_slope((lift_col - gradient[1]) / climb)
    return Patch(found, top, rays.bottom, row_slope, col_slope)
