"""What Dawid and Skene's model makes of the experts: a report, never a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

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
    distinct, alike = np.unique(table.codes, axis=0, return_counts=True)
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
