"""How well a score tells one class from the rest: precision-recall and ROC curves, exactly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Points (k,) of a curve from left to right, and the area that sums it up."""

    across: Floats
    up: Floats
    area: float


def precision_recall(belongs: Bools, score: Floats) -> Curve | None:
    """Give recall (across) and precision (up) over all thresholds, and the average precision.

    ``belongs`` (n,) tells which crystals are of the class, ``score`` (n,) how probable it is; equal
    scores are accepted together. None where no crystal, or every one, belongs. The same as
    scikit-learn's ``precision_recall_curve`` and ``average_precision_score``.
    """
    if not _mixed(belongs):
        return None
    hits, accepted = _accepted(belongs, score)
    precision, recall = hits / accepted, hits / belongs.sum()
    area = float((np.diff(recall, prepend=0.0) * precision).sum())
    return Curve(np.concatenate([[0.0], recall]), np.concatenate([[1.0], precision]), area)


def roc(belongs: Bools, score: Floats) -> Curve | None:
    """Give false (across) and true positive rate (up) over all thresholds, and the area below.

    Arguments and None as in `precision_recall`. The same as scikit-learn's ``roc_curve`` and
    ``roc_auc_score``.
    """
    if not _mixed(belongs):
        return None
    hits, accepted = _accepted(belongs, score)
    wrong = (accepted - hits) / (~belongs).sum()
    across = np.concatenate([[0.0], wrong])
    up = np.concatenate([[0.0], hits / belongs.sum()])
    return Curve(across, up, float(np.trapezoid(up, across)))


def _mixed(belongs: Bools) -> bool:
    return bool(0 < belongs.sum() < len(belongs))


def _accepted(belongs: Bools, score: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Count right ones and all that reach each threshold, the strictest first."""
    order = np.argsort(-score, kind="stable")
    last = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)
    return np.cumsum(belongs[order], dtype=np.intp)[last], last + 1
