"""The pixels of one crystal, kept inside their bounding box."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.errors import MaskError


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """A crystal's pixels: a boolean array whose corner lies at (``row``, ``col``).

    Build it with `from_pixels`, which trims it; two masks of the same pixels are then equal.
    """

    row: int
    col: int
    pixels: NDArray[np.bool_]

    @classmethod
    def from_pixels(cls, pixels: NDArray[np.generic], row: int = 0, col: int = 0) -> "Mask":
        """Trim a (height, width) array, whose corner lies at (row, col), to its true pixels.

        Raises
        ------
        MaskError
            If no pixel is set.
        """
        filled = np.asarray(pixels, bool)
        rows, cols = np.flatnonzero(filled.any(1)), np.flatnonzero(filled.any(0))
        if not rows.size:
            raise MaskError("This mask has no pixel; draw the crystal before accepting it.")
        trimmed = filled[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1].copy()
        trimmed.flags.writeable = False
        return cls(int(row) + int(rows[0]), int(col) + int(cols[0]), trimmed)

    @property
    def region(self) -> Region:
        """Bounding box in full-image pixels."""
        height, width = self.pixels.shape
        return Region(self.row, self.col, self.row + height, self.col + width)

    @property
    def slices(self) -> tuple[slice, slice]:
        """Where the bounding box lies in a full image."""
        box = self.region
        return slice(box.row0, box.row1), slice(box.col0, box.col1)

    @property
    def area(self) -> int:
        """Number of pixels."""
        return int(np.count_nonzero(self.pixels))

    @property
    def centre(self) -> tuple[float, float]:
        """Centroid (row, column) in full-image pixels."""
        filled = self.pixels.astype(np.float32)  # a product of matrices is the fastest sum
        by_row = filled @ np.ones(filled.shape[1], np.float32)
        by_col = np.ones(filled.shape[0], np.float32) @ filled
        return self.row + _mean_place(by_row), self.col + _mean_place(by_col)

    @property
    def digest(self) -> str:
        """16 hexadecimal digits that change when any pixel does."""
        state = hashlib.blake2b(digest_size=8)
        place = int(self.row), int(self.col)  # numpy's own numbers are written otherwise
        state.update(repr((*place, self.pixels.shape)).encode())
        state.update(np.packbits(self.pixels).tobytes())
        return state.hexdigest()

    def contains(self, row: int, col: int) -> bool:
        """Say whether a pixel belongs to the crystal."""
        return self.region.contains(row, col) and bool(self.pixels[row - self.row, col - self.col])

    def overlap(self, other: "Mask") -> int:
        """Count the pixels both masks hold."""
        one, two = self.region, other.region
        row0, row1 = max(one.row0, two.row0), min(one.row1, two.row1)
        col0, col1 = max(one.col0, two.col0), min(one.col1, two.col1)
        if row0 >= row1 or col0 >= col1:
            return 0
        return int(
            np.count_nonzero(
                self.pixels[row0 - one.row0 : row1 - one.row0, col0 - one.col0 : col1 - one.col0]
                & other.pixels[row0 - two.row0 : row1 - two.row0, col0 - two.col0 : col1 - two.col0]
            )
        )

    def iou(self, other: "Mask") -> float:
        """Intersection over union, 0 to 1."""
        shared = self.overlap(other)
        return shared / (self.area + other.area - shared)

    def within(self, region: Region) -> "Mask":
        """Give the part inside a region.

        Raises
        ------
        MaskError
            If nothing of the crystal lies there.
        """
        box = self.region
        row0, col0 = max(box.row0, region.row0), max(box.col0, region.col0)
        row1, col1 = min(box.row1, region.row1), min(box.col1, region.col1)
        if row0 >= row1 or col0 >= col1:
            raise MaskError("This mask lies outside the part of the micrograph that is analysed.")
        part = self.pixels[row0 - box.row0 : row1 - box.row0, col0 - box.col0 : col1 - box.col0]
        return Mask.from_pixels(part, row0, col0)

    def to_image(self, height: int, width: int) -> NDArray[np.bool_]:
        """Give the mask as a full (height, width) image."""
        image = np.zeros((height, width), bool)
        image[self.slices] = self.pixels
        return image

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mask) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def _mean_place(counts: NDArray[np.float32]) -> float:
    """Give the mean place of pixels of which so many lie at each place."""
    whole = counts.astype(np.int64)
    return float(np.arange(whole.size) @ whole / whole.sum())
