"""How clicks and boxes are drawn for the embedded network: the same in training and in use."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

CLICK_RADIUS = 3.0


def click_channel(
    shape: tuple[int, ...], clicks: Iterable[tuple[float, float, bool]]
) -> NDArray[np.float32]:
    """Draw clicks (row, column, positive) as soft spots of +1 and -1 on a (height, width) map."""
    positives, negatives = np.zeros((2, shape[0], shape[1]), np.float32)
    rows = np.arange(shape[0], dtype=np.float32)[:, None]
    cols = np.arange(shape[1], dtype=np.float32)[None]
    for row, col, positive in clicks:
        far = ((rows - row) ** 2 + (cols - col) ** 2) / (2 * CLICK_RADIUS**2)
        spots = positives if positive else negatives
        np.maximum(spots, np.exp(-far), out=spots)
    return positives - negatives


def box_channel(
    shape: tuple[int, ...], box: tuple[float, float, float, float]
) -> NDArray[np.float32]:
    """Draw a box (row0, col0, row1, col1; end exclusive) as ones on a (height, width) map."""
    channel = np.zeros(shape, np.float32)
    row0, col0, row1, col1 = (max(round(side), 0) for side in box)
    channel[row0 : max(row1, row0 + 1), col0 : max(col1, col0 + 1)] = 1
    return channel
