"""How far the experts agree, with an interval that resamples micrographs."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import AgreementError
from microcrystalnet.labelling import coefficients
from microcrystalnet.labelling.answer_table import AnswerTable

FEWEST_IMAGES = 10
REPLICATES = 2000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with its 95 % interval; None: undefined, or too few images for an interval."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What `mcn agreement` reports; the fields are the keys of its JSON.

    ``percent_agreement`` is a share, 0..1. Pairs are named ``A|B`` in the order of ``experts``; in
    a confusion matrix rows are the first expert's answers, in the order of ``classes``.
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
    confusion: Mapping[str, tuple[tuple[int, ...], ...]]
    classes: tuple[str, ...]


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
    if not (counts.sum(axis=1) >= 2).any():
        raise AgreementError(
            "No crystal was answered by two experts; let them label the same crystals, and check "
            "that image and crystal are written alike for each of them."
        )
    matrices = _confusions(table)
    return Agreement(
        n_crystals=len(counts),
        n_images=len(table.images),
        experts=table.experts,
        krippendorff_alpha=_estimate_alpha(counts, table.image_of, seed),
        percent_agreement=coefficients.percent_agreement(counts),
        gwet_ac1=coefficients.gwet_ac1(counts),
        fleiss_kappa=coefficients.fleiss_kappa(counts),
        cohen_kappa={pair: coefficients.cohen_kappa(each) for pair, each in matrices.items()},
        per_class_alpha={
            cls: coefficients.class_alpha(counts, number)
            for number, cls in enumerate(table.classes)
        },
        confusion={
            pair: tuple(tuple(int(n) for n in row) for row in each)
            for pair, each in matrices.items()
        },
        classes=table.classes,
    )


def _confusions(table: AnswerTable) -> dict[str, NDArray[np.int64]]:
    return {
        f"{table.experts[first]}|{table.experts[second]}": coefficients.confusion(
            table.codes[:, first], table.codes[:, second], len(table.classes)
        )
        for first, second in combinations(range(len(table.experts)), 2)
    }


def _estimate_alpha(counts: NDArray[np.int64], image_of: NDArray[np.int64], seed: int) -> Estimate:
    sums = coefficients.coincidences(counts)
    per_image = np.zeros((int(image_of.max()) + 1, sums.shape[1]))
    np.add.at(per_image, image_of, sums)
    # An image without a crystal that two experts answered has nothing to resample.
    per_image = per_image[per_image.any(axis=1)]
    low, high = _interval(per_image, np.random.default_rng(seed))
    return Estimate(coefficients.krippendorff_alpha(counts), low, high)


def _interval(
    per_image: NDArray[np.float64], generator: np.random.Generator
) -> tuple[float | None, float | None]:
    """Give the percentile interval of alpha when images are drawn again with replacement."""
    images = len(per_image)
    if images < FEWEST_IMAGES:
        return None, None
    draws = generator.multinomial(images, np.full(images, 1 / images), size=REPLICATES)
    alphas = coefficients.alpha_of_sums(draws @ per_image)
    alphas = alphas[~np.isnan(alphas)]
    if not alphas.size:
        return None, None
    low, high = np.quantile(alphas, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
