"""A micrograph's standardised grey values at scale 1, 1/2, 1/4 ..., and windows cut from it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SMALLEST_DEVIATION = 0.02 * 255
STRIP = 1024  # rows worked on at once, so that a big micrograph needs little more than itself


@dataclass(frozen=True, slots=True)
class Window:
    """A square of ``size`` x ``size`` crop pixels, ``step`` micrograph pixels apart."""

    row: float  # centre, in full-image pixels
    col: float
    step: float
    size: int

    @property
    def row0(self) -> float:
        """Row of the first crop pixel's centre."""
        return self.row - (self.size - 1) / 2 * self.step

    @property
    def col0(self) -> float:
        """Column of the first crop pixel's centre."""
        return self.col - (self.size - 1) / 2 * self.step

    def to_crop(self, row: float, col: float) -> tuple[float, float]:
        """Turn full-image (row, column) into crop (row, column)."""
        return (row - self.row0) / self.step, (col - self.col0) / self.step


@dataclass(frozen=True, slots=True)
class GreyPyramid:
    """Grey values halved again and again, with the mean and deviation that standardise them."""

    levels: tuple[NDArray[np.uint8], ...]
    mean: float
    deviation: float
    flat: bool = False  # one grey value everywhere: nothing to see

    @classmethod
    def of(cls, image: NDArray[np.uint8], depth: int = 8) -> "GreyPyramid":
        """Build the pyramid of a (height, width) image."""
        strips = (image[row : row + STRIP] for row in range(0, image.shape[0], STRIP))
        counts = np.sum([np.bincount(strip.ravel(), minlength=256) for strip in strips], 0)
        values = np.arange(256)
        mean = float(np.average(values, weights=counts))
        spread = float(np.sqrt(np.average((values - mean) ** 2, weights=counts)))
        levels = [image]
        while len(levels) < depth and min(levels[-1].shape) >= 64:
            levels.append(halve(levels[-1]))
        flat = int(np.count_nonzero(counts)) == 1
        return cls(tuple(levels), mean, max(spread, SMALLEST_DEVIATION), flat)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the micrograph."""
        height, width = self.levels[0].shape
        return height, width

    def standard(self, level: int) -> NDArray[np.float32]:
        """Give one level's grey values with mean 0 and deviation 1."""
        return (self.levels[level].astype(np.float32) - self.mean) / np.float32(self.deviation)

    def cut(self, window: Window) -> NDArray[np.float32]:
        """Sample a window's standardised grey values (size, size); outside the micrograph is 0."""
        level = int(np.clip(np.floor(np.log2(max(window.step, 1)) + 0.4), 0, len(self.levels) - 1))
        pixels, scale = self.levels[level], 2.0**level
        steps = np.arange(window.size) * window.step
        rows, cols = window.row0 + steps, window.col0 + steps
        grey = _bilinear(pixels, (rows + 0.5) / scale - 0.5, (cols + 0.5) / scale - 0.5)
        grey = (grey - self.mean) / self.deviation
        height, width = self.shape
        grey[(rows < -0.5) | (rows > height - 0.5)] = 0
        grey[:, (cols < -0.5) | (cols > width - 0.5)] = 0
        return grey.astype(np.float32)


def halve(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Average 2 x 2 pixels of a (height, width) image; an odd last row or column is dropped."""
    height, width = (pixels.shape[0] // 2) * 2, (pixels.shape[1] // 2) * 2
    smaller = np.empty((height // 2, width // 2), np.uint8)
    for row in range(0, height, STRIP):
        wide = pixels[row : min(row + STRIP, height), :width].astype(np.uint16)
        total = wide[::2, ::2] + wide[1::2, ::2] + wide[::2, 1::2] + wide[1::2, 1::2]
        smaller[row // 2 : row // 2 + total.shape[0]] = (total + 2) // 4
    return smaller


def _bilinear(
    values: NDArray[np.uint8], rows: NDArray[np.floating], cols: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Interpolate (h, w) values on the grid of (n,) rows and (m,) columns, held at the border."""
    rows, cols = rows.clip(0, values.shape[0] - 1.001), cols.clip(0, values.shape[1] - 1.001)
    row, col = rows.astype(np.intp), cols.astype(np.intp)
    down, right = (rows - row)[:, None], (cols - col)[None]
    first, last = int(col[0]), int(col[-1]) + 2
    upper = values[row, first:last].astype(np.float64)
    lower = values[row + 1, first:last].astype(np.float64)
    mixed = upper * (1 - down) + lower * down
    left = col - first
    return np.asarray(mixed[:, left] * (1 - right) + mixed[:, left + 1] * right)
