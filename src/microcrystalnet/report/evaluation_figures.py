"""Figures of one evaluation: confusion matrix, precision-recall and ROC curves, calibration."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.learning.evaluate import BINS, Metrics
from microcrystalnet.report import csv_file

Table = NDArray[np.float64]
FORMATS = ("svg", "pdf")


def write(folder: Path, truth: Sequence[str], probabilities: Table, found: Metrics) -> None:
    """Write every figure as SVG and PDF, and the numbers behind it as CSV.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    _confusion(folder, found)
    _curves(folder, truth, probabilities, found)
    _calibration(folder, truth, probabilities, found)


def _confusion(folder: Path, found: Metrics) -> None:
    counts = np.array(found.confusion_matrix)
    csv_file.write(
        folder / "confusion_matrix.csv",
        ("truth", *found.classes),
        [(code, *row) for code, row in zip(found.classes, found.confusion_matrix, strict=True)],
    )
    figure, axes = _figure()
    axes.imshow(counts / np.maximum(counts.sum(1, keepdims=True), 1), cmap="Blues", vmin=0, vmax=1)
    for (row, col), count in np.ndenumerate(counts):
        dark = count > counts[row].sum() / 2
        axes.text(col, row, str(count), ha="center", va="center", color="w" if dark else "k")
    axes.set_xticks(range(len(counts)), found.classes)
    axes.set_yticks(range(len(counts)), found.classes)
    axes.set(xlabel="Predicted class", ylabel="True class")
    _save(figure, folder / "confusion_matrix")


def _curves(folder: Path, truth: Sequence[str], probabilities: Table, found: Metrics) -> None:
    from sklearn.metrics import precision_recall_curve, roc_curve

    for name, curve, labels in (
        ("precision_recall", precision_recall_curve, ("Recall", "Precision")),
        ("roc", roc_curve, ("False positive rate", "True positive rate")),
    ):
        figure, axes = _figure()
        rows: list[tuple[str, float, float]] = []
        for code, score in zip(found.classes, probabilities.T, strict=True):
            if found.roc_auc[code] is None:
                continue
            across, up, _ = curve([each == code for each in truth], score)
            if name == "precision_recall":
                across, up = up, across
            area = found.average_precision[code] if name != "roc" else found.roc_auc[code]
            axes.plot(across, up, label=f"{code} {area:.3f}")
            rows += [(code, float(x), float(y)) for x, y in zip(across, up, strict=True)]
        axes.set(xlabel=labels[0], ylabel=labels[1], xlim=(0, 1), ylim=(0, 1.01))
        axes.legend(loc="lower right" if name == "roc" else "lower left")
        csv_file.write(folder / f"{name}.csv", ("class", *labels), rows)
        _save(figure, folder / name)


def _calibration(folder: Path, truth: Sequence[str], probabilities: Table, found: Metrics) -> None:
    confidence = probabilities.max(1)
    hit = np.array([found.classes[at] for at in probabilities.argmax(1)]) == np.asarray(truth)
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    used = [each for each in range(BINS) if (place == each).any()]
    points = [
        (float(confidence[place == each].mean()), float(hit[place == each].mean())) for each in used
    ]
    counts = [int((place == each).sum()) for each in used]
    csv_file.write(
        folder / "calibration.csv",
        ("confidence", "accuracy", "crystals"),
        ((*point, count) for point, count in zip(points, counts, strict=True)),
    )
    figure, axes = _figure()
    axes.plot([0, 1], [0, 1], color="0.7")
    axes.plot(*zip(*points, strict=True), marker="o")
    axes.set(xlabel="Stated confidence", ylabel="Share that is right", xlim=(0, 1), ylim=(0, 1.01))
    _save(figure, folder / "calibration")


def _figure() -> tuple[Any, Any]:  # matplotlib's own classes stay out of the module's imports
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4, 3.6), layout="constrained")
    return figure, figure.subplots()


def _save(figure: Any, path: Path) -> None:
    for kind in FORMATS:
        figure.savefig(path.with_suffix(f".{kind}"))
