"""Turns clicks and a box into up to three masks, best first."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.segmentation.dense_network import WINDOW, DenseNetwork
from microcrystalnet.segmentation.neural.grey_pyramid import GreyPyramid, Window
from microcrystalnet.segmentation.neural.obedience import obey
from microcrystalnet.segmentation.neural.pointing import (
    Answer,
    Question,
    agreement,
    ask,
    mask_of,
    window_around,
)

WINDOWS = 5  # that a click is looked at in, from narrow to wide
NARROWEST, WIDEST = 64, 1100  # in micrograph pixels
MOST_PROPOSALS = 3
NEAR_BORDER, SMALL_EXTENT = 2, 22  # in window pixels
CUT_OFF, TOO_SMALL = 0.5, 0.15  # what a score loses when the window was too narrow, or too wide


@dataclass(frozen=True, slots=True)
class Proposal:
    """One mask for a prompt, and its expected IoU."""

    mask: Mask
    score: float


def propose(network: DenseNetwork, pyramid: GreyPyramid, prompt: Prompt) -> list[Proposal]:
    """Give up to three different masks, best first; none if the network sees nothing there.

    A box says how large the crystal is, so one window is enough. Clicks are looked at in windows
    of growing width; the answer that its neighbours agree with is asked about again with a box.
    """
    if pyramid.flat:
        return []

    def outline(click: Click) -> Mask | None:
        alone = _by_clicks(network, pyramid, (click,))
        return alone[0].mask if alone else None

    if prompt.box is None:
        found = _by_clicks(network, pyramid, prompt.clicks)
    else:
        found = _by_box(network, pyramid, _ordered(prompt.box), prompt.clicks)
    return [
        replace(each, mask=mask)
        for each in found
        if (mask := obey(each.mask, prompt.clicks, outline)) is not None
    ]


def _by_box(
    network: DenseNetwork, pyramid: GreyPyramid, box: Box, clicks: tuple[Click, ...]
) -> list[Proposal]:
    question = Question(window_around(box), clicks, box)
    return _distinct(ask(network, pyramid, [question], mirrored=True), pyramid.shape, [0.0])


def _by_clicks(
    network: DenseNetwork, pyramid: GreyPyramid, clicks: tuple[Click, ...]
) -> list[Proposal]:
    answers = ask(network, pyramid, _ladder(clicks, max(pyramid.shape)))
    worths = _worths(answers)
    order = [int(place) for place in np.argsort(-np.asarray(worths)) if worths[place] > 0]
    best = [answers[place] for place in order]
    losses = [answers[place].certainty - worths[place] for place in order]
    box = best[0].box() if best else None
    if box is not None:
        best[0] = ask(network, pyramid, [Question(window_around(box), clicks, box)])[0]
    return _distinct(best, pyramid.shape, losses)


def _ladder(clicks: Sequence[Click], longest: int) -> list[Question]:
    """Look around the positive clicks in windows of growing width."""
    positive = [click for click in clicks if click.positive]
    rows, cols = [click.row for click in positive], [click.col for click in positive]
    spread = max(max(rows) - min(rows), max(cols) - min(cols))
    row, col = (min(rows) + max(rows)) / 2, (min(cols) + max(cols)) / 2
    widest = max(min(1.3 * longest, WIDEST), 1.5 * spread, 2 * NARROWEST)
    sides = np.geomspace(max(NARROWEST, 1.2 * spread), widest, WINDOWS)
    return [Question(Window(row, col, side / WINDOW, WINDOW), tuple(clicks)) for side in sides]


def _worths(answers: Sequence[Answer]) -> list[float]:
    """Rate answers from ever wider windows by certainty, size and agreement with neighbours."""
    pairs = [agreement(one, wider) for one, wider in itertools.pairwise(answers)]
    with_neighbours = [
        float(np.mean(pairs[max(place - 1, 0) : place + 1])) for place in range(len(answers))
    ]
    return [
        max(_size_worth(answer), 0.0) * shared**0.5
        for answer, shared in zip(answers, with_neighbours, strict=True)
    ]


def _size_worth(answer: Answer) -> float:
    """Certainty, less what the answer's size in its window says against it."""
    if answer.extent is None:
        return 0.0
    row0, col0, row1, col1 = answer.extent
    cut_off = min(row0, col0) < NEAR_BORDER or max(row1, col1) > WINDOW - NEAR_BORDER
    small = max(row1 - row0, col1 - col0) < SMALL_EXTENT
    return answer.certainty - CUT_OFF * cut_off - TOO_SMALL * small


def _distinct(
    answers: Sequence[Answer], shape: tuple[int, int], losses: Sequence[float]
) -> list[Proposal]:
    """Draw the answers in their order, leaving out near doubles."""
    drawn: list[Proposal] = []
    for answer, loss in zip(answers, losses, strict=True):
        mask = mask_of(answer, shape) if len(drawn) < MOST_PROPOSALS else None
        if mask is not None and all(mask.iou(each.mask) < 0.85 for each in drawn):
            drawn.append(Proposal(mask, min(max(answer.certainty - loss, 0.0), 1.0)))
    return drawn


def _ordered(box: Box) -> Box:
    rows, cols = sorted((box.row0, box.row1)), sorted((box.col0, box.col1))
    return Box(rows[0], cols[0], rows[1], cols[1])
