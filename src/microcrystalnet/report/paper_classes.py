"""The figure of class maps: the micrograph, the experts' classes, the network's with its errors."""

from pathlib import Path
from typing import TYPE_CHECKING

from microcrystalnet.domain.colours import NO_CLASS_LINE, TEAL
from microcrystalnet.imaging.contrast import limits, stretch
from microcrystalnet.micrographs.reader import read_pixels
from microcrystalnet.report.canvas import SMALL, panes
from microcrystalnet.report.drawing import Drawing
from microcrystalnet.report.figure_material import FigureCrystal, FigureMaterial, FigureSheet
from microcrystalnet.report.picture import contours, tallness
from microcrystalnet.report.scale_bar import draw_small_scale_bar

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FILLED = "90"  # opacity of a class's colour, two hex digits
FINEST = 1200  # pixels of a panel's side
COLUMNS = ("number", "crystal", "settled", "predicted", "probability", "boxed")


def write_class_map(sheet: FigureSheet, colours: dict[str, str], stem: Path) -> list[Path]:
    """Draw one micrograph thrice, as in Figure 8 of the paper (IEEE Access 2025).

    Raises
    ------
    UnreadableFileError
        If the micrograph cannot be read.
    OutputError
        If a file cannot be written.
    """
    region = sheet.micrograph.region
    ratio = tallness(sheet.micrograph) * region.height / region.width
    figure, axes = panes(7.2, 2.35 * ratio + 0.5, columns=3, points=SMALL)
    titles = ("micrograph", "experts", "network")
    for place, title in zip(axes[0], titles, strict=True):
        _ground(place, sheet)
        place.set_title(title, fontsize=8)
    for crystal in sheet.crystals:
        _fill(axes[0, 1], crystal, colours.get(crystal.truth or ""))
        _fill(axes[0, 2], crystal, colours.get(crystal.said or ""))
        if crystal.wrong:
            _box(axes[0, 2], crystal)
    if size := sheet.micrograph.pixel_size:
        draw_small_scale_bar(axes[0, 0], region, size.col_um)
    _legend(figure, sheet, colours)
    rows = tuple(_row(each) for each in sheet.crystals)
    return Drawing(figure, COLUMNS, rows, points=SMALL).save(stem.parent, stem.name)


def telling(material: FigureMaterial, count: int) -> list[FigureSheet]:
    """Give the micrographs with the most crystals that are both settled and predicted."""

    def known(sheet: FigureSheet) -> int:
        return sum(None not in {each.truth, each.said} for each in sheet.crystals)

    order = sorted(material.sheets, key=known, reverse=True)
    return [each for each in order if known(each)][:count]


def _ground(axes: "Axes", sheet: FigureSheet) -> None:
    region = sheet.micrograph.region
    path = sheet.crystals[0].example.image_path
    part = read_pixels(path)[region.row0 : region.row1, region.col0 : region.col1]
    times = max(1, -(-max(part.shape) // FINEST))
    grey = stretch(part, *limits(part))[::times, ::times]
    extent = (region.col0 - 0.5, region.col1 - 0.5, region.row1 - 0.5, region.row0 - 0.5)
    axes.imshow(grey, cmap="gray", vmin=0, vmax=255, extent=extent)
    axes.set(xlim=extent[:2], ylim=extent[2:], aspect=tallness(sheet.micrograph))
    axes.set_axis_off()


def _fill(axes: "Axes", crystal: FigureCrystal, colour: str | None) -> None:
    from matplotlib.patches import Polygon

    for line in contours(crystal.example.mask):
        inside = "none" if colour is None else f"{colour}{FILLED}"
        edge = colour or NO_CLASS_LINE
        style = "solid" if colour else (0, (2, 2))
        axes.add_patch(
            Polygon(line, facecolor=inside, edgecolor=edge, linewidth=0.6, linestyle=style)
        )


def _box(axes: "Axes", crystal: FigureCrystal) -> None:
    from matplotlib.patches import Rectangle
    from matplotlib.patheffects import withStroke

    region = crystal.example.mask.region
    corner = (region.col0 - 4, region.row0 - 4)
    size = (region.width + 8, region.height + 8)
    box = Rectangle(corner, *size, fill=False, edgecolor=TEAL, linewidth=1.2, zorder=5)
    box.set_path_effects([withStroke(linewidth=2.4, foreground="black")])
    axes.add_patch(box)


def _legend(figure: "Figure", sheet: FigureSheet, colours: dict[str, str]) -> None:
    from matplotlib.patches import Patch

    shown = {each.truth for each in sheet.crystals} | {each.said for each in sheet.crystals}
    keys = [Patch(color=colour, label=code) for code, colour in colours.items() if code in shown]
    keys.append(Patch(facecolor="none", edgecolor=TEAL, label="network contradicts experts"))
    figure.legend(
        handles=keys, loc="outside lower center", ncols=len(keys), frameon=False, fontsize=7
    )


def _row(crystal: FigureCrystal) -> tuple[object, ...]:
    sure = crystal.prediction.confidence if crystal.prediction else None
    crystal_id = crystal.example.crystal_id
    return crystal.number, crystal_id, crystal.truth, crystal.said, sure, crystal.wrong
