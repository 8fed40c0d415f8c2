"""Secondary-electron contrast of a depth buffer: tilt, detector side, edges, shadowed pores."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from microcrystalnet.synth.grain import Field
from microcrystalnet.synth.heap import Heap
from microcrystalnet.synth.pile import Pile

AZIMUTHS = 16
DISTANCES = (2, 4, 7, 11, 16, 23, 32, 44, 60)


@dataclass(frozen=True, slots=True)
class LightSettings:
    """How the electrons are seen; ``detector`` is the direction of the detector in radians."""

    detector: float = -1.2
    side: float = 0.35
    tilt_gain: float = 0.8
    edge_gain: float = 1.0
    shadow: float = 1.9
    blotches: float = 0.10


def shine(pile: Pile, settings: LightSettings, random: np.random.Generator) -> Field:
    """Give the emitted signal, (height, width), about 0 in pores to 1 and more on bright edges.

    Yield grows with tilt as 1/cos (Goldstein et al., Scanning Electron Microscopy, ch. 3), is
    larger on faces turned to the detector, and is lost in pores whose walls catch the electrons.
    """
    heap = pile.heap
    rows, cols = heap.row_slope, heap.col_slope
    upright = 1 / np.sqrt(1 + rows**2 + cols**2)
    emitted: Field = (1 / (upright + 0.18)) ** settings.tilt_gain * 0.5
    toward = -(rows * np.sin(settings.detector) + cols * np.cos(settings.detector)) * upright
    emitted *= 1 + settings.side * toward
    emitted *= 1 + settings.edge_gain * _edges(heap.height)
    emitted *= _openness(heap, settings) ** settings.shadow
    shades = 1 + settings.blotches * random.standard_normal(len(pile.solids) + 1)
    shades[0] = 0.6
    lit: Field = emitted * np.clip(shades, 0.6, 1.5).astype(np.float32)[heap.owner]
    return lit[heap.view]


def _edges(height: Field) -> Field:
    """Bright rims where electrons leave on two sides, dark seams at the foot; about -0.5 to 1."""
    near = np.tanh((height - ndimage.gaussian_filter(height, 2.0)) / 1.5)
    wide = np.tanh((height - ndimage.gaussian_filter(height, 6.0)) / 14.0)
    both: Field = 0.6 * near + 0.5 * wide
    both[both < 0] *= 0.7
    return both


def _openness(heap: Heap, settings: LightSettings) -> Field:
    """Share of the sky above its own surface that each pixel sees, 0 to 1.

    The detector's side counts more.
    """
    total = np.zeros_like(heap.height)
    weights = 0.0
    for azimuth in np.arange(AZIMUTHS) * 2 * np.pi / AZIMUTHS:
        weight = 1 + 0.6 * np.cos(azimuth - settings.detector)
        total += np.float32(weight) * (1 - _hidden(heap, float(azimuth)))
        weights += weight
    smooth: Field = ndimage.gaussian_filter(total / np.float32(weights), 1.5)
    return smooth


def _hidden(heap: Heap, azimuth: float) -> Field:
    """How much the surroundings rise over the pixel's own slope in one direction, 0 to 1."""
    down, right = math.sin(azimuth), math.cos(azimuth)
    own = np.maximum(heap.row_slope * down + heap.col_slope * right, 0)
    steepest = own.copy()
    for distance in DISTANCES:
        step = round(distance * down), round(distance * right)
        rise = (_moved(heap.height, step) - heap.height) / distance
        np.maximum(steepest, rise, out=steepest)
    return _sine(steepest) - _sine(own)


def _sine(slope: Field) -> Field:
    return (slope / np.sqrt(1 + slope**2)).astype(np.float32, copy=False)


def _moved(height: Field, step: tuple[int, int]) -> Field:
    """Bring the pixel ``step`` away to each pixel; beyond the border the ground stays level."""
    moved = height.copy()
    size_r, size_c = height.shape
    to_r, from_r = _ends(step[0], size_r)
    to_c, from_c = _ends(step[1], size_c)
    moved[to_r, to_c] = height[from_r, from_c]
    return moved


def _ends(step: int, size: int) -> tuple[slice, slice]:
    if step >= 0:
        return slice(0, size - step), slice(step, size)
    return slice(-step, size), slice(0, size + step)
