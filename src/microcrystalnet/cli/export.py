"""`mcn export`: what a project holds, for other programs."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from microcrystalnet.cli.account import Expert
from microcrystalnet.cli.console import remark, report_to_stderr, write_json
from microcrystalnet.cli.sitting import opened
from microcrystalnet.errors import ProjectError

if TYPE_CHECKING:
    from microcrystalnet.storage.project_store import ProjectStore


class Format(StrEnum):
    """What can be written; the names are those of `report.formats.WRITERS`."""

    CSV = "csv"
    XLSX = "xlsx"
    ANSWERS = "answers"
    LABELS = "labels"
    OME_TIFF = "ome-tiff"
    COCO = "coco"
    GEOJSON = "geojson"
    IMAGEJ = "imagej"
    CROPS = "crops"
    SOURCE_CSV = "source-csv"


def export(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A project folder.")],
    out: Annotated[Path, typer.Option(help="The folder to write into.")],
    format: Annotated[  # noqa: A002 - it is the option's name on the command line
        Format,
        typer.Option(
            help="csv, xlsx: a table of crystals. answers: every answer with its remarks. labels, "
            "ome-tiff: label images. coco, geojson (QuPath), imagej (RoiSet.zip): outlines. "
            "crops: a picture per crystal. source-csv: the source team's "
            "label files that were imported, with what was edited since."
        ),
    ] = Format.CSV,
    image: Annotated[
        str | None, typer.Option(help="Only the micrograph with this file name.")
    ] = None,
    *,
    expert: Expert,
) -> None:
    """Write the crystals of a project as tables, label images, outlines or pictures.

    What you must not see yet, because you label blind, is not written.
    """
    if format is Format.SOURCE_CSV:
        _write_back(project, out, expert)
        return
    from microcrystalnet.report.facts import wanted
    from microcrystalnet.report.formats import write_formats
    from microcrystalnet.report.plain_text import escaped_note
    from microcrystalnet.storage.project_store import ProjectStore

    with opened(ProjectStore.open(project, expert)) as store, report_to_stderr() as progress:
        only = None if image is None else _named(store, image)
        written = write_formats([format], store, out, progress, only)
        escaped = escaped_note(each.file_name for each in wanted(store, only).values())
    if escaped:
        remark(escaped)
    write_json({"files": [str(path) for path in written]})


def _named(store: "ProjectStore", image: str) -> list[str]:
    names = {key: each.file_name for key, each in store.state.micrographs.items()}
    found = [key for key, name in names.items() if name == image]
    if not found:
        raise ProjectError(
            f"The project has no micrograph {image}; it has {', '.join(names.values()) or 'none'}."
        )
    return found


def _write_back(project: Path, out: Path, expert: str) -> None:
    from microcrystalnet.report.files import require_results_folder
    from microcrystalnet.spreadsheets.export_source import write_back

    require_results_folder(out)
    with report_to_stderr() as progress:
        written, remarks = write_back(project, out, progress, expert=expert)
    write_json({"files": [str(path) for path in written], "remarks": remarks})
