"""What Dawid and Skene's model makes of the experts: a report, never a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.labelling.answer_table import AnswerTable
from microcrystalnet.labelling.dawid_skene import infer, tally


@dataclass(frozen=True, slots=True)
class Reliability:
    """Estimates of what cannot be counted, since nobody knows the true classes.

    ``accuracy`` is the share of crystals each expert names rightly; in ``confusion`` rows are the
    true classes and columns what the expert calls them, as shares; ``prevalence`` is how common
    each class is.
    """

    accuracy: Mapping[str, float]
    confusion: Mapping[str, tuple[tuple[float, ...], ...]]
    prevalence: Mapping[str, float]


def reliability(table: AnswerTable) -> Reliability:
    """Estimate how reliable each expert is from how they agree with one another."""
    distinct, alike = distinct_rows(table.codes)
    answers = tally(replace(table, codes=distinct))
    habits = infer(answers, weights=alike.astype(np.float64)).habits
    return Reliability(
        dict(zip(table.experts, map(float, habits.accuracy), strict=True)),
        {
            expert: tuple(tuple(float(share) for share in row) for row in rows)
            for expert, rows in zip(table.experts, habits.confusion, strict=True)
        },
        dict(zip(table.classes, map(float, habits.prevalence), strict=True)),
    )


def distinct_rows(codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the different rows (distinct, columns) in order, and how often each is there.

    It is `numpy.unique` along the first axis for codes from -1 on, (rows, columns), which keeps
    every other thread waiting while it sorts.
    """
    place, most = np.zeros(len(codes), np.int64), int(codes.max(initial=0)) + 2
    for column in codes.T:
        place = np.unique(place * most + column + 1, return_inverse=True)[1]
    _, first, alike = np.unique(place, return_index=True, return_counts=True)
    return codes[first], alike
