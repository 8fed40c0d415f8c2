"""Scale bars: how long one is, how its length is written, and how it is drawn on a picture."""

import math
from typing import TYPE_CHECKING

from microcrystalnet.domain.micrograph import Micrograph, Region

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def bar_length_um(width_um: float) -> float:
    """Give a round length (1, 2 or 5 times a power of ten) of at most a quarter of the width."""
    target = width_um / 4
    power = 10.0 ** math.floor(math.log10(target))
    return max(step * power for step in (1, 2, 5) if step * power <= target)


def length_text(length_um: float) -> str:
    """Write a length in the unit people would use: nm, um or mm."""
    if length_um < 1:
        return f"{length_um * 1000:g} nm"
    return f"{length_um / 1000:g} mm" if length_um >= 1000 else f"{length_um:g} µm"


def draw_scale_bar(axes: "Axes", micrograph: Micrograph) -> None:
    """Draw a bar in the lower right corner, or say that the scale is unknown."""
    region, size = micrograph.region, micrograph.pixel_size
    unit = 0.012 * region.width
    right, bottom = region.col1 - 3 * unit, region.row1 - 3 * unit
    if size is None:
        _box(axes, (right - 13 * unit, bottom - 3 * unit), 14 * unit, 4 * unit, "black")
        words = axes.text(right - 6 * unit, bottom - unit, "scale unknown", color="#ff8a80")
        words.set(ha="center", va="center", fontsize=11, zorder=6)
        return
    length = bar_length_um(region.width * size.col_um)
    width = length / size.col_um
    _box(axes, (right - width - unit, bottom - 5 * unit), width + 2 * unit, 6 * unit, "black")
    _box(axes, (right - width, bottom - unit), width, unit, "white")
    words = axes.text(right - width / 2, bottom - 1.4 * unit, length_text(length), color="white")
    words.set(ha="center", va="bottom", fontsize=13, zorder=6)


def _box(
    axes: "Axes", corner: tuple[float, float], width: float, height: float, colour: str
) -> None:
    """Fill a rectangle; a black one lets the micrograph through."""
    from matplotlib.patches import Rectangle

    box = Rectangle(corner, width, height, color=colour, linewidth=0, zorder=5)
    box.set_alpha(0.6 if colour == "black" else 1)
    axes.add_patch(box)


def draw_small_scale_bar(axes: "Axes", region: Region, um_per_pixel: float) -> None:
    """Draw a bar without a box in the lower right corner, for a narrow picture."""
    from matplotlib.patheffects import withStroke

    length = bar_length_um(region.width * um_per_pixel)
    right, bottom = region.col1 - 0.04 * region.width, region.row1 - 0.05 * region.height
    ends = (right - length / um_per_pixel, right)
    for colour, width in (("black", 4), ("white", 2)):
        axes.plot(ends, (bottom, bottom), color=colour, linewidth=width, solid_capstyle="butt")
    words = axes.text(sum(ends) / 2, bottom - 0.02 * region.height, length_text(length))
    words.set(color="white", ha="center", va="bottom", fontsize=7)
    words.set_path_effects([withStroke(linewidth=1.5, foreground="black")])
