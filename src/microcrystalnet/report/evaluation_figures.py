"""Figures of one evaluation as SVG, PDF and PNG, and the numbers behind each as CSV."""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.learning.evaluate import Metrics
from microcrystalnet.learning.feature_map import FeatureMap
from microcrystalnet.learning.ranking import Curve, precision_recall, roc
from microcrystalnet.learning.records import Epoch
from microcrystalnet.learning.reliability import reliability
from microcrystalnet.report import csv_file
from microcrystalnet.report.files import OutputError, write_atomically
from microcrystalnet.report.whole import staged

Table = NDArray[np.float64]
Rows = Iterable[Sequence[object]]
FORMATS = ("svg", "pdf", "png")
DPI = 300
_STYLE: dict[Any, Any] = {"svg.hashsalt": "evaluation"}  # the same figure, the same bytes
_DATES: dict[str, dict[str, Any]] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}


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


@dataclass(frozen=True, slots=True)
class Drawing:
    """One figure: the columns and rows behind it, and what puts it on matplotlib's axes."""

    columns: tuple[str, ...]
    rows: tuple[Sequence[object], ...]
    draw: Callable[[Any], None]


def write(folder: Path, truth: Sequence[str], probabilities: Table, found: Metrics) -> None:
    """Write every figure in each format, and the numbers behind it as CSV.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    write_all(folder, Evaluated(truth, probabilities, found))


def write_all(folder: Path, evaluated: Evaluated) -> list[Path]:
    """Write every figure that there is something for, or none, and give its CSV files.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    with staged(folder) as stage:
        written = [
            save(stage / f"{name}.{kind}", drawing)
            for name, drawing in drawings(evaluated).items()
            for kind in FORMATS
        ]
    return [folder / path.name for path in written]


def save(path: Path, drawing: Drawing) -> Path:
    """Write one figure as the path's suffix says, and its numbers beside it; gives the CSV's path.

    Raises
    ------
    OutputError
        If the suffix is none of svg, pdf and png, or a file cannot be written.
    """
    if path.suffix[1:].lower() not in FORMATS:
        raise OutputError(
            f"A figure cannot be written as {path.name}; choose a name that ends in "
            f".{', .'.join(FORMATS)}."
        )
    table = path.with_suffix(".csv")
    csv_file.write(table, drawing.columns, drawing.rows)
    _save_figure(path, drawing)
    return table


def drawings(evaluated: Evaluated) -> dict[str, Drawing]:
    """Give every figure that there is something for, by the name of its files."""
    found = {
        "confusion_matrix": _confusion(evaluated.metrics),
        "precision_recall": _curves(evaluated, precision_recall, ("Recall", "Precision")),
        "roc": _curves(evaluated, roc, ("False positive rate", "True positive rate")),
        "calibration": _calibration(evaluated),
        "class_scores": _class_scores(evaluated.metrics),
    }
    if evaluated.history:
        found["training_curves"] = _training(evaluated.history)
    if evaluated.feature_map is not None:
        found["tsne"] = _scatter(evaluated.feature_map, evaluated.colours)
        found["tsne_density"] = _density(evaluated.feature_map, evaluated.colours)
    return found


def _confusion(found: Metrics) -> Drawing:
    counts = np.array(found.confusion_matrix)

    def draw(axes: Any) -> None:
        shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        for (row, col), count in np.ndenumerate(counts):
            ink = "w" if count > counts[row].sum() / 2 else "k"
            axes.text(col, row, str(count), ha="center", va="center", color=ink)
        axes.set_xticks(range(len(counts)), found.classes)
        axes.set_yticks(range(len(counts)), found.classes)
        axes.set(xlabel="Predicted class", ylabel="True class")

    rows = zip(found.classes, found.confusion_matrix, strict=True)
    return Drawing(("truth", *found.classes), tuple((code, *row) for code, row in rows), draw)


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

    def draw(axes: Any) -> None:
        for code, curve in found.items():
            name, colour = f"{code} {curve.area:.3f}", evaluated.colours.get(code)
            axes.plot(curve.across, curve.up, label=name, color=colour)
        axes.set(xlabel=labels[0], ylabel=labels[1], xlim=(0, 1), ylim=(0, 1.01))
        if found:
            area = "area under it" if make is roc else "average precision"
            place = "lower right" if make is roc else "lower left"
            axes.legend(loc=place, title=f"{area}, n = {truth.size}", title_fontsize="medium")

    rows = tuple(
        (code, float(x), float(y))
        for code, curve in found.items()
        for x, y in zip(curve.across, curve.up, strict=True)
    )
    return Drawing(("class", *labels), rows, draw)


