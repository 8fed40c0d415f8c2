"""Figures that say whether explanations can be trusted."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.explain.outline import ClassOutline
from microcrystalnet.explain.pixel_curves import Curve, PixelCurves
from microcrystalnet.explain.sanity import Cascade
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.report.files import OutputError, write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUFFIXES = (".png", ".svg", ".pdf")
DPI = 160
BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#888888"
_STYLE: dict[Any, Any] = {  # matplotlib declares each of its 300 keys
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "explanation",
    "svg.fonttype": "none",
}


def draw_curves(path: Path, curves: Sequence[PixelCurves]) -> None:
    """Write the mean deletion and insertion curves of crystals, against random orders.

    Raises
    ------
    OutputError
        As `save_figure`.
    """
    figure, axes = new_figure(5.4, 2.5, 2)
    for place, title, own, chance in (
        (axes[0], "pixels taken away", "deletion", "random_deletion"),
        (axes[1], "pixels brought back", "insertion", "random_insertion"),
    ):
        for name, colour, label in ((own, ORANGE, "in the map's order"), (chance, GREY, "random")):
            means = np.mean([getattr(each, name) for each in curves], axis=0)
            place.plot(curves[0].shares, means, color=colour, label=label)
        place.set(xlabel=f"share of {title}", ylim=(0, 1.02))
    axes[0].set_ylabel(f"probability of the class\n(mean of {len(curves)} crystals)")
    axes[0].legend(frameon=False)
    save_figure(figure, path)


def draw_cascade(path: Path, cascades: Sequence[Cascade]) -> None:
    """Write how alike each method's maps stay while the network forgets, layer by layer.

    Raises
    ------
    OutputError
        As `save_figure`.
    """
    figure, axes = new_figure(6.4, 2.7, 2)
    colours = (BLUE, ORANGE, "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
    for number, found in enumerate(cascades):
        names = ["trained", *(each.stage for each in found.stages)]
        for place, measure in zip(axes, ("rank", "structure"), strict=True):
            values = [1.0, *(getattr(each, measure) for each in found.stages)]
            colour = colours[number % len(colours)]
            place.plot(names, values, "o-", ms=3, color=colour, label=found.method)
            place.tick_params(axis="x", rotation=60)
    axes[0].set(ylabel="rank correlation", xlabel="forgotten from the answer back to")
    axes[1].set(ylabel="structural similarity", xlabel="forgotten from the answer back to")
    axes[0].axhline(0, color=GREY, linewidth=0.6)
    named = axes[0].get_legend_handles_labels()
    figure.legend(*named, loc="outside right upper", frameon=False, fontsize=8)
    save_figure(figure, path)


def draw_outline(path: Path, classes: Sequence[ClassOutline]) -> None:
    """Write the outline's share of the maps beside its share of the area, per class.

    Raises
    ------
    OutputError
        As `save_figure`.
    """
    figure, (axes,) = new_figure(4.2, 2.5, 1)
    places = np.arange(len(classes))
    axes.bar(places - 0.2, [100 * each.attribution for each in classes], 0.38, color=ORANGE)
    axes.bar(places + 0.2, [100 * each.area for each in classes], 0.38, color=GREY)
    axes.set_xticks(places, [f"{each.cls}\nn = {each.crystals}" for each in classes])
    axes.set_ylabel("along the outline (%)")
    axes.set_title("orange: share of the map, grey: share of the area", loc="left", fontsize=8)
    save_figure(figure, path)


def areas(curves: Sequence[PixelCurves]) -> tuple[float, float]:
    """Give the mean gains of deletion and insertion over a random order."""
    gains: list[Curve] = [(each.deletion_gain, each.insertion_gain) for each in curves]
    deletion, insertion = np.mean(gains, axis=0)
    return float(deletion), float(insertion)


def new_figure(width: float, height: float, columns: int) -> "tuple[Figure, NDArray[np.object_]]":
    """Give a figure of ``width`` by ``height`` inches and its axes side by side."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.subplots(1, columns, squeeze=False)[0]


def save_figure(
    figure: "Figure", path: Path, dpi: float = DPI, report: Report = ignore_progress
) -> None:
    """Write a figure as the path's suffix says; a ``report`` that cancels leaves no file.

    Raises
    ------
    OutputError
        If the suffix is not one of `SUFFIXES`, or the file cannot be written.
    """
    import matplotlib as mpl

    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise OutputError(
            f"A figure cannot be written as “{path.name}”; end the name in {', '.join(SUFFIXES)}."
        )
    file = io.BytesIO()
    date = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(kind)
    with mpl.rc_context(_STYLE):
        figure.savefig(file, format=kind[1:], dpi=dpi, metadata=date)
    report(Progress(0, 0, f"Writing {path.name}"))
    write_atomically(path, file.getvalue())
