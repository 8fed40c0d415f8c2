"""Draws the clicks and boxes that a training crop is asked with, as two input channels."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from microcrystalnet.segmentation.neural.prompt_channels import box_channel, click_channel


def draw_prompt(
    labels: NDArray[np.uint16],
    depth: NDArray[np.float32],
    meant: int,
    rng: Generator,
    *,
    boxed: bool,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw a jittered box, or one to four clicks, for the particle called ``meant``.

    Returns
    -------
    clicks, box : NDArray[np.float32]
        The two prompt channels, each (side, side).
    """
    mask = labels == meant
    clicks: list[tuple[float, float, bool]] = []
    box = np.zeros(labels.shape, np.float32)
    if boxed:
        box = box_channel(labels.shape, _jittered_box(mask, rng))
    if not boxed or rng.random() < 0.15:
        clicks.append((*_inside(mask, depth, rng), True))
    if clicks and rng.random() < 0.25:
        clicks.extend(_corrections(labels, mask, depth, meant, rng))
    return click_channel(labels.shape, clicks), box


def _inside(
    mask: NDArray[np.bool_], depth: NDArray[np.float32], rng: Generator
) -> tuple[float, float]:
    """Pick the deepest pixel, or in a third of the cases one anywhere well inside."""
    rows, cols = np.nonzero(mask)
    depths = depth[rows, cols]
    if rng.random() < 0.65:
        index = int(depths.argmax())
    else:
        weights = depths + 0.05
        index = int(rng.choice(rows.size, p=weights / weights.sum()))
    return float(rows[index]), float(cols[index])


def _corrections(
    labels: NDArray[np.uint16],
    mask: NDArray[np.bool_],
    depth: NDArray[np.float32],
    meant: int,
    rng: Generator,
) -> Sequence[tuple[float, float, bool]]:
    """Pick one to three more clicks: on the same particle, or on what is next to it."""
    clicks: list[tuple[float, float, bool]] = []
    others = (labels != meant) & _near(mask)
    for _ in range(int(rng.integers(1, 4))):
        positive = bool(rng.random() < 0.5) or not others.any()
        source = mask if positive else others
        row, col = _inside(source, depth if positive else depth * source, rng)
        clicks.append((row, col, positive))
    return clicks


def _near(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the mask's bounding box, a fifth larger on each side."""
    rows, cols = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    margin = 2 + int(0.2 * max(rows[-1] - rows[0], cols[-1] - cols[0]))
    near = np.zeros(mask.shape, bool)
    near[
        max(rows[0] - margin, 0) : rows[-1] + margin, max(cols[0] - margin, 0) : cols[-1] + margin
    ] = True
    return near


def _jittered_box(mask: NDArray[np.bool_], rng: Generator) -> tuple[float, float, float, float]:
    """Give the mask's box, each side moved by up to a few per cent of its length (half: exact)."""
    rows, cols = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    box = np.array([rows[0], cols[0], rows[-1] + 1, cols[-1] + 1], float)
    if rng.random() < 0.5:
        sides = np.array([box[2] - box[0], box[3] - box[1]] * 2)
        box += rng.normal(0, 0.03, 4) * sides
    return box[0], box[1], box[2], box[3]
