"""The charts of a report about its classifier, as SVG files."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.learning.evaluate import Metrics
from microcrystalnet.learning.records import Epoch

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STYLE: dict[Any, Any] = {  # matplotlib declares each of its 300 keys
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "report",
}


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
    from matplotlib.ticker import MaxNLocator

    figure, (loss, accuracy) = _figure(5.8, 2.6, columns=2)
    for each in (loss, accuracy):
        each.xaxis.set_major_locator(MaxNLocator(integer=True))
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
