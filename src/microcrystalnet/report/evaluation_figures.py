"""Figures of one evaluation, and the numbers behind each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.learning.evaluate import Metrics
from microcrystalnet.learning.feature_map import FeatureMap
from microcrystalnet.learning.ranking import Curve, precision_recall, roc
from microcrystalnet.learning.records import Epoch
from microcrystalnet.learning.reliability import reliability
from microcrystalnet.report.canvas import pane, panes
from microcrystalnet.report.drawing import Drawing
from microcrystalnet.report.whole import staged

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Table = NDArray[np.float64]
SIZE = (4, 3.6)  # inches


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated:
    """What figures are drawn from: true classes (n,), probabilities (n, classes) and their metrics.

    ``history`` is the training's, empty where it is not known; ``colours`` are by class code.
    """

    truth: Sequence[str]
    probabilities: Table
    metrics: Metrics
    history: Sequence[Epoch] = ()
    feature_map: FeatureMap | None = None
    colours: Mapping[str, str] = field(default_factory=dict)


def write_all(folder: Path, evaluated: Evaluated) -> None:
    """Write every figure that there is something for with the numbers behind it, or none.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    with staged(folder) as stage:
        for name, drawing in drawings(evaluated).items():
            drawing.save(stage, name)


def drawings(evaluated: Evaluated) -> dict[str, Drawing]:
    """Give every figure that there is something for, by the name of its files."""
    found = {
        "confusion_matrix": confusion_matrix(evaluated.metrics),
        "precision_recall": _curves(evaluated, precision_recall, ("Recall", "Precision")),
        "roc": _curves(evaluated, roc, ("False positive rate", "True positive rate")),
        "calibration": _calibration(evaluated),
        "class_scores": _class_scores(evaluated.metrics),
    }
    if evaluated.history:
        found["training_curves"] = training_curves(evaluated.history)
    if evaluated.feature_map is not None:
        found["tsne"] = _scatter(evaluated.feature_map, evaluated.colours)
        found["tsne_density"] = _density(evaluated.feature_map, evaluated.colours)
    return found


def confusion_matrix(found: Metrics) -> Drawing:
    """Draw how often each class was taken for which, shaded by the share of the true class."""
    counts = np.array(found.confusion_matrix)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = pane(3.6, 3.2)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, col in np.ndindex(counts.shape):
        ink = "white" if shares[row, col] > 0.55 else "black"
        axes.text(col, row, str(counts[row, col]), ha="center", va="center", color=ink)
    places = np.arange(len(found.classes))
    axes.set_xticks(places, found.classes)
    axes.set_yticks(places, found.classes)
    axes.set(xlabel="Predicted class", ylabel="True class")
    rows = zip(found.classes, found.confusion_matrix, strict=True)
    return Drawing(figure, ("truth", *found.classes), tuple((code, *row) for code, row in rows))


def _curves(
    evaluated: Evaluated,
    make: Callable[[NDArray[np.bool_], Table], Curve | None],
    labels: tuple[str, str],
) -> Drawing:
    truth = np.asarray(evaluated.truth)
    found = {
        code: curve
        for code, score in zip(evaluated.metrics.classes, evaluated.probabilities.T, strict=True)
        if (curve := make(truth == code, score)) is not None
    }
    figure, axes = pane(*SIZE)
    for code, curve in found.items():
        name, colour = f"{code} {curve.area:.3f}", evaluated.colours.get(code)
        axes.plot(curve.across, curve.up, label=name, color=colour)
    axes.set(xlabel=labels[0], ylabel=labels[1], xlim=(0, 1), ylim=(0, 1.01))
    if found:
        area = "area under it" if make is roc else "average precision"
        axes.legend(
            loc="lower right" if make is roc else "lower left",
            title=f"{area}, n = {truth.size}",
            title_fontsize="medium",
        )
    rows = tuple(
        (code, float(x), float(y))
        for code, curve in found.items()
        for x, y in zip(curve.across, curve.up, strict=True)
    )
    return Drawing(figure, ("class", *labels), rows)


