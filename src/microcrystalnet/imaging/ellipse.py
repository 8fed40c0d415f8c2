"""The ellipse with the same second moments as a crystal."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_EQUAL = 1e-9  # of the longer axis: closer axes have no direction


@dataclass(frozen=True, slots=True)
class Ellipse:
    """Full axes, the longer first, and the direction of the longer one.

    ``orientation_deg`` is 0 along the rows of the micrograph and grows counter-clockwise as one
    sees it, 0 to 180; None where both axes are equal.
    """

    major_axis: float
    minor_axis: float
    orientation_deg: float | None

    @property
    def aspect_ratio(self) -> float:
        """The major by the minor axis, 1 or more."""
        return self.major_axis / self.minor_axis


def ellipse_of(pixels: NDArray[np.bool_], spacing: tuple[float, float] = (1.0, 1.0)) -> Ellipse:
    """Give the ellipse with the second moments of a mask.

    Parameters
    ----------
    pixels : (height, width)
        A mask with at least one true pixel.
    spacing
        Height and width of a pixel; the axes are in its unit.
    """
    rows, cols = (each * side for each, side in zip(np.nonzero(pixels), spacing, strict=True))
    rows, cols = rows - rows.mean(), cols - cols.mean()
    own = [side**2 / 12 for side in spacing]  # the second moments of a pixel about its centre
    row_row, col_col = (rows @ rows) / rows.size + own[0], (cols @ cols) / cols.size + own[1]
    row_col = (rows @ cols) / rows.size
    middle, spread = (row_row + col_col) / 2, math.hypot((row_row - col_col) / 2, row_col)
    major, minor = 4 * math.sqrt(middle + spread), 4 * math.sqrt(max(middle - spread, 0))
    if spread <= _EQUAL * middle:
        return Ellipse(major, minor, None)
    upwards = math.degrees(math.atan2(-2 * row_col, col_col - row_row)) / 2  # rows grow downwards
    return Ellipse(major, minor, upwards % 180 % 180)  # a tiny negative angle gives 180 first
