"""A smaller copy of a big micrograph to compute on, and the way back to full-image pixels."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from microcrystalnet.domain.mask import Mask

WORKING_SIDE_PX = 1024
LARGEST_WORKING_SIDE_PX = 2048


@dataclass(frozen=True, slots=True)
class WorkingGrid:
    """Shapes of the micrograph and of its working copy; pixel centres lie at integers."""

    full: tuple[int, int]
    working: tuple[int, int]

    @classmethod
    def for_shape(cls, height: int, width: int) -> "WorkingGrid":
        """Choose a working copy: at most half as fine at 2048 pixels, coarser beyond 8192."""
        longest = max(height, width)
        side = min(max(WORKING_SIDE_PX, longest / 4), LARGEST_WORKING_SIDE_PX)
        factor = max(1.0, longest / side)
        working = max(1, round(height / factor)), max(1, round(width / factor))
        return cls((height, width), working)

    @property
    def factors(self) -> tuple[float, float]:
        """Full-image pixels per working pixel, down and across."""
        return self.full[0] / self.working[0], self.full[1] / self.working[1]

    @property
    def area_factor(self) -> float:
        """Full-image pixels that one working pixel covers."""
        return math.prod(self.factors)

    def shrink(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Average a (height, width) image down to the working copy."""
        if self.full == self.working:
            return image
        size = self.working[::-1]
        return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BOX))

    def to_working(self, row: float, col: float) -> tuple[int, int]:
        """Give the working pixel that holds a full-image position, kept inside."""
        down, across = self.factors
        return (
            min(max(math.floor((row + 0.5) / down), 0), self.working[0] - 1),
            min(max(math.floor((col + 0.5) / across), 0), self.working[1] - 1),
        )

    def mask(self, pixels: NDArray[np.bool_], row: int, col: int) -> Mask:
        """Lay working pixels, whose corner is at (row, col), on the micrograph with smooth rims.

        Raises
        ------
        MaskError
            If nothing is left.
        """
        if self.full == self.working:
            return Mask.from_pixels(pixels, row, col)
        height, width = pixels.shape
        rows, cols = (
            self._span(row - 1, row + 1 + height, 0),
            self._span(col - 1, col + 1 + width, 1),
        )
        down, across = self.factors
        top, left = rows[0] / down - row + 1, cols[0] / across - col + 1
        bottom, right = rows[1] / down - row + 1, cols[1] / across - col + 1
        coarse = Image.fromarray(np.pad(pixels, 1).astype(np.uint8) * 255)
        size = cols[1] - cols[0], rows[1] - rows[0]
        box = left, top, right, bottom
        fine = np.asarray(coarse.resize(size, Image.Resampling.BILINEAR, box))
        return Mask.from_pixels(fine >= 128, rows[0], cols[0])

    def _span(self, start: int, stop: int, axis: int) -> tuple[int, int]:
        factor = self.factors[axis]
        first, last = math.ceil(start * factor), math.floor(stop * factor)
        return max(first, 0), min(last, self.full[axis])
