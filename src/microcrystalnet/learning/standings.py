"""The table of a comparison: accuracy and F1 of every network, with intervals over micrographs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.learning.benchmark import Outcome
from microcrystalnet.learning.evaluate import class_scores, confusion_matrix

REPLICATES = 2000
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over seeds, and its 95 % range over resampled micrographs."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Standing:
    """One row: a network's figures, each a mean over its seeds.

    ``behind`` is the best network's accuracy minus this one's, both on the same resampled
    micrographs and on the seeds that each has; None for the best itself.
    """

    entrant: str
    parameters: int
    seeds: int
    epochs: float
    best_epoch: float
    seconds: float
    cpu_seconds: float
    validation_accuracy: float
    accuracy: Figure
    macro_f1: Figure
    behind: Figure | None
    selected: float | None
    explained_variance: float | None


@dataclass(frozen=True, slots=True, eq=False)
class _Resampled:
    """Accuracy and macro F1, on all micrographs first, then on resampled ones: (1 + draws,)."""

    accuracy: Floats
    macro_f1: Floats


def standings(outcomes: Sequence[Outcome]) -> list[Standing]:
    """Rank the networks by accuracy on the test crystals, best first."""
    ordered = sorted(outcomes, key=lambda outcome: outcome.entrant)
    groups = {
        name: list(group) for name, group in groupby(ordered, lambda outcome: outcome.entrant)
    }
    resampled = {name: _resample(group) for name, group in groups.items()}
    ranked = sorted(groups, key=lambda name: -resampled[name].accuracy[0])
    return [_standing(groups[name], resampled[name], resampled[ranked[0]]) for name in ranked]


def _standing(group: list[Outcome], own: _Resampled, best: _Resampled) -> Standing:
    def mean(field: str) -> float:
        return float(np.mean([getattr(each, field) for each in group]))

    first = group[0]
    return Standing(
        entrant=first.entrant,
        parameters=first.parameters,
        seeds=len(group),
        epochs=mean("epochs"),
        best_epoch=mean("best_epoch"),
        seconds=mean("seconds"),
        cpu_seconds=mean("cpu_seconds"),
        validation_accuracy=mean("validation_accuracy"),
        accuracy=_figure(own.accuracy),
        macro_f1=_figure(own.macro_f1),
        behind=None if own is best else _figure(best.accuracy - own.accuracy),
        selected=None if first.selected is None else mean("selected"),
        explained_variance=(
            None if first.explained_variance is None else mean("explained_variance")
        ),
    )


def _figure(values: Floats) -> Figure:
    low, high = np.percentile(values[1:], [2.5, 97.5])
    return Figure(float(values[0]), float(low), float(high))


def _resample(group: Sequence[Outcome]) -> _Resampled:
    """Resample micrographs in the same way for everyone, and average over seeds."""
    each = [_scores(outcome) for outcome in group]
    return _Resampled(
        np.mean([accuracy for accuracy, _ in each], axis=0), np.mean([f1 for _, f1 in each], axis=0)
    )


def _scores(outcome: Outcome) -> tuple[Floats, Floats]:
    images = np.array([crystal.image_id for crystal in outcome.judged])
    truth = np.array([outcome.classes.index(crystal.truth) for crystal in outcome.judged])
    table = np.array([crystal.probabilities for crystal in outcome.judged])
    names = np.unique(images)
    counts = np.stack([confusion_matrix(truth[images == n], table[images == n]) for n in names])
    drawn = np.random.default_rng(0).integers(len(names), size=(REPLICATES, len(names)))
    draws = [counts.sum(0), *(counts[draw].sum(0) for draw in drawn)]
    accuracy = np.array([np.trace(each) / each.sum() for each in draws])
    return accuracy, np.array([class_scores(each)[1].f1 for each in draws])
