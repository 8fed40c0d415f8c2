"""`mcn segment` and `mcn prompt`: crystals outlined at once, or one by one where prompts point."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from microcrystalnet.cli import prompt_table
from microcrystalnet.cli.console import report_to_stderr
from microcrystalnet.cli.page_option import Page, all_at, at
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.outlining import Outlining
from microcrystalnet.domain.prompt import Prompt
from microcrystalnet.errors import SegmentationError
from microcrystalnet.imaging.contrast import to_uint8
from microcrystalnet.imaging.preprocess import PRESETS, Recipe, preprocess, preset
from microcrystalnet.made_with import made_with
from microcrystalnet.micrographs import reader
from microcrystalnet.micrographs.page_path import name_of, stem_of
from microcrystalnet.pipeline import refuse_same_names
from microcrystalnet.progress import Report
from microcrystalnet.segmentation.choose import EMBEDDED, open_segmenter
from microcrystalnet.segmentation.embedding_cache import EmbeddingCache, embeddings_folder
from microcrystalnet.segmentation.segmenter import EverythingSettings, Segmenter

Engine = Annotated[
    str, typer.Option(metavar="embedded|vit_b|FILE.pth", help="What outlines the crystals.")
]
Images = Annotated[list[Path], typer.Argument(metavar="IMAGE...", show_default=False)]


def segment(  # noqa: PLR0917 - typer turns each argument into an option
    images: Images,
    out: Annotated[Path, typer.Option(help="The folder to write into.")],
    engine: Engine = EMBEDDED,
    smallest: Annotated[int, typer.Option(help="Smallest diameter in pixels.", min=1)] = 12,
    largest: Annotated[int | None, typer.Option(help="Largest diameter in pixels.")] = None,
    confidence: Annotated[float, typer.Option(min=0, max=1)] = 0.5,
    filters: Annotated[
        str,
        typer.Option(
            "--filter", metavar="|".join(PRESETS), help="Filters against noise before outlining."
        ),
    ] = "none",
    page: Page = None,
) -> None:
    """Outline every crystal of micrographs: <stem>_labels.tif and <stem>_crystals.csv.

    <stem>_outlined.json says with which engine, version, filters and settings.
    """
    images = all_at(images, page)
    refuse_same_names(images)
    recipe = preset(filters)
    segmenter = open_segmenter(engine, EmbeddingCache(embeddings_folder()))
    for image in images:
        region = reader.examine(image).region
        settings = EverythingSettings(smallest, largest, region, confidence)
        with report_to_stderr() as report:
            pixels = _filtered(image, recipe, report)
            embedding = segmenter.prepare(pixels, report)
            masks = segmenter.everything(embedding, settings, report)
        _write(image, masks, (pixels.shape[0], pixels.shape[1]), out)
        _write_made(image, made_with(engine, recipe), settings, out)
        typer.echo(f"{name_of(image)}: {_counted(len(masks))}", err=True)


def prompt(
    image: Annotated[Path, typer.Argument(metavar="IMAGE")],
    prompts: Annotated[Path, typer.Argument(metavar="PROMPTS.csv")],
    out: Annotated[Path, typer.Option(help="The TIFF to write, one page per object.")],
    engine: Engine = EMBEDDED,
    page: Page = None,
) -> None:
    """Outline one crystal per object of a table of clicks and boxes.

    PROMPTS.csv has the columns object, kind (point or box), row, col, positive, row1, col1. The
    best mask of each object becomes a page (0 or 255), in order of first appearance.
    """
    asked = prompt_table.read(prompts)
    segmenter = open_segmenter(engine, EmbeddingCache(embeddings_folder()))
    pixels = to_uint8(reader.read_pixels(at(image, page)))
    with report_to_stderr() as report:
        embedding = segmenter.prepare(pixels, report)
        answers = _answer(segmenter, embedding, asked)
    _write_pages(out, answers, (pixels.shape[0], pixels.shape[1]))


def _filtered(image: Path, recipe: Recipe, report: Report) -> NDArray[np.uint8]:
    """Give the stretched micrograph as the workbench outlines it."""
    from microcrystalnet.segmentation.blind_spot import denoise

    pixels = to_uint8(reader.read_pixels(image))
    return preprocess(pixels, recipe, blind_spot=denoise, report=report).pixels.astype(np.uint8)


def _counted(count: int) -> str:
    if count == 0:
        return "no crystal was found; try a smaller --smallest or a lower --confidence"
    return "1 crystal" if count == 1 else f"{count} crystals"


def _write(image: Path, masks: Sequence[Mask], shape: tuple[int, int], out: Path) -> None:
    from microcrystalnet.imaging.instances import to_labels
    from microcrystalnet.imaging.measure import measure_all
    from microcrystalnet.imaging.occlusion import occluded
    from microcrystalnet.report import csv_file, size_table
    from microcrystalnet.report.files import make_folder, write_atomically
    from microcrystalnet.report.label_tiff import label_tiff

    known = reader.examine(image)
    # Large crystals first, so that a small one in front of a large one keeps its pixels.
    ordered = sorted(masks, key=lambda mask: -mask.area)
    make_folder(out)
    labels = label_tiff(to_labels(ordered, shape), known.pixel_size)
    write_atomically(out / f"{stem_of(image)}_labels.tif", labels)
    measured = measure_all(ordered, reader.read_pixels(image), known.region, known.pixel_size)
    cells = size_table.label_rows(ordered, measured, known.pixel_size, occluded(ordered))
    rows = ((number, *each) for number, each in enumerate(cells, 1))
    csv_file.write(
        out / f"{stem_of(image)}_crystals.csv", ("label", *size_table.LABEL_COLUMNS), rows
    )


def _write_made(image: Path, made: Outlining, settings: EverythingSettings, out: Path) -> None:
    """Write with what the crystals of a micrograph were outlined."""
    import json

    from microcrystalnet.report.files import write_atomically
    from microcrystalnet.report.plain_text import readable
    from microcrystalnet.storage.outlining_records import outlining_to_json

    told = {
        "image": readable(name_of(image)),
        **outlining_to_json(made),
        "smallest_px": settings.smallest_px,
        "largest_px": settings.largest_px,
        "confidence": settings.confidence,
    }
    path = out / f"{stem_of(image)}_outlined.json"
    write_atomically(path, json.dumps(told, indent=2, allow_nan=False).encode())


def _answer(
    segmenter: Segmenter[Any], embedding: Any, asked: Sequence[tuple[str, Prompt]]
) -> list[Mask | None]:
    """Give the best mask of each object; None, and a message, where nothing was found."""
    try:
        found = segmenter.propose_many(embedding, [each for _, each in asked])
    except SegmentationError:
        return [_answer_one(segmenter, embedding, *each) for each in asked]
    return [proposals.masks[0] for proposals in found]


def _answer_one(segmenter: Segmenter[Any], embedding: Any, name: str, asked: Prompt) -> Mask | None:
    try:
        mask: Mask = segmenter.propose(embedding, asked).masks[0]
    except SegmentationError as refusal:
        typer.echo(f"object {name}: {refusal} Its page is empty.", err=True)
        return None
    return mask


def _write_pages(path: Path, masks: Sequence[Mask | None], shape: tuple[int, int]) -> None:
    def pages() -> Iterator[NDArray[np.uint8]]:
        for mask in masks:
            page = np.zeros(shape, np.uint8)
            if mask is not None:
                page[mask.slices][mask.pixels] = 255
            yield page

    _write_tiff(path, pages(), shape=(len(masks), *shape), dtype=np.uint8)


def _write_tiff(path: Path, pixels: Any, **layout: Any) -> None:
    """Write a compressed TIFF; ``pixels`` is an array, or pages of a given ``shape``."""
    from tifffile import imwrite

    from microcrystalnet.report.files import OutputError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        imwrite(path, pixels, photometric="minisblack", compression="zlib", **layout)
    except OSError as problem:
        raise OutputError(
            f"{path} could not be written ({problem.strerror or problem}); choose another place."
        ) from problem
