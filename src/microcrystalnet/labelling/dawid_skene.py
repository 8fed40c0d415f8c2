"""How likely each answer is the right one, and who confuses what, after Dawid and Skene (1979).

It orders what people look at and tells experts about their habits. It never decides a class: on
disputed crystals it is surer of itself than it is right.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.labelling.answer_table import AnswerTable

# Answers that an expert is taken to have spread over all classes before the first one: without
# them a class named once or twice would make its experts infallible.
SPREAD = 1.0
MOST_ROUNDS = 200
SMALLEST_CHANGE = 1e-9

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Habits:
    """How often each class occurs, and what each expert makes of it.

    ``prevalence`` is (classes,); ``confusion`` (experts, classes, classes): the share of crystals
    of a class, the row, that the expert calls each class, the column.
    """

    prevalence: Array
    confusion: Array

    @property
    def accuracy(self) -> Array:
        """The share of crystals each expert names rightly, (experts,), if the model holds."""
        hits: Array = np.einsum("k,ekk->e", self.prevalence, self.confusion)
        return hits


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """``posterior`` (crystals, classes): how likely each crystal is of each class."""

    posterior: Array
    habits: Habits


def tally(table: AnswerTable) -> NDArray[np.int64]:
    """Count the answers of a table, (crystals, experts, classes); a missing one counts nowhere."""
    classes = np.arange(len(table.classes))
    chosen = table.codes[:, :, np.newaxis] == classes
    tallied: NDArray[np.int64] = chosen.astype(np.int64)
    return tallied


def shares(answers: NDArray[np.int64]) -> Array:
    """Begin with each class as likely as its share of a crystal's answers, (crystals, classes)."""
    counts = answers.sum(axis=1).astype(np.float64)
    totals = counts.sum(axis=1, keepdims=True)
    found: Array = np.where(totals > 0, counts / np.maximum(totals, 1), 1 / counts.shape[1])
    return found


def learn_habits(
    answers: NDArray[np.int64],
    posterior: Array,
    spread: float = SPREAD,
    weights: Array | None = None,
) -> Habits:
    """Estimate habits from what the crystals are believed to be (M-step).

    Dawid and Skene (1979), equations 2.3 and 2.4. ``weights`` (crystals,) says for how many alike
    crystals each stands. ``spread`` is divided evenly over the classes
    an expert could have answered; at 0 the estimate is theirs, and a class nobody saw is taken to
    be answered at random.
    """
    classes = posterior.shape[1]
    alike = np.ones(len(posterior)) if weights is None else weights
    weighted = posterior * alike[:, np.newaxis]
    seen = np.einsum("ik,iel->ekl", weighted, answers) + spread / classes
    totals = seen.sum(axis=2, keepdims=True)
    confusion = np.where(totals > 0, seen / np.where(totals > 0, totals, 1), 1 / classes)
    return Habits(weighted.sum(axis=0) / alike.sum(), confusion)


def believe(answers: NDArray[np.int64], habits: Habits) -> Array:
    """Give how likely each crystal is of each class, (crystals, classes), from habits (E-step).

    Dawid and Skene (1979), equation 2.5; in logarithms, so that many experts do not underflow.
    """
    with np.errstate(divide="ignore"):
        prevalence, confusion = np.log(habits.prevalence), np.log(habits.confusion)
    # 0 answers times log 0 is nothing, not NaN.
    finite = np.where(np.isneginf(confusion), -1e6, confusion)
    logs = prevalence + np.einsum("iel,ekl->ik", answers, finite)
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    posterior: Array = weights / weights.sum(axis=1, keepdims=True)
    return posterior


def infer(
    answers: NDArray[np.int64], spread: float = SPREAD, weights: Array | None = None
) -> Belief:
    """Learn habits and beliefs in turn until they stand still.

    Parameters
    ----------
    answers
        (crystals, experts, classes), how often each expert gave each crystal each class; repeated
        answers count, as in the paper.
    spread
        See `learn_habits`.
    weights
        (crystals,), for how many crystals each row stands; for one each by default.
    """
    # Many crystals got the very same answers; each such pattern is worked out once.
    flat = answers.reshape(len(answers), -1)
    patterns, inverse = np.unique(flat, axis=0, return_inverse=True)
    distinct, place = patterns.reshape(-1, *answers.shape[1:]), inverse.reshape(-1)
    alike = np.bincount(place, weights, len(distinct)).astype(np.float64)
    found = infer_patterns(distinct, alike, spread)
    return Belief(found.posterior[place], found.habits)


def infer_patterns(distinct: NDArray[np.int64], weights: Array, spread: float = SPREAD) -> Belief:
    """Do what `infer` does, for patterns of answers of which each stands for many crystals.

    ``distinct`` is (patterns, experts, classes), ``weights`` (patterns,) says for how many.
    """
    posterior = shares(distinct)
    for _ in range(MOST_ROUNDS):
        before = posterior
        posterior = believe(distinct, learn_habits(distinct, before, spread, weights))
        if np.abs(posterior - before).max(initial=0) < SMALLEST_CHANGE:
            break
    return Belief(posterior, learn_habits(distinct, posterior, spread, weights))