def _calibration(evaluated: Evaluated) -> Drawing:
    classes = evaluated.metrics.classes
    true = np.array([classes.index(each) for each in evaluated.truth], np.intp)
    bins = reliability(true, evaluated.probabilities)
    figure, axes = pane(*SIZE)
    axes.plot([0, 1], [0, 1], color="0.7")
    axes.plot([each.confidence for each in bins], [each.accuracy for each in bins], marker="o")
    labels = {"xlabel": "Stated confidence", "ylabel": "Share that is right"}
    axes.set(xlim=(0, 1), ylim=(0, 1.01), title=f"n = {true.size}", **labels)
    rows = tuple((each.confidence, each.accuracy, len(each.members)) for each in bins)
    return Drawing(figure, ("confidence", "accuracy", "crystals"), rows)


def _class_scores(found: Metrics) -> Drawing:
    rows = tuple(
        (code, each.precision, each.recall, each.f1, each.support)
        for code, each in found.per_class.items()
    )
    figure, axes = pane(*SIZE)
    places = np.arange(len(rows))
    for at, name in enumerate(("precision", "recall", "F1"), 1):
        heights = [float(str(row[at])) for row in rows]
        axes.bar(places + 0.27 * (at - 2), heights, 0.25, label=name)
    axes.set_xticks(places, [f"{row[0]}\nn = {row[4]}" for row in rows])
    axes.set(ylim=(0, 1.01), ylabel="Score (0 to 1)", xlabel="Class")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, frameon=False)
    return Drawing(figure, ("class", "precision", "recall", "f1", "crystals"), rows)


def training_curves(history: Sequence[Epoch]) -> Drawing:
    """Draw the losses and accuracies over the epochs."""
    from matplotlib.ticker import MaxNLocator

    figure, ((loss, accuracy),) = panes(5.8, 2.6, columns=2)
    epochs = [each.epoch for each in history]
    for axes, name in ((loss, "loss"), (accuracy, "accuracy")):
        axes.plot(epochs, [e.values[name] for e in history], color="#555555", label="training")
        told = [e.values[f"val_{name}"] for e in history]
        axes.plot(epochs, told, color="#d55e00", label="validation")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set(xlabel="Epoch", ylabel=name.capitalize())
    loss.legend(frameon=False, fontsize=8)
    accuracy.set_ylim(0, 1)
    columns = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy")
    return Drawing(figure, columns, tuple(tuple(e.values[it] for it in columns) for e in history))


def _scatter(found: FeatureMap, colours: Mapping[str, str]) -> Drawing:
    figure, axes = pane(*SIZE)
    groups = np.asarray(found.groups)
    for code in found.classes:
        x, y = found.places[groups == code].T
        axes.scatter(x, y, s=10, label=code, color=colours.get(code))
    _plain(axes)
    axes.legend(loc="best")
    rows = zip(found.crystal_ids, found.groups, found.places.tolist(), strict=True)
    plain = tuple((crystal, group, *place) for crystal, group, place in rows)
    return Drawing(figure, ("crystal", "class", "x", "y"), plain)


def _density(found: FeatureMap, colours: Mapping[str, str]) -> Drawing:
    figure, axes = pane(*SIZE)
    steps = (np.arange(found.density.shape[1]) + 0.5) / found.density.shape[1]
    for code, layer in zip(found.classes, found.density, strict=True):
        if layer.max() > 0:
            colour = colours.get(code)
            axes.contour(steps, steps, layer, levels=(0.2, 0.4, 0.6, 0.8), colors=colour)
            axes.plot([], [], label=code, color=colour)
    _plain(axes)
    axes.set_title("20, 40, 60 and 80 % of each class's densest spot", fontsize=8)
    axes.legend(loc="best")
    rows = tuple(
        (code, row, col, float(value))
        for code, layer in zip(found.classes, found.density, strict=True)
        for (row, col), value in np.ndenumerate(layer)
        if value > 1e-3
    )
    return Drawing(figure, ("class", "row", "column", "density"), rows)


def _plain(axes: "Axes") -> None:
    axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[], aspect="equal")
    axes.set(xlabel="t-SNE 1", ylabel="t-SNE 2")
