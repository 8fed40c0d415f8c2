"""Which disputed crystal people should discuss first."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from microcrystalnet.domain.decision import Case, Ruling, ruling_of
from microcrystalnet.domain.label import Label
from microcrystalnet.labelling.consensus import DISPUTING_FLAGS


@dataclass(frozen=True, slots=True)
class Urgency:
    """How urgent each crystal is: how far experts disagree on it, and how much that matters.

    First come those that a person objected to or took up again, then the others; among each, the
    urgency is ``H (1 + m)``. ``H`` is the entropy of the answers, in nats; a label with a remark
    that disputes it counts for one more answer, which is nobody else's. ``m`` is the mean of what
    is known of: how rare the rarest class named is, 1 minus its share among all labels; the
    classifier's doubt; 1 minus the largest Dawid-Skene posterior.

    Parameters
    ----------
    votes, cases
        The labels by crystal and expert, and what was said in adjudication, by crystal.
    shares
        The share of each class among all labels, as `shares_of` gives it.
    doubts
        The classifier's doubt, 0..1, by crystal; only once the experts have been revealed.
    posteriors
        How probable each class is, by crystal and class code, as a suggestion.
    """

    votes: Mapping[str, Mapping[str, Label]]
    shares: Mapping[str, float]
    cases: Mapping[str, Case]
    doubts: Mapping[str, float]
    posteriors: Mapping[str, Mapping[str, float]]

    def of(self, crystal_id: str) -> tuple[bool, float]:
        """Give what is greater the more urgent a crystal is."""
        labels = self.votes.get(crystal_id, {})
        asked = crystal_id in self.cases and bool(self.cases[crystal_id].objections)
        guess = self.posteriors.get(crystal_id)
        known = (
            _rarity(labels, self.shares),
            self.doubts.get(crystal_id),
            1 - max(guess.values()) if guess else None,
        )
        # Rounded: the last digits of two computers must not order crystals differently.
        return asked, round(disagreement(labels) * (1 + _mean(known)), 6)


def disagreement(labels: Mapping[str, Label]) -> float:
    """Give the entropy of the answers in nats, remarks that dispute a label counted as answers."""
    answers: Counter[Ruling | str] = Counter(ruling_of(each.answer) for each in labels.values())
    answers.update(
        f"remark of {expert}"
        for expert, label in labels.items()
        if label.answer.flags & DISPUTING_FLAGS and not label.answer.discards
    )
    total = answers.total()
    return sum(-count / total * math.log(count / total) for count in answers.values())


def classes_named(labels: Mapping[str, Label]) -> list[str]:
    """Give the classes that experts named for one crystal, each as often as it was named."""
    return [each.answer.cls for each in labels.values() if each.answer.cls is not None]


def shares_of(counts: Counter[str]) -> Mapping[str, float]:
    """Give the share of each class from how often it was named."""
    return {cls: count / counts.total() for cls, count in counts.items()}


def _rarity(labels: Mapping[str, Label], shares: Mapping[str, float]) -> float | None:
    named = {label.answer.cls for label in labels.values()} & shares.keys()
    return 1 - min(shares[cls] for cls in named if cls is not None) if named else None


def _mean(known: Iterable[float | None]) -> float:
    values = [each for each in known if each is not None]
    return sum(values) / len(values) if values else 0.0
