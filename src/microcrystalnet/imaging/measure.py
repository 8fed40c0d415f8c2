"""Size and shape of one crystal, from its mask and the recorded pixels.

Sizes are *apparent*: of what a rough chip shows, with no stereological correction.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import PixelSize, Region
from microcrystalnet.errors import MaskError
from microcrystalnet.imaging.ellipse import ellipse_of
from microcrystalnet.imaging.hull import callipers
from microcrystalnet.imaging.perimeter import crofton_perimeter

CIRCULARITY_FROM_PX = 24  # below this diameter the perimeter of a pixel outline means little
SQUARE = 1e-6  # sides closer than this are equal
RELIABLE_FROM_PX = 50  # below this diameter shape numbers are flagged


@dataclass(frozen=True, slots=True)
class Measurement:
    """Size and shape of one crystal in pixels.

    The petrographer's longest line is ``feret_max_px``; ``major_axis_px`` is that of the ellipse
    with the same second moments (for a square of side s: 1.41 s against 1.155 s).
    ``circularity`` (4 pi area / perimeter squared) is None under 24 pixels; ``mean_grey`` is None
    where no recorded pixels are given. ``aspect_ratio`` is the major by the minor axis, 1 or more;
    ``roundness`` is 4 area / (pi major axis squared), 1 for a disc. ``orientation_deg`` is that of
    the major axis: 0 along the micrograph's rows, growing counter-clockwise as one sees it, 0 to
    180 (an axis has no head); None where both axes are equal. All three, and the circularity, are
    of the crystal as it is, also where pixels are not square.
    """

    area_px: int
    equivalent_diameter_px: float
    feret_max_px: float
    feret_min_px: float
    major_axis_px: float
    minor_axis_px: float
    circularity: float | None
    solidity: float
    mean_grey: float | None
    touches_edge: bool
    aspect_ratio: float
    roundness: float
    orientation_deg: float | None

    @property
    def too_small(self) -> bool:
        """Whether the crystal is so small that its shape numbers are flagged."""
        return not self.reliable

    @property
    def reliable(self) -> bool:
        """Whether the crystal is large enough for its shape numbers to be trusted."""
        return self.equivalent_diameter_px >= RELIABLE_FROM_PX


@dataclass(frozen=True, slots=True)
class Sizes:
    """The lengths of a crystal in micrometres, the area in square micrometres."""

    area_um2: float
    equivalent_diameter_um: float
    feret_max_um: float
    feret_min_um: float
    major_axis_um: float
    minor_axis_um: float


def in_micrometres(mask: Mask, measured: Measurement, pixel_size: PixelSize) -> Sizes:
    """Give the lengths of a measured crystal in micrometres.

    Where the pixels are not square, the callipers and the ellipse are taken from the crystal as it
    is and not as its pixels show it; no length then is a multiple of the one in pixels.
    """
    side = pixel_size.nm / 1000
    area, diameter = measured.area_px * side**2, measured.equivalent_diameter_px * side
    if math.isclose(pixel_size.row_um, pixel_size.col_um, rel_tol=SQUARE):
        feret = (side * measured.feret_max_px, side * measured.feret_min_px)
        return Sizes(
            area, diameter, *feret, side * measured.major_axis_px, side * measured.minor_axis_px
        )
    spacing = (pixel_size.row_um, pixel_size.col_um)
    hull = callipers(mask.pixels, spacing)
    ellipse = ellipse_of(mask.pixels, spacing)
    return Sizes(
        area, diameter, hull.feret_max, hull.feret_min, ellipse.major_axis, ellipse.minor_axis
    )


def measure(
    mask: Mask,
    pixels: NDArray[np.generic] | None,
    region: Region,
    pixel_size: PixelSize | None = None,
) -> Measurement:
    """Measure one crystal.

    Parameters
    ----------
    mask
        The crystal's pixels.
    pixels : (height, width) or None
        The recorded micrograph, never a filtered one: filters move edges.
    region
        The analysed part of the micrograph; a crystal that touches its border is flagged.
    pixel_size
        Only the ratio of its sides counts: the circularity is that of the crystal as it is.
    """
    area, hull = mask.area, callipers(mask.pixels)
    diameter, spacing = math.sqrt(4 * area / math.pi), _spacing(pixel_size)
    ellipse = ellipse_of(mask.pixels)
    true = ellipse if spacing == (1.0, 1.0) else ellipse_of(mask.pixels, spacing)
    circularity = None
    if diameter >= CIRCULARITY_FROM_PX:
        circularity = 4 * math.pi * area / crofton_perimeter(mask.pixels, spacing) ** 2
    return Measurement(
        area,
        diameter,
        hull.feret_max,
        hull.feret_min,
        ellipse.major_axis,
        ellipse.minor_axis,
        circularity,
        min(1.0, area / hull.hull_area),
        None if pixels is None else mean_grey(mask, pixels),
        touches_edge(mask, region),
        true.aspect_ratio,
        min(1.0, 4 * area / (math.pi * true.major_axis**2)),
        true.orientation_deg,
    )


def measure_all(
    masks: Iterable[Mask],
    pixels: NDArray[np.generic] | None,
    region: Region,
    pixel_size: PixelSize | None = None,
) -> list[Measurement]:
    """Measure the crystals of one micrograph, in order."""
    return [measure(mask, pixels, region, pixel_size) for mask in masks]


def touches_edge(mask: Mask, region: Region) -> bool:
    """Say whether a crystal reaches the border of the analysed region, or beyond it."""
    box = mask.region
    return (
        box.row0 <= region.row0
        or box.col0 <= region.col0
        or box.row1 >= region.row1
        or box.col1 >= region.col1
    )


def _spacing(pixel_size: PixelSize | None) -> tuple[float, float]:
    """Give the sides of a pixel of the area 1."""
    if pixel_size is None:
        return 1.0, 1.0
    ratio = math.sqrt(pixel_size.row_um / pixel_size.col_um)
    return ratio, 1 / ratio


def mean_grey(mask: Mask, pixels: NDArray[np.generic]) -> float | None:
    """Average the finite recorded pixels of a crystal.

    Raises
    ------
    MaskError
        If the mask sticks out of the micrograph.
    """
    height, width = pixels.shape
    box = mask.region
    if box.row0 < 0 or box.col0 < 0 or box.row1 > height or box.col1 > width:
        raise MaskError(
            f"A crystal reaches to row {box.row1}, column {box.col1} but the micrograph has "
            f"{height} rows and {width} columns; the mask belongs to another micrograph."
        )
    inside = pixels[mask.slices][mask.pixels].astype(float)
    finite = inside[np.isfinite(inside)]
    return float(finite.mean()) if finite.size else None
