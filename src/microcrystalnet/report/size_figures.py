"""Size histograms, cumulative curves, and size against shape, by class."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.report.canvas import pane, panes
from microcrystalnet.report.drawing import Drawing
from microcrystalnet.report.measured_material import FigureError, Material, counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 4.8  # inches
MOST_BINS, LEAST_BINS = 24, 6


def histograms(material: Material) -> Drawing:
    """Draw one histogram of sizes per class, on the same bins: equal steps of the logarithm.

    Sizes are those of whole crystals; what the edge cuts is smaller than it was.
    """
    from matplotlib.ticker import MaxNLocator

    lengths = _sized(material)
    classes = tuple(lengths)
    edges = _edges(np.concatenate(list(lengths.values())))
    figure, axes = panes(WIDTH, 0.5 + 1.15 * len(classes), len(classes), sharex=True)
    rows: list[tuple[object, ...]] = []
    for cls, each in zip(classes, axes[:, 0], strict=True):
        counts, _ = np.histogram(lengths[cls], edges)
        each.stairs(counts, edges, fill=True, color=material.colour(cls))
        each.stairs(counts, edges, color="#333333", linewidth=0.6)
        each.set_ylabel("crystals")
        each.yaxis.set_major_locator(MaxNLocator(3, integer=True))
        each.set_title(f"{cls}, n = {lengths[cls].size}", loc="right", fontsize=8, pad=2)
        bins = zip(edges, edges[1:], counts, strict=False)
        rows += [(cls, float(low), float(high), int(count)) for low, high, count in bins]
    _log_axis(axes[-1, 0], material.axis)
    unit = material.crystals.unit
    columns = ("class", f"from_{unit}", f"to_{unit}", "crystals")
    told = (
        f"Histograms of the {material.axis} of whole crystals by class, in steps of equal ratio; "
        f"{counted(material.whole)}."
    )
    return Drawing(figure, columns, tuple(rows), told)


def cumulative(material: Material) -> Drawing:
    """Draw which share of each class is finer than a size."""
    figure, axes = pane(WIDTH, 3.0)
    rows: list[tuple[object, ...]] = []
    for cls, unsorted in _sized(material).items():
        lengths = np.sort(unsorted)
        finer = np.arange(1, lengths.size + 1) / lengths.size * 100
        axes.step(
            [lengths[0], *lengths],
            [0, *finer],
            where="post",
            color=material.colour(cls),
            label=f"{cls} (n = {lengths.size})",
        )
        rows += [(cls, float(a), float(b)) for a, b in zip(lengths, finer, strict=True)]
    _log_axis(axes, material.axis)
    axes.set(ylabel="finer than (%)", ylim=(0, 101))
    axes.legend(frameon=False, loc="upper left")
    columns = ("class", f"size_{material.crystals.unit}", "finer_percent")
    told = (
        f"Share by number (%) of the whole crystals of each class that are finer than a size: "
        f"{material.axis}, logarithmic; {counted(material.whole)}."
    )
    return Drawing(figure, columns, tuple(rows), told)


def scatter(material: Material) -> Drawing:
    """Draw aspect ratio against size, a dot per whole crystal: an edge changes both."""
    whole = [each for each in material.crystals.crystals if each.whole]
    if not whole:
        raise FigureError("The filter lets no whole crystal through; widen it.")
    figure, axes = pane(WIDTH, 3.4)
    for cls in (*material.classes, None):
        some = material.crystals.whole(cls)
        if some:
            axes.scatter(
                [each.length for each in some],
                [each.row.measurement.aspect_ratio for each in some],
                s=12, color=material.colour(cls), alpha=0.7, linewidths=0,
                label=f"{cls or 'no class'} (n = {len(some)})",
            )  # fmt: skip
    _log_axis(axes, material.axis)
    axes.set(ylabel="aspect ratio", ylim=(0.95, None))
    axes.legend(frameon=False, loc="upper right", fontsize=8)
    rows = tuple(
        (each.row.crystal_id, each.row.micrograph.file_name, each.row.cls, each.length,
         each.row.measurement.aspect_ratio)
        for each in whole
    )  # fmt: skip
    size = f"size_{material.crystals.unit}"
    told = (
        f"Aspect ratio (longest by shortest axis of the ellipse with the same second moments, "
        f"without a unit) and {material.axis}, logarithmic; a dot is a whole crystal; "
        f"{counted(whole)}."
    )
    return Drawing(figure, ("crystal", "image", "class", size, "aspect_ratio"), rows, told)


def _sized(material: Material) -> dict[str, NDArray[np.float64]]:
    """Give the lengths of the whole crystals of each class that has some.

    Raises
    ------
    FigureError
        If no crystal has a class, or an edge cuts every one.
    """
    found = {
        cls: np.array([each.length for each in material.crystals.whole(cls)], float)
        for cls in material.require_classes()
    }
    sized = {cls: lengths for cls, lengths in found.items() if lengths.size}
    if not sized:
        raise FigureError("Every crystal that counts is cut by the edge; no size can be given.")
    return sized


def _edges(lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give bins of equal width in the logarithm, about the square root of the number of them."""
    count = int(np.clip(np.sqrt(lengths.size), LEAST_BINS, MOST_BINS))
    low, high = float(lengths.min()), float(lengths.max())
    if high <= low * 1.001:
        low, high = low / 1.2, high * 1.2
    edges = np.geomspace(low, high, count + 1)
    edges[0], edges[-1] = low, high  # rounding would leave the smallest or the largest out
    return edges


def _log_axis(axes: "Axes", label: str) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(label)
