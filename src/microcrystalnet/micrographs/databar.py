"""Finds the databar at the bottom of a micrograph by what it looks like, for files without a key.

A databar is a band of one flat grey with lettering, as wide as the picture, that reaches the lower
edge; where it begins, the grain of the picture ends from one row to the next.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import Region

_TALLEST = 0.25  # of the picture's height
_LOWEST = 12  # rows
_LEVELS = 64  # grey levels are told apart this coarsely: JPEG blurs flat grounds a little
_FLAT = 0.5  # share of a row that has the ground's grey, lettering and frames beside it
_SURE = 0.5  # confidence from which a databar is believed
_RULE = 4  # rows of a frame or separator inside a databar


@dataclass(frozen=True, slots=True)
class Databar:
    """First row of a databar, and how sure that is, 0..1."""

    row: int
    confidence: float

    def region(self, width: int) -> Region:
        """Give the picture above it."""
        return Region(0, 0, self.row, width)


def find_databar(pixels: NDArray[np.generic]) -> Databar | None:
    """Find the databar of a (height, width) grey picture of any dtype, or None.

    The confidence is how much flatter the band is than the picture just above it. Bands without
    lettering, or lower than 12 rows, and flat parts that go on above are no databars.
    """
    height, width = pixels.shape
    tallest = int(height * _TALLEST)
    if tallest < _LOWEST or width < 64:
        return None
    lower = _coarse(pixels[height - 2 * tallest :])
    ground = int(np.bincount(lower[-_LOWEST:].ravel(), minlength=_LEVELS + 2).argmax())
    near = np.abs(lower - ground) <= 1
    shares = near.mean(axis=1)
    rows = _rows_of_band(shares, lower)
    if not _LOWEST <= rows <= tallest or not _lettered(lower[-rows:], near[-rows:]):
        return None
    above = shares[max(0, len(shares) - 2 * rows - _RULE) : len(shares) - rows]
    confidence = float(np.median(shares[-rows:]) - np.quantile(above, 0.9))
    return Databar(height - rows, confidence) if confidence >= _SURE else None


def _coarse(pixels: NDArray[np.generic]) -> NDArray[np.int16]:
    """Bring grey levels to a few steps between the darkest and the brightest; NaN is its own."""
    levels = pixels.astype(np.float32)
    finite = np.isfinite(levels)
    known = levels[finite]
    low, high = (known.min(), known.max()) if known.size else (0.0, 1.0)
    scaled = (levels - low) * (_LEVELS / max(float(high - low), 1e-12))
    return np.where(finite, scaled, _LEVELS + 1).astype(np.int16)


def _rows_of_band(shares: NDArray[np.float64], lower: NDArray[np.int16]) -> int:
    """Count the flat rows from the bottom; a few rows of a drawn line do not end the band."""
    rows = drawn = 0
    for share, row in zip(shares[::-1], lower[::-1], strict=True):
        drawn = 0 if share >= _FLAT else drawn + 1
        if drawn > _RULE or (drawn and not _is_line(row)):
            return rows
        rows += 1
    return rows


def _is_line(row: NDArray[np.int16]) -> bool:
    """Say whether most of a row has one grey, whichever."""
    return bool(np.bincount(row, minlength=1).max() >= 0.7 * row.size)


def _lettered(band: NDArray[np.int16], near: NDArray[np.bool_]) -> bool:
    """Say whether a band holds writing: some sharp marks of another grey, here and there."""
    marks = np.abs(band - np.median(band)) > _LEVELS * 0.3
    written = marks.any(axis=0).mean()  # of the columns
    return 0.003 <= marks.mean() <= 0.45 and written >= 0.05 and bool(near.mean() > _FLAT)
