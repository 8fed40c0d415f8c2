"""A micrograph with its crystals outlined in the colours of their classes, and a scale bar."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.colours import TEAL
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.imaging.contrast import limits, stretch
from microcrystalnet.report.scale_bar import draw_scale_bar

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from PIL.Image import Image

NARROWEST, WIDEST = 900, 1400  # pixels of the picture in a report


@dataclass(frozen=True, slots=True)
class Outline:
    """How one crystal is drawn: ``boxed`` by a teal box, ``filled`` with a pale colour."""

    mask: Mask
    colour: str
    dashed: bool = False
    boxed: bool = False
    filled: bool = False


def annotate(
    pixels: NDArray[np.generic], micrograph: Micrograph, outlines: Sequence[Outline]
) -> bytes:
    """Draw outlines and scale bar on the analysed part of a micrograph.

    Parameters
    ----------
    pixels : (height, width)
        The recorded micrograph.
    micrograph
        Gives the analysed region and the scale.
    outlines
        In the order of drawing.

    Returns
    -------
    bytes
        A JPEG file.
    """
    return annotate_each(pixels, micrograph, [outlines])[0]


def annotate_each(
    pixels: NDArray[np.generic], micrograph: Micrograph, drawings: Sequence[Sequence[Outline]]
) -> list[bytes]:
    """Draw several pictures of one micrograph, as `annotate` does."""
    backdrop = _backdrop(pixels, micrograph)
    return [_annotated(backdrop, micrograph, outlines) for outlines in drawings]


def _backdrop(pixels: NDArray[np.generic], micrograph: Micrograph) -> "Image":
    """Give the analysed part, stretched, as large as it is shown."""
    from PIL import Image

    region = micrograph.region
    part = pixels[region.row0 : region.row1, region.col0 : region.col1]
    shown = min(max(region.width, NARROWEST), WIDEST) / region.width
    size = round(region.width * shown), max(1, round(region.height * shown * tallness(micrograph)))
    grey = Image.fromarray(stretch(part, *limits(part)))
    return grey.resize(size, Image.Resampling.LANCZOS).convert("RGBA")


def _annotated(backdrop: "Image", micrograph: Micrograph, outlines: Sequence[Outline]) -> bytes:
    """Draw on a transparent sheet and lay it over: matplotlib's own images take 8 times as long."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image

    figure = Figure(figsize=(backdrop.width / 100, backdrop.height / 100), dpi=100)
    figure.patch.set_alpha(0)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    region = micrograph.region
    axes.set_xlim(region.col0 - 0.5, region.col1 - 0.5)
    axes.set_ylim(region.row1 - 0.5, region.row0 - 0.5)
    draw_outlines(axes, outlines)
    draw_scale_bar(axes, micrograph)
    canvas.draw()  # type: ignore[no-untyped-call]  # matplotlib declares no types here
    rgba = canvas.buffer_rgba()  # type: ignore[no-untyped-call]  # nor here
    sheet = Image.fromarray(np.asarray(rgba)).resize(backdrop.size)
    file = io.BytesIO()
    # Thin coloured lines need their colour at full resolution, which JPEG would halve.
    flat = Image.alpha_composite(backdrop, sheet).convert("RGB")
    flat.save(file, format="jpeg", quality=85, subsampling=0)
    return file.getvalue()


def tallness(micrograph: Micrograph) -> float:
    """Give the height of a pixel in its widths; 1 where it is square or unknown."""
    size = micrograph.pixel_size
    return 1.0 if size is None else size.row_um / size.col_um


def draw_outlines(axes: "Axes", outlines: Sequence[Outline]) -> None:
    """Draw each outline over a dark one, so that it shows on bright edges too."""
    from matplotlib.collections import LineCollection, PolyCollection
    from matplotlib.patches import Rectangle

    lines = [(each, line) for each in outlines for line in contours(each.mask)]
    paths = [line for _, line in lines]
    inside = [f"{each.colour}40" if each.filled else "none" for each, _ in lines]
    axes.add_collection(PolyCollection(paths, facecolors=inside, edgecolors="none"))
    axes.add_collection(LineCollection(paths, colors="#00000090", linewidths=2.6))
    styles: list[Any] = [(0, (3, 2)) if each.dashed else "solid" for each, _ in lines]
    colours = [each.colour for each, _ in lines]
    axes.add_collection(LineCollection(paths, colors=colours, linewidths=1.5, linestyles=styles))
    for each in outlines:
        if each.boxed:
            box = each.mask.region
            corner = (box.col0 - 3, box.row0 - 3)
            axes.add_patch(
                Rectangle(
                    corner, box.width + 6, box.height + 6, fill=False, edgecolor=TEAL, linewidth=2
                )
            )


def contours(mask: Mask) -> list[NDArray[np.float64]]:
    """Give the outlines of a mask as (points, 2) arrays of (column, row) in image pixels."""
    from skimage.measure import find_contours

    padded = np.pad(mask.pixels, 1).astype(float)
    offset = np.array([mask.col - 1, mask.row - 1])
    return [line[:, ::-1] + offset for line in find_contours(padded, 0.5)]
