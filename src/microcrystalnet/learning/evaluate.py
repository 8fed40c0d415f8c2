"""How good predictions are: the figures the paper prints, and how far they can be trusted."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.learning.ranking import precision_recall, roc
from microcrystalnet.learning.reliability import calibration_error

FEWEST_MICROGRAPHS = 10
REPLICATES = 2000


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and their harmonic mean, 0 where nothing was predicted or true."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class ClassScores:
    """Scores of one class, and how many crystals truly belong to it."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Metrics:
    """Every figure of one evaluation, named as in ``metrics.json``.

    ``confusion_matrix`` has one row per true class. ``average_precision`` and ``roc_auc`` are None
    for a class that no crystal, or every crystal, belongs to. ``intervals`` are the 95 % range over
    resampled micrographs, None below ten micrographs.
    """

    n: int
    classes: tuple[str, ...]
    accuracy: float
    top2_accuracy: float
    macro: Scores
    weighted: Scores
    per_class: Mapping[str, ClassScores]
    average_precision: Mapping[str, float | None]
    roc_auc: Mapping[str, float | None]
    confusion_matrix: tuple[tuple[int, ...], ...]
    calibration_error: float
    intervals: Mapping[str, tuple[float, float]] | None

    def to_json(self) -> dict[str, Any]:
        """Give the content of ``metrics.json``."""
        return asdict(self)


def metrics(
    truth: Sequence[str],
    probabilities: NDArray[np.floating[Any]],
    classes: Sequence[str],
    images: Sequence[str] | None = None,
) -> Metrics:
    """Compare class probabilities (n, classes) with the true classes of n crystals.

    ``images`` names the micrograph of each crystal; with ten or more, intervals are given.
    All figures equal scikit-learn's.

    Raises
    ------
    MicroCrystalError
        If there is nothing to compare, a class is unknown, or the table does not fit.
    """
    table = _checked(truth, probabilities, classes)
    true = np.array([list(classes).index(each) for each in truth])
    confusion = confusion_matrix(true, table)
    per_class, macro, weighted = class_scores(confusion)
    precision, area = _ranking_scores(true, table)
    return Metrics(
        n=len(true),
        classes=tuple(classes),
        accuracy=float(np.trace(confusion) / len(true)),
        top2_accuracy=top_accuracy(true, table, 2),
        macro=macro,
        weighted=weighted,
        per_class=dict(zip(classes, per_class, strict=True)),
        average_precision=dict(zip(classes, precision, strict=True)),
        roc_auc=dict(zip(classes, area, strict=True)),
        confusion_matrix=tuple(tuple(int(count) for count in row) for row in confusion),
        calibration_error=calibration_error(true, table),
        intervals=None if images is None else _intervals(true, table, images),
    )


def confusion_matrix(
    true: NDArray[np.intp], probabilities: NDArray[np.float64]
) -> NDArray[np.intp]:
    """Count crystals by true class (rows) and most probable class (columns)."""
    confusion = np.zeros((probabilities.shape[1],) * 2, np.intp)
    np.add.at(confusion, (true, probabilities.argmax(1)), 1)
    return confusion


def class_scores(confusion: NDArray[np.intp]) -> tuple[list[ClassScores], Scores, Scores]:
    """Give the scores of each class, their plain mean, and their mean weighted by support."""
    hits, support, named = np.diag(confusion), confusion.sum(1), confusion.sum(0)
    precision, recall = _divide(hits, named), _divide(hits, support)
    f1 = _divide(2 * hits, named + support)
    table = np.stack([precision, recall, f1])
    per_class = [
        ClassScores(float(column[0]), float(column[1]), float(column[2]), int(count))
        for column, count in zip(table.T, support, strict=True)
    ]
    macro, weighted = table.mean(1), table @ support / support.sum()
    return per_class, Scores(*map(float, macro)), Scores(*map(float, weighted))


def top_accuracy(true: NDArray[np.intp], probabilities: NDArray[np.float64], top: int) -> float:
    """Give the share of crystals whose true class is among the ``top`` most probable ones."""
    ranked = np.argsort(probabilities, axis=1, kind="mergesort")[:, ::-1][:, :top]
    return float((ranked == true[:, None]).any(1).mean())


def _ranking_scores(
    true: NDArray[np.intp], probabilities: NDArray[np.float64]
) -> tuple[list[float | None], list[float | None]]:
    precision: list[float | None] = []
    area: list[float | None] = []
    for index, score in enumerate(probabilities.T):
        belongs = true == index
        curves = precision_recall(belongs, score), roc(belongs, score)
        precision.append(curves[0].area if curves[0] else None)
        area.append(curves[1].area if curves[1] else None)
    return precision, area


def _intervals(
    true: NDArray[np.intp], probabilities: NDArray[np.float64], images: Sequence[str]
) -> dict[str, tuple[float, float]] | None:
    """Resample whole micrographs, as crystals of one micrograph are not independent."""
    names, image = np.unique(np.asarray(images), return_inverse=True)
    if len(names) < FEWEST_MICROGRAPHS:
        return None
    generator = np.random.default_rng(0)
    each_image = [image == index for index in range(len(names))]
    confusions = np.stack([confusion_matrix(true[at], probabilities[at]) for at in each_image])
    draws = generator.integers(len(names), size=(REPLICATES, len(names)))
    drawn = [confusions[draw].sum(0) for draw in draws]
    values = np.array([(np.trace(each) / each.sum(), class_scores(each)[1].f1) for each in drawn])
    low, high = np.percentile(values, [2.5, 97.5], axis=0)
    return {
        name: (float(low[at]), float(high[at])) for at, name in enumerate(("accuracy", "macro_f1"))
    }


def _divide(part: NDArray[np.intp], whole: NDArray[np.intp]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)


def _checked(
    truth: Sequence[str], probabilities: NDArray[np.floating[Any]], classes: Sequence[str]
) -> NDArray[np.float64]:
    table = np.asarray(probabilities, np.float64)
    unknown = sorted(set(truth) - set(classes))
    if not len(truth):
        raise MicroCrystalError("There is no prediction with a true class to compare it with.")
    if unknown:
        raise MicroCrystalError(
            f"The true class “{unknown[0]}” is none of the predicted classes {', '.join(classes)}."
        )
    if table.shape != (len(truth), len(classes)) or not np.isfinite(table).all():
        raise MicroCrystalError(
            f"The probabilities form a table of {table.shape}, but {len(truth)} crystals and "
            f"{len(classes)} classes need finite numbers in {(len(truth), len(classes))}."
        )
    return table
