"""`mcn pipeline`: outline, classify, measure and draw many micrographs."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli.console import report_to_stderr, write_json
from microcrystalnet.cli.page_option import Page, all_at
from microcrystalnet.errors import SegmentationError
from microcrystalnet.imaging.preprocess import PRESETS, preset
from microcrystalnet.learning import model_folder
from microcrystalnet.micrographs.page_path import name_of
from microcrystalnet.pipeline import Order, refuse_same_names
from microcrystalnet.report.files import make_folder, write_atomically


def pipeline(  # noqa: PLR0917 - typer turns each argument into an option
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", show_default=False)],
    model: Annotated[Path, typer.Option(help="A model folder.")],
    out: Annotated[Path, typer.Option(help="The folder to write into.")],
    engine: Annotated[
        str, typer.Option(metavar="embedded|vit_b|FILE.pth", help="What outlines the crystals.")
    ] = "embedded",
    filters: Annotated[
        str, typer.Option("--filter", metavar="|".join(PRESETS), help="Filters before outlining.")
    ] = "none",
    smallest: Annotated[int, typer.Option(help="Smallest diameter in pixels.", min=1)] = 12,
    confidence: Annotated[float, typer.Option(min=0, max=1)] = 0.5,
    processes: Annotated[
        int | None, typer.Option(min=1, help="How many micrographs at once; half the cores.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="A dask.distributed scheduler, such as tcp://host:8786.")
    ] = None,
    page: Page = None,
) -> None:
    """Outline, classify, measure and draw each micrograph by itself.

    Writes <stem>_labels.tif, <stem>_crystals.csv and <stem>_overlay.jpg for each, and pipeline.json
    with engine, version and filters. A micrograph that fails does not stop the others.
    """
    from microcrystalnet import workers

    refuse_same_names(images := all_at(images, page))
    preset(filters)
    model_folder.load(model)
    make_folder(out)
    orders = [
        Order(each.resolve(), model.resolve(), out.resolve(), engine, filters, smallest, confidence)
        for each in images
    ]
    with report_to_stderr() as report:
        if scheduler:
            outcomes = workers.on_cluster(orders, scheduler, report)
        else:
            count = processes or max(1, (os.cpu_count() or 2) // 2)
            outcomes = workers.on_this_computer(orders, count, report)
    said = [asdict(each) for each in outcomes]
    write_atomically(out / "pipeline.json", json.dumps(said, indent=2).encode())
    write_json(said)
    failed = [each for each in outcomes if each.error]
    if failed:
        raise SegmentationError(
            f"{len(failed)} of {len(outcomes)} micrographs could not be analysed; the first is "
            f"{name_of(Path(failed[0].image))}: {failed[0].error}"
        )
