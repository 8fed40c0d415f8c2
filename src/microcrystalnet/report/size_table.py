"""One row of sizes and shapes per crystal, as written to CSV files."""

from collections.abc import Iterable, Iterator, Sequence
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
LABEL_COLUMNS = (*COLUMNS, "occluded")


def row(mask: Mask, measured: Measurement, pixel_size: PixelSize | None) -> Sequence[object]:
    """Give the cells of `COLUMNS`; micrometres stay empty where the scale is unknown."""
    unknown: tuple[object, ...] = (None,) * len(SIZE_COLUMNS)
    sizes = unknown if pixel_size is None else astuple(in_micrometres(mask, measured, pixel_size))
    return (*mask.centre, *astuple(measured), measured.too_small, *sizes)


def label_rows(
    masks: Sequence[Mask],
    measured: Iterable[Measurement],
    pixel_size: PixelSize | None,
    hidden: Sequence[bool] | None,
) -> Iterator[tuple[object, ...]]:
    """Give the cells of `LABEL_COLUMNS` for each crystal of a label image.

    ``hidden`` tells which lie partly under others; None where nobody knows, as in a label image,
    in which every pixel has one crystal: the cells stay empty.
    """
    known = [None] * len(masks) if hidden is None else hidden
    for mask, each, under in zip(masks, measured, known, strict=True):
        yield (*row(mask, each, pixel_size), under)
