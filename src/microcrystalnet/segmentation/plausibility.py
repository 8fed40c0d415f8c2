"""How much each candidate region looks like one whole crystal, from 0 to 1.

A product of soft rules, set by hand and checked by measurement: a strong outline, stronger than
anything inside; brighter than what lies around; filled and compact; not lying on the rim.
"""

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.segmentation.candidates import (
    AREA,
    COLS,
    COLS2,
    CONTRAST,
    FOREGROUND,
    LENGTH,
    OUTER,
    ROWCOL,
    ROWS,
    ROWS2,
    STRENGTH,
    CandidateTree,
    Numbers,
)


def plausibility(tree: CandidateTree) -> NDArray[np.float64]:
    """Score every region of a tree, 0 to 1; shape (regions,)."""
    sums = tree.sums
    area, length = sums[:, AREA], np.maximum(sums[:, LENGTH], 1)
    outline = sums[:, STRENGTH] / length
    scores = (
        outline
        / (outline + 0.3 + 0.06 * tree.inner)
        * _above(ellipse_fill(sums), 0.93, 0.037)
        * _above(compactness(sums), 0.2, 0.1)
        * _above(sums[:, FOREGROUND] / area, 0.4, 0.1)
        * _above(sums[:, CONTRAST] / length, 0.05, 0.165)
        * np.exp(-0.77 * sums[:, OUTER] / (sums[:, OUTER] + length))
        * _persistence(tree) ** 0.07
    )
    scores[-1] = 0.0 if len(scores) > 1 else scores[-1]
    return np.asarray(scores)


def ellipse_fill(sums: Numbers) -> NDArray[np.float64]:
    """Compare the area with that of the ellipse of the same second moments.

    1 for an ellipse, 0.955 for a rectangle, 0.87 for a triangle, less for a ring or a branch.
    """
    area = sums[:, AREA]
    row, col = sums[:, ROWS] / area, sums[:, COLS] / area
    row_row = sums[:, ROWS2] / area - row**2 + 1 / 12
    col_col = sums[:, COLS2] / area - col**2 + 1 / 12
    row_col = sums[:, ROWCOL] / area - row * col
    spread = np.sqrt(np.maximum(row_row * col_col - row_col**2, 1e-6))
    return np.asarray(area / (4 * np.pi * spread))


def compactness(sums: Numbers) -> NDArray[np.float64]:
    """Give 4 pi area / perimeter squared; a perimeter counted in pixel sides is 4/pi too long."""
    perimeter = (sums[:, LENGTH] + sums[:, OUTER]) * np.pi / 4
    return np.asarray(4 * np.pi * sums[:, AREA] / np.maximum(perimeter, 1) ** 2)


def _above(values: Numbers, middle: float, width: float) -> Numbers:
    return 1 / (1 + np.exp(-np.clip((values - middle) / width, -30, 30)))


def _persistence(tree: CandidateTree) -> Numbers:
    """Say how much stronger the border is that ends a region than the strongest inside it."""
    outside = np.where(tree.parent >= 0, tree.inner[tree.parent], tree.inner[-1])
    return np.clip((outside - tree.inner) / np.maximum(outside, 1e-6), 0, 1) + 0.02
