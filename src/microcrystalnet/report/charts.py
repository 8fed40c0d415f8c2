"""The charts of a report, as SVG files: abundance, sizes, confusion matrix, training curves."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.learning.evaluate import Metrics
from microcrystalnet.learning.records import Epoch
from microcrystalnet.report.statistics import Sizes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STYLE: dict[Any, Any] = {  # matplotlib declares each of its 300 keys
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "report",
}
UNITS = {"um": "µm", "px": "pixels"}


def abundance(sizes: Sizes, scheme: Scheme) -> bytes:
    """Draw the share of each class by number and by area."""
    figure, (axes,) = _figure(4.6, 2.6)
    shares = _shares(sizes)
    places = np.arange(len(sizes.classes))
    colours = [scheme[each.code].colour for each in sizes.classes]
    for offset, (name, values) in zip((-0.2, 0.2), shares.items(), strict=True):
        faded = 1.0 if name == "number" else 0.5
        bars = axes.bar(places + offset, values, 0.38, color=colours, alpha=faded, label=name)
        axes.bar_label(bars, [f"{value:.0f}" for value in values], fontsize=8)
    axes.set_xticks(places, [each.code for each in sizes.classes])
    axes.set_ylabel("share (%)\nby number dark, by area pale")
    return _svg(figure)


def _shares(sizes: Sizes) -> dict[str, list[float]]:
    number, area = max(sizes.crystals, 1), sizes.area or 1.0
    return {
        "number": [100 * each.crystals / number for each in sizes.classes],
        "area": [100 * each.area / area for each in sizes.classes],
    }


def size_curves(sizes: Sizes, scheme: Scheme) -> bytes:
    """Draw the cumulative diameter curve of each class on a logarithmic axis."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    figure, (axes,) = _figure(4.6, 2.6)
    for each in sizes.classes:
        if each.diameters.size:
            finer = np.sort(each.diameters)[[0, *range(each.diameters.size)]]
            share = np.linspace(0, 100, finer.size)
            label = f"{each.code} (n = {each.diameters.size})"
            axes.step(finer, share, where="post", color=scheme[each.code].colour, label=label)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set(xlabel=f"equivalent diameter ({UNITS[sizes.unit]})", ylabel="finer than (%)")
    axes.set_ylim(0, 101)
    axes.legend(frameon=False, fontsize=8, loc="upper left")
    return _svg(figure)


def confusion(metrics: Metrics) -> bytes:
    """Draw the confusion matrix, rows truth, shaded by the share of the row."""
    counts = np.array(metrics.confusion_matrix)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, (axes,) = _figure(3.6, 3.2)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, col in np.ndindex(counts.shape):
        ink = "white" if shares[row, col] > 0.55 else "black"
        axes.text(col, row, str(counts[row, col]), ha="center", va="center", color=ink)
    places = np.arange(len(metrics.classes))
    axes.set_xticks(places, metrics.classes)
    axes.set_yticks(places, metrics.classes)
    axes.set(xlabel="predicted", ylabel="settled by the experts")
    return _svg(figure)


def training_curves(history: Sequence[Epoch]) -> bytes:
    """Draw the losses and accuracies over the epochs."""
    figure, (loss, accuracy) = _figure(5.8, 2.6, columns=2)
    epochs = [each.epoch for each in history]
    loss.plot(epochs, [each.loss for each in history], color="#555555", label="training")
    loss.plot(epochs, [each.val_loss for each in history], color="#d55e00", label="validation")
    loss.set(xlabel="epoch", ylabel="loss")
    loss.legend(frameon=False, fontsize=8)
    accuracy.plot(epochs, [each.accuracy for each in history], color="#555555")
    accuracy.plot(epochs, [each.val_accuracy for each in history], color="#d55e00")
    accuracy.set(xlabel="epoch", ylabel="accuracy", ylim=(0, 1))
    return _svg(figure)


def _figure(width: float, height: float, columns: int = 1) -> "tuple[Figure, NDArray[np.object_]]":
    """Make a figure (in inches) and its axes outside pyplot, which keeps global state."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.subplots(1, columns, squeeze=False)[0]


def _svg(figure: "Figure") -> bytes:
    import matplotlib as mpl

    file = io.BytesIO()
    with mpl.rc_context(_STYLE):
        figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()
