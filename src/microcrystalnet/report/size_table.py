"""One row of sizes and shapes per crystal, as written to CSV files."""

from collections.abc import Sequence
from dataclasses import astuple, fields

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import PixelSize
from microcrystalnet.imaging.measure import Measurement, Sizes, in_micrometres

# Centres are in full-image pixels, row 0 at the top.
PIXEL_COLUMNS = (
    "row",
    "col",
    *(field.name for field in fields(Measurement)),
    "too_small",
)
SIZE_COLUMNS = tuple(field.name for field in fields(Sizes))
COLUMNS = (*PIXEL_COLUMNS, *SIZE_COLUMNS)


def row(mask: Mask, measured: Measurement, pixel_size: PixelSize | None) -> Sequence[object]:
    """Give the cells of `COLUMNS`; micrometres stay empty where the scale is unknown."""
    unknown: tuple[object, ...] = (None,) * len(SIZE_COLUMNS)
    sizes = unknown if pixel_size is None else astuple(in_micrometres(mask, measured, pixel_size))
    return (*mask.centre, *astuple(measured), measured.too_small, *sizes)
