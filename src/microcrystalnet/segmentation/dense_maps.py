"""Where crystal is, where its edges are, and how deep inside a pixel lies; no learned weights.

Instances and prompts work on any maps of this kind, whatever computes them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage as ndi

Map = NDArray[np.float32]

EDGE_SIGMAS_PX = (1.0, 2.0, 4.0)
EDGE_WEIGHTS = (1.5, 2.4, 3.3)  # a wide edge has a small slope, but is as much of an edge
GAP_WIDTHS_PX = (3, 7)
BARRIER = 0.35  # an edge of this strength ends a crystal when depths are measured


@dataclass(frozen=True, slots=True, eq=False)
class DenseMaps:
    """Three (height, width) maps of one working image.

    ``foreground`` is the chance that a pixel belongs to a crystal, 0 to 1; ``edge`` how strongly
    it looks like an outline, 0 to 2, where 1 is the contrast usual around there; ``distance`` the
    depth inside its object, 1 at the deepest pixel and 0 on the outline.
    """

    foreground: Map
    edge: Map
    distance: Map


def compute(image: NDArray[np.uint8]) -> DenseMaps:
    """Compute the maps of a (height, width) image from grey values alone."""
    grey = image.astype(np.float32)
    smooth = ndi.gaussian_filter(grey, 1.0)
    low, span = _grey_range(smooth)
    edge = _edges(grey, smooth, span)
    foreground = _sigmoid((smooth - low) / span, 0.25, 0.06)
    return DenseMaps(foreground, edge, _depth(foreground, edge))


def _grey_range(smooth: Map) -> tuple[float, float]:
    """Give the background's grey value and the contrast; at least 8 grey levels of it."""
    darkest, background, brightest = np.percentile(smooth[::3, ::3], [2, 5, 98])
    return float(background), max(float(brightest - darkest), 8.0)


def _sigmoid(values: Map, middle: float, width: float) -> Map:
    return np.asarray(1 / (1 + np.exp(np.clip((middle - values) / width, -30, 30))), np.float32)


def _edges(grey: Map, smooth: Map, span: float) -> Map:
    usual = 0.5 * _local_contrast(smooth) + 0.15 * span + 2 * _noise(grey)
    strength = _slopes(grey) + 0.5 * _gaps(smooth)
    return np.asarray(np.clip(strength / usual, 0, 2), np.float32)


def _noise(grey: Map) -> float:
    """Estimate the standard deviation of the noise in grey levels; never 0."""
    if grey.shape[0] < 3:
        return 0.5
    return float(np.median(np.abs(np.diff(grey[::2, ::2], axis=0)))) / 0.95 + 0.5


def _slopes(grey: Map) -> Map:
    """Give the steepest slope over several widths."""
    steepest = np.zeros_like(grey)
    for sigma, weight in zip(EDGE_SIGMAS_PX, EDGE_WEIGHTS, strict=True):
        blurred = ndi.gaussian_filter(grey, sigma)
        slope = np.hypot(ndi.sobel(blurred, 0), ndi.sobel(blurred, 1)) * (weight / 8)
        np.maximum(steepest, slope, out=steepest)
    return steepest


def _gaps(smooth: Map) -> Map:
    """Give how much darker than both sides a narrow gap between crystals is."""
    deepest = np.zeros_like(smooth)
    for width in GAP_WIDTHS_PX:
        np.maximum(deepest, ndi.grey_closing(smooth, size=(width, width)) - smooth, out=deepest)
    return deepest


def _local_contrast(smooth: Map) -> Map:
    """Give the standard deviation of grey in a wide neighbourhood, at quarter resolution inside."""
    coarse = smooth[::4, ::4]
    sigma = max(16.0, min(smooth.shape) / 8) / 4
    mean = ndi.gaussian_filter(coarse, sigma)
    deviation = np.sqrt(ndi.gaussian_filter((coarse - mean) ** 2, sigma))
    return _enlarge(deviation, smooth.shape)


def _enlarge(coarse: Map, shape: tuple[int, ...]) -> Map:
    rows = np.minimum(np.arange(shape[0]) // 4, coarse.shape[0] - 1)
    cols = np.minimum(np.arange(shape[1]) // 4, coarse.shape[1] - 1)
    return coarse[np.ix_(rows, cols)]


def _depth(foreground: Map, edge: Map) -> Map:
    """Give the distance to the nearest outline or background, 1 at each object's deepest pixel."""
    inside = (foreground > 0.5) & (edge < BARRIER)
    depth = ndi.distance_transform_edt(inside).astype(np.float32)
    objects, count = ndi.label(inside)
    deepest = np.ones(count + 1, np.float32)
    if count:
        deepest[1:] = ndi.maximum(depth, objects, np.arange(1, count + 1))
    return np.asarray(depth / deepest[objects])
