"""Figures of explanations: a map on its micrograph, and whether it can be trusted."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.explain.outline import ClassOutline
from microcrystalnet.explain.pixel_curves import Curve, PixelCurves
from microcrystalnet.explain.sanity import Cascade
from microcrystalnet.imaging.colour_scales import ColourScale
from microcrystalnet.imaging.contrast import to_uint8
from microcrystalnet.report.files import OutputError, write_atomically
from microcrystalnet.report.map_file import laid_on

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES = (".png", ".svg", ".pdf")
BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#888888"
_STYLE: dict[Any, Any] = {  # matplotlib declares each of its 300 keys
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "explanation",
    "svg.fonttype": "none",
}


@dataclass(frozen=True, slots=True, eq=False)
class MapView:
    """A part of a micrograph (height, width) and a map of the same shape laid on it."""

    pixels: NDArray[np.generic]
    values: NDArray[np.float32]
    scale: ColourScale
    limits: tuple[float, float]
    title: str
    meaning: str
    um_per_pixel: float | None = None


def draw_map(path: Path, view: MapView) -> None:
    """Write the bare micrograph and the map on it, side by side, as the path's suffix says.

    Raises
    ------
    OutputError
        If the suffix is not one of `SUFFIXES`, or the file cannot be written.
    """
    figure, axes = _figure(6.4, 3.4, 2)
    grey = np.repeat(to_uint8(view.pixels)[..., None], 3, axis=2).astype(float)
    painted = laid_on(grey, view.values, view.scale, view.limits)
    for place, picture in zip(axes, (grey, painted), strict=True):
        place.imshow(np.rint(picture).astype(np.uint8), interpolation="nearest")
        place.set_axis_off()
    axes[0].set_title(view.title, loc="left")
    _colour_bar(figure, axes[1], view)
    if view.um_per_pixel is not None:
        _scale_bar(axes[0], view.pixels.shape, view.um_per_pixel)
    figure.supxlabel(view.meaning, fontsize=8, wrap=True)
    _save(figure, path)


def draw_curves(path: Path, curves: Sequence[PixelCurves]) -> None:
    """Write the mean deletion and insertion curves of crystals, against random orders.

    Raises
    ------
    OutputError
        As `draw_map`.
    """
    figure, axes = _figure(5.4, 2.5, 2)
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
    _save(figure, path)


def draw_cascade(path: Path, cascades: Sequence[Cascade]) -> None:
    """Write how alike each method's maps stay while the network forgets, layer by layer.

    Raises
    ------
    OutputError
        As `draw_map`.
    """
    figure, axes = _figure(6.4, 2.7, 2)
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
    _save(figure, path)


def draw_outline(path: Path, classes: Sequence[ClassOutline]) -> None:
    """Write the outline's share of the maps beside its share of the area, per class.

    Raises
    ------
    OutputError
        As `draw_map`.
    """
    figure, (axes,) = _figure(4.2, 2.5, 1)
    places = np.arange(len(classes))
    axes.bar(places - 0.2, [100 * each.attribution for each in classes], 0.38, color=ORANGE)
    axes.bar(places + 0.2, [100 * each.area for each in classes], 0.38, color=GREY)
    axes.set_xticks(places, [f"{each.cls}\nn = {each.crystals}" for each in classes])
    axes.set_ylabel("along the outline (%)")
    axes.set_title("orange: share of the map, grey: share of the area", loc="left", fontsize=8)
    _save(figure, path)


def areas(curves: Sequence[PixelCurves]) -> tuple[float, float]:
    """Give the mean gains of deletion and insertion over a random order."""
    gains: list[Curve] = [(each.deletion_gain, each.insertion_gain) for each in curves]
    deletion, insertion = np.mean(gains, axis=0)
    return float(deletion), float(insertion)


def _colour_bar(figure: "Figure", axes: "Axes", view: MapView) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, Normalize

    colours = ListedColormap(view.scale.table(256)[:, :3].tolist())
    figure.colorbar(ScalarMappable(Normalize(*view.limits), colours), ax=axes, shrink=0.8)


def _scale_bar(axes: "Axes", shape: tuple[int, ...], um_per_pixel: float) -> None:
    from microcrystalnet.report.picture import bar_length_um, length_text

    height, width = shape[:2]
    length = bar_length_um(width * um_per_pixel)
    right, bottom = 0.96 * width, 0.94 * height
    ends = [right - length / um_per_pixel, right]
    axes.plot(ends, [bottom, bottom], color="black", linewidth=5, solid_capstyle="butt")
    axes.plot(ends, [bottom, bottom], color="white", linewidth=3, solid_capstyle="butt")
    words = axes.text(float(np.mean(ends)), bottom - 0.03 * height, length_text(length))
    words.set(color="white", ha="center", va="bottom")


def _figure(width: float, height: float, columns: int) -> "tuple[Figure, NDArray[np.object_]]":
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.subplots(1, columns, squeeze=False)[0]


def _save(figure: "Figure", path: Path) -> None:
    import matplotlib as mpl

    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise OutputError(
            f"A figure cannot be written as “{path.name}”; end the name in {', '.join(SUFFIXES)}."
        )
    file = io.BytesIO()
    date = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(kind)
    with mpl.rc_context(_STYLE):
        figure.savefig(file, format=kind[1:], dpi=160, metadata=date)
    write_atomically(path, file.getvalue())
