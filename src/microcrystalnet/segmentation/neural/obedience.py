"""Makes sure that a mask does what its clicks say: positive ones in, negative ones out."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Click
from microcrystalnet.imaging.corrections import union


def obey(
    mask: Mask, clicks: Sequence[Click], outline: Callable[[Click], Mask | None]
) -> Mask | None:
    """Join what positive clicks lack and cut off what negative clicks refuse.

    Parameters
    ----------
    mask : Mask
        What the network made of all clicks together.
    clicks : Sequence[Click]
        Positive and negative clicks in full-image pixels.
    outline : Callable[[Click], Mask | None]
        Gives the mask of one positive click alone.

    Returns
    -------
    Mask | None
        None if the negative clicks leave nothing.
    """
    for click in clicks:
        if click.positive and not mask.contains(round(click.row), round(click.col)):
            other = outline(click)
            mask = mask if other is None else union((mask, other))
    refused = [
        click
        for click in clicks
        if not click.positive and mask.contains(round(click.row), round(click.col))
    ]
    return _cut(mask, clicks) if refused else mask


def _cut(mask: Mask, clicks: Sequence[Click]) -> Mask | None:
    """Leave the pixels that lie nearer to a positive click than to every negative one."""
    good = _nearest(mask, [click for click in clicks if click.positive])
    bad = _nearest(mask, [click for click in clicks if not click.positive])
    left = mask.pixels & (good <= bad)
    return Mask.from_pixels(left, mask.row, mask.col) if left.any() else None


def _nearest(mask: Mask, clicks: Sequence[Click]) -> NDArray[np.float64]:
    """Squared distance of each pixel of the mask's box to the nearest of the clicks.

    Without any click it is a tenth of the box's diagonal, squared: beside a box, a negative click
    alone takes out a disc of that radius.
    """
    height, width = mask.pixels.shape
    if not clicks:
        return np.full(mask.pixels.shape, (height**2 + width**2) / 100.0)
    rows = np.arange(height)[:, None] + mask.row
    cols = np.arange(width)[None] + mask.col
    squares = [(rows - click.row) ** 2 + (cols - click.col) ** 2 for click in clicks]
    return np.asarray(np.min(squares, 0), float)
