"""How far the experts agree, with intervals that resample micrographs."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import AgreementError
from microcrystalnet.labelling import coefficients as of
from microcrystalnet.labelling.answer_table import AnswerTable
from microcrystalnet.labelling.bootstrap import Estimate, ImageBootstrap
from microcrystalnet.labelling.breakdown import ImageAgreement, Stretch, by_image, over_time
from microcrystalnet.labelling.others import AgainstOthers, against_others, human_ceiling
from microcrystalnet.labelling.reliability import Reliability, reliability
from microcrystalnet.labelling.repeats import Repeatability, intra_rater

Matrix = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Intervals:
    """95 % intervals of the coefficients that are given as plain numbers; see `Estimate`."""

    percent_agreement: Estimate
    gwet_ac1: Estimate
    fleiss_kappa: Estimate
    cohen_kappa: Mapping[str, Estimate]
    per_class_alpha: Mapping[str, Estimate]
    per_class_agreement: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What `mcn agreement` reports; the fields are the keys of its JSON.

    Agreement is a share, 0..1. Pairs are named ``A|B`` in the order of ``experts``; in a confusion
    matrix rows are the first expert's answers, in the order of ``classes``. ``per_class_agreement``
    is how often a second expert names a class that a first one named. ``human_ceiling`` is how
    often one expert says what most of the others say: no classifier can be shown to do better.
    """

    n_crystals: int
    n_images: int
    experts: tuple[str, ...]
    krippendorff_alpha: Estimate
    percent_agreement: float
    gwet_ac1: float
    fleiss_kappa: float | None
    cohen_kappa: Mapping[str, float | None]
    per_class_alpha: Mapping[str, float | None]
    confusion: Mapping[str, Matrix]
    classes: tuple[str, ...]
    n_compared: int
    per_class_agreement: Mapping[str, float | None]
    intervals: Intervals
    human_ceiling: Estimate
    against_others: Mapping[str, AgainstOthers]
    intra_rater: Mapping[str, Repeatability]
    by_image: Mapping[str, ImageAgreement]
    over_time: Mapping[str, tuple[Stretch, ...]]
    dawid_skene: Reliability
    remarks: tuple[str, ...]


def compare_experts(table: AnswerTable, seed: int = 0) -> Agreement:
    """Measure how far the experts of a table agree.

    The answers are taken to be blind and planned: third labels that were asked for because two
    experts disagreed bias every coefficient, and a table does not tell them apart.

    Raises
    ------
    AgreementError
        If no crystal was answered by two experts.
    """
    counts = table.counts()
    compared = int((counts.sum(axis=1) >= 2).sum())
    if not compared:
        raise AgreementError(
            "No crystal was answered by two experts; let them label the same crystals, and check "
            "that image and crystal are written alike for each of them."
        )
    bootstrap = ImageBootstrap(table.image_of, seed)
    pairs = _pairs(table)
    found = _intervals(table, counts, pairs, bootstrap)
    return Agreement(
        n_crystals=len(counts),
        n_images=len(table.images),
        experts=table.experts,
        krippendorff_alpha=bootstrap.estimate(of.alpha_parts(counts), of.alpha_of),
        percent_agreement=found.percent_agreement.value or 0.0,
        gwet_ac1=found.gwet_ac1.value or 0.0,
        fleiss_kappa=found.fleiss_kappa.value,
        cohen_kappa=_values(found.cohen_kappa),
        per_class_alpha=_values(found.per_class_alpha),
        confusion={pair: matrix(sums) for pair, sums in pairs.items()},
        classes=table.classes,
        n_compared=compared,
        per_class_agreement=_values(found.per_class_agreement),
        intervals=found,
        human_ceiling=human_ceiling(table, bootstrap),
        against_others=against_others(table, bootstrap),
        intra_rater=intra_rater(table, seed),
        by_image=by_image(table),
        over_time=over_time(table),
        dawid_skene=reliability(table),
        remarks=table.remarks,
    )


def matrix(sums: NDArray[np.float64]) -> Matrix:
    """Add up the images' sums of a pair to its confusion matrix."""
    summed = of.matrix_of(sums.sum(axis=0))
    return tuple(tuple(int(cell) for cell in row) for row in summed)


def _pairs(table: AnswerTable) -> dict[str, NDArray[np.float64]]:
    codes, classes = table.codes, len(table.classes)
    return {
        f"{table.experts[one]}|{table.experts[two]}": of.pair_sums(
            codes[:, one], codes[:, two], classes, table.image_of
        )
        for one, two in combinations(range(len(table.experts)), 2)
    }


def _intervals(
    table: AnswerTable,
    counts: NDArray[np.int64],
    pairs: Mapping[str, NDArray[np.float64]],
    bootstrap: ImageBootstrap,
) -> Intervals:
    fleiss, estimate = of.fleiss_parts(counts), bootstrap.estimate
    classes = list(enumerate(table.classes))
    return Intervals(
        percent_agreement=estimate(of.percent_parts(counts), of.percent_of),
        gwet_ac1=estimate(of.ac1_parts(counts), of.ac1_of),
        fleiss_kappa=Estimate(None) if fleiss is None else estimate(fleiss, of.fleiss_of),
        cohen_kappa={
            pair: bootstrap.estimate_of(sums, of.cohen_of) for pair, sums in pairs.items()
        },
        per_class_alpha={
            cls: estimate(of.alpha_parts(of.one_against_rest(counts, number)), of.alpha_of)
            for number, cls in classes
        },
        per_class_agreement={
            cls: estimate(of.specific_parts(counts, number), of.specific_of)
            for number, cls in classes
        },
    )


def _values(estimates: Mapping[str, Estimate]) -> dict[str, float | None]:
    return {name: each.value for name, each in estimates.items()}
