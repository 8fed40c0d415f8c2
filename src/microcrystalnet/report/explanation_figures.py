"""Figures that say whether explanations can be trusted."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from microcrystalnet.explain.outline import ClassOutline
from microcrystalnet.explain.pixel_curves import Curve, PixelCurves
from microcrystalnet.explain.sanity import Cascade
from microcrystalnet.report.canvas import SMALL, pane, panes, write

DPI = 160
BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#888888"


def draw_curves(path: Path, curves: Sequence[PixelCurves]) -> None:
    """Write the mean deletion and insertion curves of crystals, against random orders.

    Raises
    ------
    OutputError
        As `microcrystalnet.report.canvas.write`.
    """
    figure, ((*axes,),) = panes(5.4, 2.5, columns=2, points=SMALL)
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
    write(figure, path, DPI, SMALL)


def draw_cascade(path: Path, cascades: Sequence[Cascade]) -> None:
    """Write how alike each method's maps stay while the network forgets, layer by layer.

    Raises
    ------
    OutputError
        As `microcrystalnet.report.canvas.write`.
    """
    figure, ((*axes,),) = panes(6.4, 2.7, columns=2, points=SMALL)
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
    write(figure, path, DPI, SMALL)


def draw_outline(path: Path, classes: Sequence[ClassOutline]) -> None:
    """Write the outline's share of the maps beside its share of the area, per class.

    Raises
    ------
    OutputError
        As `microcrystalnet.report.canvas.write`.
    """
    figure, axes = pane(4.2, 2.5, points=SMALL)
    places = np.arange(len(classes))
    axes.bar(places - 0.2, [100 * each.attribution for each in classes], 0.38, color=ORANGE)
    axes.bar(places + 0.2, [100 * each.area for each in classes], 0.38, color=GREY)
    axes.set_xticks(places, [f"{each.cls}\nn = {each.crystals}" for each in classes])
    axes.set_ylabel("along the outline (%)")
    axes.set_title("orange: share of the map, grey: share of the area", loc="left", fontsize=8)
    write(figure, path, DPI, SMALL)


def areas(curves: Sequence[PixelCurves]) -> tuple[float, float]:
    """Give the mean gains of deletion and insertion over a random order."""
    gains: list[Curve] = [(each.deletion_gain, each.insertion_gain) for each in curves]
    deletion, insertion = np.mean(gains, axis=0)
    return float(deletion), float(insertion)
