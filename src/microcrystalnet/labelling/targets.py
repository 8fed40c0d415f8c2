"""What a classifier is taught of each crystal: how its class is shared out, and how much it counts.

The shares and weights of the soft mode are those of the project's storage design, section 3; the
paper's mode teaches settled classes as they are, as MicroCrystalNet was trained.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.label import Label
from microcrystalnet.domain.verdict import State, Verdict
from microcrystalnet.labelling.consensus import DISPUTING_FLAGS

AGREED_SHARE = 0.95
DECIDED_SHARE = 0.8
SINGLE_WEIGHT = 0.5


class TargetMode(StrEnum):
    """How classes are taught: with the experts' doubt, or hard as in the paper."""

    SOFT = "soft"
    PAPER = "paper"


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """What is taught of one crystal.

    ``shares`` is (classes,) float64, read-only, in the order of the scheme, and sums to 1;
    ``weight``, above 0 and up to 1, is how much the crystal counts.
    """

    crystal_id: str
    shares: NDArray[np.float64]
    weight: float

    @property
    def hard(self) -> int:
        """The class with the largest share, as its place in the scheme."""
        return int(self.shares.argmax())


def target_of(
    verdict: Verdict,
    labels: Mapping[str, Label],
    classes: Sequence[str],
    mode: TargetMode = TargetMode.SOFT,
) -> Target | None:
    """Give what is taught of one crystal; None where it must be left out.

    Parameters
    ----------
    verdict
        What became of the crystal.
    labels
        Its labels by expert.
    classes
        The codes of the scheme, in order.
    mode
        Soft: an agreed class gets 0.95, the others share the rest; a decided class gets 0.8, and
        0.2 goes by the votes; a class that one expert alone named, without a remark that would
        send it to a person, is taught like an agreed one at half the weight. Paper: settled
        classes alone, hard, with weight 1, or a half where their only expert settled them.
    """
    if verdict.cls is None or verdict.cls not in classes:
        return None
    place = list(classes).index(verdict.cls)
    if mode is TargetMode.PAPER:
        shares = _one_hot(place, len(classes)) if verdict.settled else None
    else:
        shares = _soft(verdict.state, place, labels, classes)
    if shares is None:
        return None
    shares.flags.writeable = False
    alone = verdict.state in {State.SINGLE, State.SELF_REVIEWED}
    weight = SINGLE_WEIGHT if alone else 1.0
    return Target(verdict.crystal_id, shares, weight)


def first_disagreed(labels: Mapping[str, Label]) -> bool:
    """Tell whether the experts' blind answers were not all the same: such crystals are harder."""
    blind = [label.answer for label in labels.values() if label.blind]
    return len({(answer.cls, answer.discards) for answer in blind}) > 1


def _soft(
    state: State, place: int, labels: Mapping[str, Label], classes: Sequence[str]
) -> NDArray[np.float64] | None:
    if state is State.ADJUDICATED:
        sure = _one_hot(place, len(classes))
        return DECIDED_SHARE * sure + (1 - DECIDED_SHARE) * vote_shares(labels, classes)
    doubted = any(label.answer.flags & DISPUTING_FLAGS for label in labels.values())
    alone = state is State.SELF_REVIEWED or (state is State.SINGLE and not doubted)
    if state is State.AGREED or alone:
        return _smoothed(place, len(classes))
    return None


def vote_shares(labels: Mapping[str, Label], classes: Sequence[str]) -> NDArray[np.float64]:
    """Give the share of each class among the labels that name one, (classes,) summing to 1.

    Where no label names a class of the scheme, every class gets the same share.
    """
    named = [label.answer.cls for label in labels.values()]
    votes = np.array([named.count(cls) for cls in classes], np.float64)
    total = votes.sum()
    return votes / total if total else np.full(len(classes), 1 / len(classes))


def _one_hot(place: int, classes: int) -> NDArray[np.float64]:
    shares = np.zeros(classes)
    shares[place] = 1
    return shares


def _smoothed(place: int, classes: int) -> NDArray[np.float64]:
    if classes == 1:
        return np.ones(1)
    shares = np.full(classes, (1 - AGREED_SHARE) / (classes - 1))
    shares[place] = AGREED_SHARE
    return shares
