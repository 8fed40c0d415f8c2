"""In which order crystals come before an expert."""

from collections.abc import Container, Iterable, Mapping, Sequence

import numpy as np

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.micrograph import Region


def reading_order(crystals: Iterable[Crystal]) -> tuple[str, ...]:
    """Order crystals like lines of text, so that the view makes short steps.

    A line is as high as the median crystal; inside a line the order is from left to right.
    """
    return reading_order_of({each.crystal_id: each.mask.region for each in crystals})


def reading_order_of(boxes: Mapping[str, Region]) -> tuple[str, ...]:
    """Order crystals like lines of text by their bounding boxes, in full-image pixels."""
    if not boxes:
        return ()
    line = max(1.0, float(np.median([box.height for box in boxes.values()])))

    def place(crystal_id: str) -> tuple[float, int]:
        box = boxes[crystal_id]
        return (box.row0 + box.row1) // (2 * line), box.col0

    return tuple(sorted(boxes, key=place))


def step(order: Sequence[str], current: str | None, by: int) -> str | None:
    """Give the crystal ``by`` places after the current one, stopping at the ends."""
    if not order:
        return None
    if current not in order:
        return order[0] if by > 0 else order[-1]
    return order[min(max(order.index(current) + by, 0), len(order) - 1)]


def next_open(order: Sequence[str], current: str | None, answered: Container[str]) -> str | None:
    """Give the first crystal without an answer after the current one, going round at the end.

    None means that every crystal has an answer.
    """
    start = order.index(current) + 1 if current in order else 0
    return next((each for each in (*order[start:], *order[:start]) if each not in answered), None)
