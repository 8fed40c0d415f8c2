"""Each expert against the others: how well a person does what is asked of the classifier."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.labelling import coefficients as of
from microcrystalnet.labelling.answer_table import MISSING, AnswerTable
from microcrystalnet.labelling.bootstrap import Estimate, ImageBootstrap


@dataclass(frozen=True, slots=True)
class AgainstOthers:
    """One expert against what most of the others say; crystals on which those tie are left out.

    In ``confusion`` rows are what most of the others say, columns what this expert says.
    """

    n_crystals: int
    agreement: Estimate
    cohen_kappa: Estimate
    confusion: tuple[tuple[int, ...], ...]


def against_others(table: AnswerTable, bootstrap: ImageBootstrap) -> Mapping[str, AgainstOthers]:
    """Compare every expert with the others, by expert."""
    return {
        expert: _compared(sums, bootstrap)
        for expert, sums in zip(table.experts, _sums(table), strict=True)
    }


def human_ceiling(table: AnswerTable, bootstrap: ImageBootstrap) -> Estimate:
    """Give how often an expert says what most of the others say, all experts pooled."""
    return bootstrap.estimate_of(np.sum(_sums(table), axis=0), of.same_of)


def majority_of_others(table: AnswerTable, column: int) -> NDArray[np.int64]:
    """Give what most experts but one say, (crystals,), -1 where nobody answered or they tie."""
    codes = np.delete(table.codes, column, axis=1)
    counts = (codes[:, :, np.newaxis] == np.arange(len(table.classes))).sum(axis=1)
    most = counts.max(axis=1)
    clear = (most > 0) & ((counts == most[:, np.newaxis]).sum(axis=1) == 1)
    return np.where(clear, counts.argmax(axis=1), MISSING)


def _sums(table: AnswerTable) -> list[NDArray[np.float64]]:
    return [
        of.pair_sums(
            majority_of_others(table, column),
            table.codes[:, column],
            len(table.classes),
            table.image_of,
        )
        for column in range(len(table.experts))
    ]


def _compared(sums: NDArray[np.float64], bootstrap: ImageBootstrap) -> AgainstOthers:
    summed = of.matrix_of(sums.sum(axis=0))
    return AgainstOthers(
        int(summed.sum()),
        bootstrap.estimate_of(sums, of.same_of),
        bootstrap.estimate_of(sums, of.cohen_of),
        tuple(tuple(int(cell) for cell in row) for row in summed),
    )
