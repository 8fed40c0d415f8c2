"""Turns clicks and a box into up to three masks, best first, by asking the network twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.segmentation.dense_network import WINDOW, DenseNetwork
from microcrystalnet.segmentation.neural.grey_pyramid import GreyPyramid, Window
from microcrystalnet.segmentation.neural.pointing import (
    Answer,
    Question,
    ask,
    mask_of,
    window_around,
)
from microcrystalnet.segmentation.neural.suppression import suppress

FIRST_SIDE = 60  # of the smallest window a click is looked at in; each next is twice as long
MOST_PROPOSALS = 3
FINER = 2  # answers that are asked about again in a window of their own
NEAR_BORDER, SMALL_EXTENT = 2, 30  # in window pixels
CUT_OFF, TOO_SMALL = 0.5, 0.15  # what a score loses when the window was too small, or too large


@dataclass(frozen=True, slots=True)
class Proposal:
    """One mask for a prompt, and its expected IoU."""

    mask: Mask
    score: float


def propose(network: DenseNetwork, pyramid: GreyPyramid, prompt: Prompt) -> list[Proposal]:
    """Give up to three different masks, best first; none if the network sees nothing there."""
    if prompt.box is not None:
        box = _ordered(prompt.box)
        questions = [Question(window_around(box), prompt.clicks, box)]
        return _distinct(ask(network, pyramid, questions), pyramid.shape, [0.0])
    answers = ask(network, pyramid, _ladder(prompt.clicks, max(pyramid.shape)))
    answers = sorted((a for a in answers if a.extent is not None), key=_worth, reverse=True)
    again = [
        Question(window_around(box), prompt.clicks)
        for answer in answers[:FINER]
        if (box := answer.box()) is not None
    ]
    finer = ask(network, pyramid, again) if again else []
    losses = [answer.certainty - _worth(answer) for answer in answers]
    return _distinct([*finer, *answers[len(finer) :]], pyramid.shape, losses)


def _ladder(clicks: Sequence[Click], longest: int) -> list[Question]:
    """Look around the positive clicks in windows of growing length."""
    positive = [click for click in clicks if click.positive]
    rows, cols = [click.row for click in positive], [click.col for click in positive]
    row, col = (min(rows) + max(rows)) / 2, (min(cols) + max(cols)) / 2
    side = max(FIRST_SIDE, 1.3 * max(max(rows) - min(rows), max(cols) - min(cols)))
    questions = []
    while not questions or side < 2 * longest:
        window = Window(row, col, side / WINDOW, WINDOW)
        questions.append(Question(window, tuple(clicks)))
        side *= 2
    return questions


def _worth(answer: Answer) -> float:
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
    drawn = [
        Proposal(mask, max(answer.certainty - loss, 0.0))
        for answer, loss in zip(answers, losses, strict=True)
        if (mask := mask_of(answer, shape)) is not None
    ]
    order = [-float(place) for place in range(len(drawn))]
    kept = suppress([each.mask for each in drawn], order, largest_iou=0.85)
    return [drawn[place] for place in kept[:MOST_PROPOSALS]]


def _ordered(box: Box) -> Box:
    rows, cols = sorted((box.row0, box.row1)), sorted((box.col0, box.col1))
    return Box(rows[0], cols[0], rows[1], cols[1])
