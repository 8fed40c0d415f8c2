"""The length of a crystal's outline, from how often straight lines cross it."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Step = tuple[int, int]

FOUR: tuple[Step, ...] = ((0, 1), (1, 1), (1, 0), (1, -1))
# Four directions make a turned square up to 13 % too round; sixteen keep it within 1 %.
SIXTEEN: tuple[Step, ...] = (
    *((0, 1), (1, 3), (1, 2), (2, 3), (1, 1), (3, 2), (2, 1), (3, 1)),
    *((1, 0), (3, -1), (2, -1), (3, -2), (1, -1), (2, -3), (1, -2), (1, -3)),
)


def crofton_perimeter(
    pixels: NDArray[np.bool_],
    spacing: tuple[float, float] = (1.0, 1.0),
    directions: tuple[Step, ...] = SIXTEEN,
) -> float:
    """Estimate the outline's length from line crossings in several directions.

    Crofton's formula as in Lehmann and Legland, Insight Journal 2012: unlike a chain code it does
    not drift with size. Lines in each direction count by the angle they stand for and by how far
    they lie apart.

    Parameters
    ----------
    pixels : (height, width)
        The mask.
    spacing
        Height and width of a pixel.
    directions
        Steps (rows, columns) between neighbours on a line, by growing angle from the row.
    """
    row, col = spacing
    border = 2 * max(max(map(abs, step)) for step in directions)
    lines = _Lines(np.pad(pixels, border))
    return (
        sum(
            share * lines.crossings(step) * row * col / math.hypot(step[0] * row, step[1] * col)
            for step, share in zip(directions, _shares(directions, spacing), strict=True)
        )
        / 2
    )


class _Lines:
    """The straight lines through the pixels of a mask with an empty border around it."""

    def __init__(self, padded: NDArray[np.bool_]) -> None:
        self._width, self._flat = padded.shape[1], padded.ravel()

    def crossings(self, step: Step) -> float:
        """Estimate how often the lines of one direction enter or leave the mask.

        A long step jumps over the tips that are narrower than itself, a double one over twice as
        many: so many more there are.
        """
        once = self._changes(*step)
        if step in FOUR:
            return once
        return 2 * once - self._changes(2 * step[0], 2 * step[1]) / 2

    def _changes(self, down: int, right: int) -> int:
        apart = down * self._width + right
        return int(np.count_nonzero(self._flat[apart:] ^ self._flat[:-apart]))


def _shares(directions: tuple[Step, ...], spacing: tuple[float, float]) -> Iterator[float]:
    """Give the angle that each direction stands for: halfway to its neighbours."""
    angles = [math.atan2(down * spacing[0], right * spacing[1]) for down, right in directions]
    around = [angles[-1] - math.pi, *angles, angles[0] + math.pi]
    for before, after in zip(around, around[2:], strict=False):
        yield (after - before) / 2
