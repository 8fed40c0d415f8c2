"""Grey values of a training crop, with the contrast, blur and noise that microscopes differ in."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import ndimage

from microcrystalnet.segmentation.training.pictures import Picture


def shade(
    picture: Picture,
    points: tuple[NDArray[np.float32], NDArray[np.float32]],
    step: float,
    valid: NDArray[np.bool_],
    rng: Generator,
) -> NDArray[np.float32]:
    """Sample standardised grey values at (rows, cols) ``points`` and vary them; outside is 0."""
    rows, cols = points
    level = int(np.clip(np.floor(np.log2(max(step, 1)) + 0.4), 0, len(picture.levels) - 1))
    scale = 2.0**level
    pixels = picture.levels[level]
    table = _grey_table(picture.pixels, rng)
    grey = _bilinear(table[pixels], (rows + 0.5) / scale - 0.5, (cols + 0.5) / scale - 0.5)
    if rng.random() < 0.25:
        grey = ndimage.gaussian_filter(grey, float(rng.uniform(0.3, 1.5)))
    if rng.random() < 0.4:
        grey = grey + rng.standard_normal(grey.shape, np.float32) * float(rng.uniform(0, 0.35))
    return np.where(valid, grey, 0).astype(np.float32)


def _grey_table(pixels: NDArray[np.uint8], rng: Generator) -> NDArray[np.float32]:
    """Make the 256 standardised values of a varied grey scale."""
    values = (np.arange(256) / 255) ** float(np.exp(rng.uniform(-0.5, 0.5)))
    if rng.random() < 0.05:
        values = 1 - values
    counts = np.bincount(pixels[::2, ::2].ravel(), minlength=256)
    mean = np.average(values, weights=counts)
    deviation = np.sqrt(np.average((values - mean) ** 2, weights=counts))
    standard = (values - mean) / max(float(deviation), 0.02)
    gain, offset = np.exp(rng.normal(0, 0.15)), rng.normal(0, 0.15)
    return np.asarray(standard * gain + offset, np.float32)


def _bilinear(
    values: NDArray[np.float32], rows: NDArray[np.float32], cols: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Interpolate (h, w) values at fractional places, held at the border."""
    height, width = values.shape
    rows, cols = rows.clip(0, height - 1.001), cols.clip(0, width - 1.001)
    row, col = rows.astype(np.int32), cols.astype(np.int32)
    down, right = rows - row, cols - col
    flat, start = values.ravel(), row * width + col
    above = flat[start] * (1 - right) + flat[start + 1] * right
    below = flat[start + width] * (1 - right) + flat[start + width + 1] * right
    return np.asarray(above * (1 - down) + below * down, np.float32)
