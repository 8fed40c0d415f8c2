"""Where and when the experts agree: micrograph by micrograph, and as each expert's work goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.labelling import coefficients as of
from microcrystalnet.labelling.answer_table import MISSING, AnswerTable

STRETCHES = 8
FEWEST_IN_STRETCH = 5


@dataclass(frozen=True, slots=True)
class ImageAgreement:
    """Agreement on one micrograph; ``n_crystals`` have two answers or more."""

    n_crystals: int
    percent_agreement: float | None
    krippendorff_alpha: float | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one expert's work and how far the others agree with it.

    ``first`` and ``last`` number the expert's answers in the order given, from 1; times are in
    milliseconds since 1970 by the clock of the expert's computer.
    """

    first: int
    last: int
    from_ms: int
    to_ms: int
    n_crystals: int
    agreement: float | None


def by_image(table: AnswerTable) -> Mapping[str, ImageAgreement]:
    """Give the agreement on every image, by name."""
    counts = table.counts()
    percent, alpha = of.percent_parts(counts), of.alpha_parts(counts)
    there = [table.image_of == number for number in range(len(table.images))]
    return {
        image: ImageAgreement(
            int(percent[rows, 1].sum()),
            _known(of.percent_of(percent[rows].sum(axis=0))),
            _known(of.alpha_of(alpha[rows].sum(axis=0))),
        )
        for image, rows in zip(table.images, there, strict=True)
    }


def over_time(table: AnswerTable) -> Mapping[str, tuple[Stretch, ...]]:
    """Give how far the others agree with each expert as the expert's work goes on, by expert.

    Every expert's answers are cut into up to eight stretches of equal numbers in their own order,
    so that experts who label in different orders, or whose clocks differ, can be compared. Experts
    whose times are not known are left out.
    """
    return {
        expert: _stretches(table, column)
        for column, expert in enumerate(table.experts)
        if (table.times_ms[table.codes[:, column] != MISSING, column] != MISSING).all()
    }


def _stretches(table: AnswerTable, column: int) -> tuple[Stretch, ...]:
    rows = np.flatnonzero(table.codes[:, column] != MISSING)
    rows = rows[np.argsort(table.times_ms[rows, column], kind="stable")]
    count = int(np.clip(len(rows) // FEWEST_IN_STRETCH, 1, STRETCHES))
    starts = np.cumsum([0, *(len(part) for part in np.array_split(rows, count))])
    return tuple(
        _stretch(table, column, rows[start:stop], int(start)) for start, stop in pairwise(starts)
    )


def _stretch(table: AnswerTable, column: int, rows: NDArray[np.int64], start: int) -> Stretch:
    mine = table.codes[rows, column][:, np.newaxis]
    others = np.delete(table.codes[rows], column, axis=1)
    answered = (others != MISSING).sum(axis=1)
    agreeing = (others == mine).sum(axis=1)
    shared = answered > 0
    times = table.times_ms[rows, column]
    return Stretch(
        start + 1,
        start + len(rows),
        int(times.min()),
        int(times.max()),
        int(shared.sum()),
        float(np.mean(agreeing[shared] / answered[shared])) if shared.any() else None,
    )


def _known(value: NDArray[np.float64]) -> float | None:
    return None if np.isnan(value) else float(value)
