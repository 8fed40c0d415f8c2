"""`mcn info` and `mcn measure`: what is known of a micrograph, and sizes from a label image."""

import math
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from microcrystalnet.cli.console import remark, write_json
from microcrystalnet.cli.page_option import Page, at, at_where_several
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph, PixelSize, Region
from microcrystalnet.errors import MaskError, MicroCrystalError, UnreadableFileError
from microcrystalnet.micrographs import reader
from microcrystalnet.micrographs.known import doubt_words
from microcrystalnet.micrographs.page_path import name_of


def info(
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", show_default=False)],
    page: Page = None,
) -> None:
    """Say what is known of micrographs, as JSON: size, scale and where it came from.

    Of files that hold several pictures every page is listed, and one of them described: the first,
    or that of --page. Files that cannot be read are named, and the others described.
    """
    entries: list[dict[str, object]] = []
    refusals: list[str] = []
    for path in images:
        try:
            entries.append(_described(path, page))
        except MicroCrystalError as refusal:
            refusals.append(str(refusal))
    write_json(entries)
    if refusals:
        raise UnreadableFileError("\n".join(refusals))


def measure(
    labels: Annotated[
        Path, typer.Argument(metavar="LABELS.tif", help="A label image: one number per crystal.")
    ],
    out: Annotated[Path, typer.Option(help="The CSV file to write.")],
    pixel_size: Annotated[
        float | None, typer.Option(help="Side of a pixel in nanometres.", min=0.0)
    ] = None,
    image: Annotated[
        Path | None, typer.Option(help="The micrograph itself, for grey levels and its scale.")
    ] = None,
    page: Page = None,
) -> None:
    """Measure every crystal of a label image and write one CSV row for each.

    In an image of one number beside 0 every part that is not joined to the others is a crystal.
    With --image only what lies inside its analysis region is measured: never the data bar.
    --page names the picture of whichever holds several, label image, micrograph or both.
    Its column occluded stays empty: a pixel of a label image has one crystal, so it cannot show
    which crystal lies under another. The tables of a project and of mcn segment know.
    """
    from microcrystalnet.imaging.instances import from_labels, label_values
    from microcrystalnet.imaging.measure import measure_all
    from microcrystalnet.micrographs.label_image import as_labels
    from microcrystalnet.report import csv_file, size_table

    labels, *images = at_where_several([labels] if image is None else [labels, image], page)
    image = images[0] if images else None
    values = as_labels(reader.read_pixels(labels), labels.name)
    micrograph = reader.examine(image) if image else reader.describe(labels)
    if pixel_size is None and (doubt := doubt_words(micrograph)):
        remark(doubt)
    if pixel_size is not None and not 0 < pixel_size < math.inf:
        raise MaskError(f"A pixel of {pixel_size:g} nm cannot be; give a length above 0.")
    size = PixelSize.square(pixel_size) if pixel_size is not None else micrograph.pixel_size
    numbers, masks = _inside(label_values(values), from_labels(values), micrograph.region)
    measured = measure_all(masks, _recorded(image, values), micrograph.region, size)
    csv_file.write(
        out,
        ("label", *size_table.LABEL_COLUMNS),
        (
            (number, *cells)
            for number, cells in zip(
                numbers, size_table.label_rows(masks, measured, size, None), strict=True
            )
        ),
    )


def _inside(numbers: list[int], masks: list[Mask], region: Region) -> tuple[list[int], list[Mask]]:
    """Give the parts of crystals inside the analysis region, and say what is left out."""
    kept: dict[int, Mask] = {}
    for number, mask in zip(numbers, masks, strict=True):
        with suppress(MaskError):  # it has no pixel there
            kept[number] = mask.within(region)
    if len(kept) < len(masks):
        left_out = len(masks) - len(kept)
        remark(f"{left_out} of {len(masks)} crystals lie outside the analysed region.")
    return list(kept), list(kept.values())


def _described(path: Path, page: int | None) -> dict[str, object]:
    """Give one entry of `mcn info` (DESIGN.md 7)."""
    pages = reader.pages(path)
    pictures = [each.number for each in pages if not each.thumbnail]
    first = pictures[0] if len(pictures) > 1 else None
    known = reader.examine(at(path, page or first))
    return {
        "path": str(path),
        "image_id": known.image_id,
        "width": known.width,
        "height": known.height,
        "dtype": known.dtype,
        "vendor": known.vendor,
        "pixel_size_nm": known.pixel_size.nm if known.pixel_size else None,
        "scale_source": known.scale_source.value,
        "scale_note": known.scale_note,
        "hv_kv": known.hv_kv,
        "wd_mm": known.wd_mm,
        "magnification": known.acquisition.magnification,
        "acquired": known.acquisition.acquired,
        "instrument": known.acquisition.instrument,
        "detector": known.acquisition.detector,
        "tilt_degrees": known.acquisition.tilt_degrees,
        "tilt_corrected_by_instrument": known.acquisition.tilt_allowed,
        "scale_uncertainty": known.scale_uncertainty,
        "origins": dict(known.origins),
        "analysis_region": _corners(known),
        "page": known.page or 1,
        "pages": [asdict(each) for each in pages],
    }


def _corners(known: Micrograph) -> list[int]:
    region = known.region
    return [region.row0, region.col0, region.row1, region.col1]


def _recorded(image: Path | None, labels: NDArray[np.generic]) -> NDArray[np.generic] | None:
    """Read the micrograph, if one is given.

    Raises
    ------
    MaskError
        If it is not as large as the label image.
    """
    if image is None:
        return None
    pixels = reader.read_pixels(image)
    if pixels.shape != labels.shape:
        raise MaskError(
            f"{name_of(image)} has {pixels.shape[1]} x {pixels.shape[0]} pixels but the label "
            f"image {labels.shape[1]} x {labels.shape[0]}; give the micrograph the labels were "
            "drawn on."
        )
    return pixels
