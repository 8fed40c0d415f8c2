"""The figure of a map on its micrograph, as it is seen in the window."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.imaging.colour_scales import ColourScale
from microcrystalnet.imaging.crops import CropFrame
from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.report.canvas import SMALL, panes, write
from microcrystalnet.report.plain_text import readable
from microcrystalnet.report.scale_bar import draw_small_scale_bar

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OUTLINE = "#ffeb00"  # as the selected crystal's in the window
FEW = 4  # outlines: more of them, as of all crystals, are drawn thinner
COARSEST = 160  # dots per inch
FINEST = 1200  # dots per inch: beyond, a figure would outgrow the memory


@dataclass(frozen=True, slots=True, eq=False)
class MapView:
    """A part of a micrograph, (height, width) grey levels as shown, and the map laid on it.

    Without a ``frame`` the map has the micrograph's own pixels; a ``frame`` says where on
    ``pixels`` a map (size, size) lies. ``opacity`` is that of its strongest values, 0 to 1, and
    ``outlines`` are (points, 2) arrays of (column, row) on ``pixels``. ``values`` is None where
    the map is hidden.
    """

    pixels: NDArray[np.uint8]
    values: NDArray[np.float32] | None
    scale: ColourScale
    limits: tuple[float, float]
    title: str
    meaning: str
    um_per_pixel: float | None = None
    frame: CropFrame | None = None
    opacity: float = 0.8
    outlines: Sequence[NDArray[np.float64]] = ()


def draw_map(path: Path, view: MapView, report: Report = ignore_progress) -> None:
    """Write the bare micrograph and the map on it, side by side, as the path's suffix says.

    Of a hidden map nothing is drawn, and the micrograph stands alone with the outlines. Every pixel
    of the micrograph gets at least one of the figure, up to `FINEST` dots per inch. A ``report``
    that cancels leaves no file.

    Raises
    ------
    OutputError
        If the suffix is not one of `microcrystalnet.report.canvas.KINDS`, or the file cannot be
        written.
    """
    width, columns = (3.4, 1) if view.values is None else (6.4, 2)
    figure, (places,) = panes(width, 3.4, columns=columns, points=SMALL)
    for place in places:
        _show(place, view.pixels)
    if view.values is not None:
        _lay(places[1], view, view.values)
        _colour_bar(figure, places[1], view)
        figure.supxlabel(view.meaning, fontsize=8, wrap=True)
    _outline(places[-1], view)
    places[0].set_title(readable(view.title), loc="left")
    if view.um_per_pixel is not None:
        height, width = view.pixels.shape
        draw_small_scale_bar(places[0], Region(0, 0, height, width), view.um_per_pixel)
    dpi = _resolution(figure, places[0], view.pixels.shape[1])
    write(figure, path, dpi, SMALL, report)


def _show(axes: "Axes", pixels: NDArray[np.uint8]) -> None:
    """Draw the micrograph, and nothing beyond it: maps and outlines may reach farther."""
    height, width = pixels.shape
    axes.imshow(pixels, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    axes.set_axis_off()
    axes.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))


def _lay(axes: "Axes", view: MapView, values: NDArray[np.float32]) -> None:
    colours = view.scale.veil(values, view.opacity, view.limits)
    rows, cols = values.shape
    frame = view.frame
    left, top = (-0.5, -0.5) if frame is None else (frame.col0, frame.row0)
    across, down = (cols, rows) if frame is None else (frame.across, frame.side)
    extent = (left, left + across, top + down, top)
    axes.imshow(colours, interpolation="nearest", extent=extent)


def _outline(axes: "Axes", view: MapView) -> None:
    width = 0.7 if len(view.outlines) <= FEW else 0.35
    for line in view.outlines:
        axes.plot(*line.T, color="black", linewidth=2 * width)
        axes.plot(*line.T, color=OUTLINE, linewidth=width)


def _resolution(figure: "Figure", axes: "Axes", width: int) -> float:
    """Give the dots per inch at which no pixel of the micrograph is lost."""
    figure.draw_without_rendering()  # only then is it known how wide the picture is
    inches = axes.get_window_extent().width / figure.dpi
    return min(max(COARSEST, math.ceil(width / inches)), FINEST)


def _colour_bar(figure: "Figure", axes: "Axes", view: MapView) -> None:
    """Draw the colours, white where the micrograph is seen through them."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, Normalize

    table = view.scale.table(256, fading=True)
    on_white = table[:, :3] * table[:, 3:] + 1 - table[:, 3:]
    colours = ListedColormap(on_white.tolist())
    figure.colorbar(ScalarMappable(Normalize(*view.limits), colours), ax=axes, shrink=0.8)
