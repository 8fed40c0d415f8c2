"""Asks the embedded network for the one crystal that clicks and a box point at."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Box, Click
from microcrystalnet.segmentation.dense_network import WINDOW, DenseNetwork
from microcrystalnet.segmentation.neural.grey_pyramid import GreyPyramid, Window
from microcrystalnet.segmentation.neural.prompt_channels import box_channel, click_channel

BOX_MARGIN = 1.5
SMALLEST_WINDOW = 40
MIRRORS: tuple[tuple[int, ...], ...] = ((), (-1,), (-2,), (-1, -2))


@dataclass(frozen=True, slots=True)
class Question:
    """Where to look, and what is pointed at there."""

    window: Window
    clicks: tuple[Click, ...] = ()
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """How surely each pixel of a window belongs to the crystal: (size, size), 0..1."""

    window: Window
    probability: NDArray[np.float32]

    @property
    def certainty(self) -> float:
        """Expected intersection over union of the mask with the truth, by the network itself."""
        inside = self.probability > 0.5
        sure = float(self.probability[inside].sum())
        return sure / max(float(inside.sum() + self.probability[~inside].sum()), 1.0)

    @property
    def extent(self) -> tuple[int, int, int, int] | None:
        """Bounding box (row0, col0, row1, col1) in window pixels, or None when empty."""
        return _extent(self.probability > 0.5)

    def box(self) -> Box | None:
        """Bounding box in full-image pixels, or None when empty."""
        if self.extent is None:
            return None
        window = self.window
        row0, col0, row1, col1 = (
            origin + (side - 0.5) * window.step + 0.5
            for side, origin in zip(self.extent, (window.row0, window.col0) * 2, strict=True)
        )
        return Box(row0, col0, row1, col1)


def window_around(box: Box) -> Window:
    """Give the window that a box is looked at in: half as long again as its longer side."""
    side = max(box.row1 - box.row0, box.col1 - box.col0)
    step = max(BOX_MARGIN * side, SMALLEST_WINDOW) / WINDOW
    return Window((box.row0 + box.row1 - 1) / 2, (box.col0 + box.col1 - 1) / 2, step, WINDOW)


def ask(
    network: DenseNetwork,
    pyramid: GreyPyramid,
    questions: Sequence[Question],
    *,
    mirrored: bool = False,
) -> list[Answer]:
    """Put several questions to the network in one batch.

    ``mirrored`` asks each four times, mirrored both ways, and averages: surer and four times
    slower.
    """
    inputs = np.stack([_inputs(pyramid, question) for question in questions])
    if mirrored:
        views = [np.flip(network.ask(np.flip(inputs, turn)), turn) for turn in MIRRORS]
        probabilities = np.asarray(np.mean(views, 0), np.float32)
    else:
        probabilities = network.ask(inputs)
    return [
        Answer(question.window, probability)
        for question, probability in zip(questions, probabilities, strict=True)
    ]


def _inputs(pyramid: GreyPyramid, question: Question) -> NDArray[np.float32]:
    window = question.window
    shape = (window.size, window.size)
    clicks = [(*window.to_crop(click.row, click.col), click.positive) for click in question.clicks]
    boxed = np.zeros(shape, np.float32)
    if question.box is not None:
        row0, col0 = window.to_crop(question.box.row0 - 0.5, question.box.col0 - 0.5)
        row1, col1 = window.to_crop(question.box.row1 - 0.5, question.box.col1 - 0.5)
        boxed = box_channel(shape, (row0 + 0.5, col0 + 0.5, row1 + 0.5, col1 + 0.5))
    return np.stack([pyramid.cut(window), click_channel(shape, clicks), boxed])


def mask_of(answer: Answer, shape: tuple[int, int], threshold: float = 0.5) -> Mask | None:
    """Draw an answer on the full image's pixel grid, or None when nothing is left.

    Parameters
    ----------
    answer : Answer
        What the network said in its window.
    shape : tuple[int, int]
        Height and width of the micrograph.
    threshold : float
        Pixels at least this sure belong to the crystal.
    """
    window, extent = answer.window, _extent(answer.probability >= threshold)
    if extent is None:
        return None
    rows = _pixels_between(window.row0, window.step, extent[0], extent[2], shape[0])
    cols = _pixels_between(window.col0, window.step, extent[1], extent[3], shape[1])
    if not rows.size or not cols.size:
        return None
    places = (rows - window.row0) / window.step, (cols - window.col0) / window.step
    inside = _resample(answer.probability, *places) >= threshold
    return Mask.from_pixels(inside, int(rows[0]), int(cols[0])) if inside.any() else None


def agreement(answer: Answer, wider: Answer) -> float:
    """Give the IoU of two answers, the second from a wider window around the same place."""
    window = answer.window
    grid = np.arange(window.size) * window.step
    rows = np.rint((window.row0 + grid - wider.window.row0) / wider.window.step).astype(np.intp)
    cols = np.rint((window.col0 + grid - wider.window.col0) / wider.window.step).astype(np.intp)
    last = wider.window.size - 1
    other = wider.probability[np.ix_(rows.clip(0, last), cols.clip(0, last))] > 0.5
    mine = answer.probability > 0.5
    scale = (wider.window.step / window.step) ** 2
    shared = float((mine & other).sum())
    union = float(mine.sum()) + scale * float((wider.probability > 0.5).sum()) - shared
    return min(max(shared / max(union, 1.0), 0.0), 1.0)


def _extent(inside: NDArray[np.bool_]) -> tuple[int, int, int, int] | None:
    """Bounding box (row0, col0, row1, col1; end exclusive) of what is true."""
    rows, cols = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    if not rows.size:
        return None
    return int(rows[0]), int(cols[0]), int(rows[-1]) + 1, int(cols[-1]) + 1


def _pixels_between(
    origin: float, step: float, first: int, end: int, length: int
) -> NDArray[np.intp]:
    """Full-image pixels from just before crop pixel ``first`` to just after ``end``."""
    start = max(int(np.ceil(origin + max(first - 1, -0.5) * step)), 0)
    return np.arange(start, min(int(origin + end * step) + 1, length))


def _resample(
    values: NDArray[np.float32], rows: NDArray[np.floating], cols: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Interpolate (n, n) values bilinearly on the grid of given rows and columns."""
    last = values.shape[0] - 1.001
    rows, cols = rows.clip(0, last), cols.clip(0, last)
    row, col = rows.astype(np.intp), cols.astype(np.intp)
    down = (rows - row).astype(np.float32)[:, None]
    right = (cols - col).astype(np.float32)[None]
    mixed = values[row] * (1 - down) + values[row + 1] * down
    return np.asarray(mixed[:, col] * (1 - right) + mixed[:, col + 1] * right)
