"""Figures that show pixels: crystals side by side at one scale, and a micrograph annotated."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.colours import NO_CLASS_LINE
from microcrystalnet.imaging.contrast import limits, stretch
from microcrystalnet.report.canvas import pane, panes
from microcrystalnet.report.drawing import Drawing
from microcrystalnet.report.measured_material import FigureError, Material, counted
from microcrystalnet.report.picture import Outline, draw_outlines, tallness
from microcrystalnet.report.scale_bar import bar_length_um, draw_scale_bar, length_text
from microcrystalnet.statistics.population import CrystalRow, Measured

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 6.0  # inches of an annotated micrograph
NUMBER_POINTS = 5.0  # height of a crystal's number
COLUMNS = 6
BELOW = 0.3  # inches for the scale bar
MARGIN = 1.08  # of the longest crystal's box


def plate(material: Material) -> Drawing:
    """Show crystals of each class side by side at one scale, from small to large.

    Of a class with many crystals, `COLUMNS` are taken at equal steps of its sizes.
    """
    classes = material.require_classes()
    chosen = {cls: _chosen(material.crystals.of(cls)) for cls in classes}
    field = MARGIN * max(max(_box(each, material)) for some in chosen.values() for each in some)
    height = 1.15 * len(classes) + BELOW
    figure, axes = panes(1.1 * COLUMNS, height, len(classes), COLUMNS)
    figure.set_layout_engine(None)  # constrained would take the room of a single line for its bar
    figure.subplots_adjust(
        left=0.05, right=0.995, bottom=BELOW / height, top=0.99, wspace=0.06, hspace=0.06
    )
    cuts = _cuts([each for some in chosen.values() for each in some], material)
    for cls, line in zip(classes, axes, strict=True):
        for each, place in zip(chosen[cls], line, strict=False):
            _show(place, cuts[each.row.crystal_id], _box(each, material), field)
        for place in line:
            place.set(xlim=(-field / 2, field / 2), ylim=(-field / 2, field / 2), aspect="equal")
            place.set_axis_off()
        line[0].text(-0.08, 0.5, cls, rotation=90, ha="right", va="center",
                     transform=line[0].transAxes, color="black")  # fmt: skip
    _plate_bar(axes[-1, -1], material, field)
    rows = tuple(
        (cls, each.row.crystal_id, each.row.micrograph.file_name, each.length)
        for cls, some in chosen.items()
        for each in some
    )
    shown = [each for some in chosen.values() for each in some]
    told = (
        f"Crystals of each class at one scale, up to {COLUMNS}, from small to large by "
        f"{material.axis}, whole ones where there are any; recorded pixels on black; "
        f"{counted(shown)}."
    )
    columns = ("class", "crystal", "image", f"size_{material.crystals.unit}")
    return Drawing(figure, columns, rows, told)


def micrograph(material: Material) -> Drawing:
    """Show the chosen micrograph with outlines in class colours, a scale bar and a legend.

    Raises
    ------
    FigureError
        If no micrograph is chosen or its file cannot be read.
    """
    here = [e for e in material.crystals.rows if e.micrograph.image_id == material.shown]
    pixels = None if material.shown is None else material.pixels(material.shown)
    if not here or pixels is None:
        raise FigureError(
            "This micrograph shows no crystal that the filter lets through, or its file cannot be "
            "read; choose another one."
        )
    known, region = here[0].micrograph, here[0].micrograph.region
    tall = tallness(known)
    figure, axes = pane(WIDTH, WIDTH * tall * region.height / region.width + 0.4)
    part = pixels[region.row0 : region.row1, region.col0 : region.col1]
    corners = (region.col0 - 0.5, region.col1 - 0.5, region.row1 - 0.5, region.row0 - 0.5)
    axes.imshow(stretch(part, *limits(part)), cmap="gray", vmin=0, vmax=255, extent=corners)
    colours = [Outline(e.mask, _line(e.cls, material), dashed=e.cls is None) for e in here]
    draw_outlines(axes, colours)
    small = _number(axes, here, WIDTH * 72 / region.width)
    draw_scale_bar(axes, known)
    axes.set(xlim=corners[:2], ylim=corners[2:], aspect=tall)
    axes.set_axis_off()
    _legend(axes, material, {each.cls for each in here})
    rows = tuple(
        (known.file_name, each.number, each.crystal_id, each.cls, *each.mask.centre)
        for each in here
    )
    unseen = f", but for {small} that are too small; the table gives their place" if small else ""
    told = (
        f"{known.file_name} with the outlines of its crystals by class and their numbers{unseen}; "
        f"n = {len(here)}; "
        f"{'scale bar in the corner' if known.calibrated else 'its scale is unknown'}."
    )
    return Drawing(figure, ("image", "number", "crystal", "class", "row", "col"), rows, told)


def _number(axes: "Axes", crystals: Sequence[CrystalRow], points: float) -> int:
    """Write each crystal's number where it lies, and count those too small for one.

    ``points`` is how wide a pixel is drawn, in typographic points.
    """
    from matplotlib.patheffects import withStroke

    small = 0
    for each in crystals:
        width = each.mask.region.width * points
        if width < NUMBER_POINTS * 0.6 * len(str(each.number)):
            small += 1
            continue
        row, col = each.mask.centre
        words = axes.text(col, row, str(each.number), color="white", fontsize=NUMBER_POINTS)
        words.set(ha="center", va="center", clip_on=True)
        words.set_path_effects([withStroke(linewidth=1.2, foreground="black")])
    return small


def _line(cls: str | None, material: Material) -> str:
    return NO_CLASS_LINE if cls is None else material.colour(cls)


def _legend(axes: "Axes", material: Material, there: set[str | None]) -> None:
    from matplotlib.lines import Line2D

    keys = [
        Line2D([], [], color=material.colour(cls), linewidth=2, label=cls)
        for cls in material.classes
        if cls in there
    ]
    if None in there:
        keys.append(
            Line2D([], [], color=material.colour(None), linewidth=2, linestyle=(0, (3, 2)),
                   label="no class")
        )  # fmt: skip
    axes.legend(
        handles=keys, loc="upper center", bbox_to_anchor=(0.5, -0.01), ncols=5, frameon=False
    )


def _chosen(crystals: tuple[Measured, ...]) -> tuple[Measured, ...]:
    """Take up to `COLUMNS` crystals at equal steps of size, whole ones if there are any."""
    whole = [each for each in crystals if not each.row.measurement.touches_edge] or list(crystals)
    ordered = sorted(whole, key=lambda each: each.length)
    steps = np.linspace(0, len(ordered) - 1, min(COLUMNS, len(ordered)))
    return tuple(ordered[round(float(step))] for step in steps)


def _box(each: Measured, material: Material) -> tuple[float, float]:
    """Give height and width of a crystal's bounding box in the figure's unit."""
    size, (rows, cols) = each.row.micrograph.pixel_size, each.row.mask.pixels.shape
    if size is None or material.crystals.unit == "px":
        return float(rows), float(cols)
    return rows * size.row_um, cols * size.col_um


def _show(axes: "Axes", crystal: NDArray[np.uint8], box: tuple[float, float], field: float) -> None:
    """Show a crystal on black, in the middle of a square of one size for all."""
    height, width = box[0] / 2, box[1] / 2
    half = field / 2
    axes.fill_between([-half, half], -half, half, color="black", linewidth=0, zorder=0)
    corners = (-width, width, -height, height)
    axes.imshow(crystal, cmap="gray", vmin=0, vmax=255, extent=corners, zorder=1)


def _cuts(crystals: Sequence[Measured], material: Material) -> dict[str, NDArray[np.uint8]]:
    """Cut crystals out of their recorded micrographs, one micrograph after the other, by id."""
    cuts: dict[str, NDArray[np.uint8]] = {}
    for image_id in dict.fromkeys(each.row.micrograph.image_id for each in crystals):
        pixels = material.pixels(image_id)
        contrast = None if pixels is None else limits(pixels)
        for each in crystals:
            if each.row.micrograph.image_id == image_id:
                cuts[each.row.crystal_id] = _cut(each, pixels, contrast)
    return cuts


def _cut(
    each: Measured, pixels: NDArray[np.generic] | None, contrast: tuple[float, float] | None
) -> NDArray[np.uint8]:
    """Give a crystal on black; a plain silhouette where its micrograph cannot be read."""
    mask = each.row.mask
    if pixels is None or contrast is None:
        return np.where(mask.pixels, 160, 0).astype(np.uint8)
    shown = stretch(pixels[mask.slices], *contrast)
    return np.where(mask.pixels, shown, 0).astype(np.uint8)


def _plate_bar(axes: "Axes", material: Material, field: float) -> None:
    """Draw the scale bar under the last crystal."""
    length = bar_length_um(2.4 * field)
    text = length_text(length) if material.crystals.unit == "um" else f"{length:g} px"
    start = field / 2 - length
    axes.plot([start, field / 2], [-0.54 * field] * 2, color="black", linewidth=2, clip_on=False)
    axes.text(field / 2, -0.58 * field, text, ha="right", va="top", clip_on=False)
