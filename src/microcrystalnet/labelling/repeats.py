"""How far each expert agrees with themselves, from crystals that came up a second time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from microcrystalnet.labelling import coefficients as of
from microcrystalnet.labelling.answer_table import MISSING, Again, AnswerTable
from microcrystalnet.labelling.bootstrap import Estimate, ImageBootstrap


@dataclass(frozen=True, slots=True)
class Repeatability:
    """One expert's first answers against the silent repeats.

    In ``confusion`` rows are the first answers and columns the repeats, in the order of
    ``classes``.
    """

    n_repeats: int
    agreement: Estimate
    cohen_kappa: Estimate
    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]


def intra_rater(table: AnswerTable, seed: int = 0) -> Mapping[str, Repeatability]:
    """Compare the repeats of every expert who has some with the first answers, by expert."""
    found = {column: _of(table, column) for column in range(len(table.experts))}
    return {
        table.experts[column]: _repeatability(table, column, again, seed)
        for column, again in found.items()
        if again
    }


def _of(table: AnswerTable, column: int) -> list[Again]:
    """Give an expert's repeats of crystals that have a first answer."""
    mine = [again for again in table.repeats if again.column == column]
    return [again for again in mine if table.codes[again.row, column] != MISSING]


def _repeatability(
    table: AnswerTable, column: int, again: Sequence[Again], seed: int
) -> Repeatability:
    firsts = [table.classes[table.codes[each.row, column]] for each in again]
    classes = _in_order(table, {*firsts, *(each.label for each in again)})
    image_of = table.image_of[[each.row for each in again]]
    sums = of.pair_sums(
        np.array([classes.index(label) for label in firsts], np.int64),
        np.array([classes.index(each.label) for each in again], np.int64),
        len(classes),
        image_of,
    )
    bootstrap = ImageBootstrap(image_of, seed)
    summed = of.matrix_of(sums.sum(axis=0))
    return Repeatability(
        len(again),
        bootstrap.estimate_of(sums, of.same_of),
        bootstrap.estimate_of(sums, of.cohen_of),
        classes,
        tuple(tuple(int(cell) for cell in row) for row in summed),
    )


def _in_order(table: AnswerTable, classes: set[str]) -> tuple[str, ...]:
    """Put classes in the table's order, then those that were only said the second time."""
    known = tuple(each for each in table.classes if each in classes)
    return (*known, *sorted(classes.difference(known)))