def _calibration(evaluated: Evaluated) -> Drawing:
    classes = evaluated.metrics.classes
    true = np.array([classes.index(each) for each in evaluated.truth], np.intp)
    bins = reliability(true, evaluated.probabilities)

    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1], color="0.7")
        axes.plot([each.confidence for each in bins], [each.accuracy for each in bins], marker="o")
        labels = {"xlabel": "Stated confidence", "ylabel": "Share that is right"}
        axes.set(xlim=(0, 1), ylim=(0, 1.01), title=f"n = {true.size}", **labels)

    rows = tuple((each.confidence, each.accuracy, len(each.members)) for each in bins)
    return Drawing(("confidence", "accuracy", "crystals"), rows, draw)


def _class_scores(found: Metrics) -> Drawing:
    rows = tuple(
        (code, each.precision, each.recall, each.f1, each.support)
        for code, each in found.per_class.items()
    )

    def draw(axes: Any) -> None:
        places = np.arange(len(rows))
        for at, name in enumerate(("precision", "recall", "F1"), 1):
            heights = [float(str(row[at])) for row in rows]
            axes.bar(places + 0.27 * (at - 2), heights, 0.25, label=name)
        axes.set_xticks(places, [f"{row[0]}\nn = {row[4]}" for row in rows])
        axes.set(ylim=(0, 1.01), ylabel="Score (0 to 1)", xlabel="Class")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, frameon=False)

    return Drawing(("class", "precision", "recall", "f1", "crystals"), rows, draw)


def _training(history: Sequence[Epoch]) -> Drawing:
    columns = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy")

    def draw(axes: Any) -> None:
        epochs, right = [each.epoch for each in history], axes.twinx()
        for one, values in ((axes, "loss"), (right, "accuracy")):
            mark = "-" if values == "loss" else "--"
            for name, colour in ((values, "#56b4e9"), (f"val_{values}", "#e69f00")):
                told = [each.values[name] for each in history]
                one.plot(
                    epochs, told, mark, color=colour, label=name.replace("val_", "validation ")
                )
        axes.set(xlabel="Epoch", ylabel="Loss (solid)")
        right.set(ylabel="Accuracy (dashed)", ylim=(0, 1))
        axes.legend(loc="center right")

    rows = tuple(tuple(each.values[name] for name in columns) for each in history)
    return Drawing(columns, rows, draw)


def _scatter(found: FeatureMap, colours: Mapping[str, str]) -> Drawing:
    def draw(axes: Any) -> None:
        groups = np.asarray(found.groups)
        for code in found.classes:
            inside = found.places[groups == code]
            axes.scatter(*inside.T, s=10, label=code, color=colours.get(code))
        _plain(axes)
        axes.legend(loc="best")

    rows = zip(found.crystal_ids, found.groups, found.places.tolist(), strict=True)
    plain = tuple((crystal, group, *place) for crystal, group, place in rows)
    return Drawing(("crystal", "class", "x", "y"), plain, draw)


def _density(found: FeatureMap, colours: Mapping[str, str]) -> Drawing:
    def draw(axes: Any) -> None:
        steps = (np.arange(found.density.shape[1]) + 0.5) / found.density.shape[1]
        for code, layer in zip(found.classes, found.density, strict=True):
            if layer.max() > 0:
                chosen = {"colors": [colours[code]]} if code in colours else {}
                axes.contour(steps, steps, layer, levels=(0.2, 0.4, 0.6, 0.8), **chosen)
                axes.plot([], [], label=code, color=colours.get(code))
        _plain(axes)
        axes.set_title("20, 40, 60 and 80 % of each class's densest spot", fontsize=8)
        axes.legend(loc="best")

    rows = tuple(
        (code, row, col, float(value))
        for code, layer in zip(found.classes, found.density, strict=True)
        for (row, col), value in np.ndenumerate(layer)
        if value > 1e-3
    )
    return Drawing(("class", "row", "column", "density"), rows, draw)


def _plain(axes: Any) -> None:
    axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[], aspect="equal")
    axes.set(xlabel="t-SNE 1", ylabel="t-SNE 2")


def _save_figure(path: Path, drawing: Drawing) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    kind = path.suffix[1:].lower()
    figure, file = Figure(figsize=(4, 3.6), layout="constrained"), io.BytesIO()
    drawing.draw(figure.subplots())
    with mpl.rc_context(_STYLE):
        figure.savefig(file, format=kind, dpi=DPI, metadata=_DATES.get(kind))
    write_atomically(path, file.getvalue())
