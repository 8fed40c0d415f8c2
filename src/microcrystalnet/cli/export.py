"""`mcn export`: what a project holds, for other programs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli.console import report_to_stderr, write_json


class Format(StrEnum):
    """What can be written."""

    LABELS = "labels"
    CSV = "csv"
    SOURCE_CSV = "source-csv"


def export(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A project folder.")],
    out: Annotated[Path, typer.Option(help="The folder to write into.")],
    format: Annotated[  # noqa: A002 - it is the option's name on the command line
        Format,
        typer.Option(
            help="labels: one label TIFF per micrograph. csv: one table. source-csv: the source "
            "team's label files that were imported, with what was edited since."
        ),
    ] = Format.CSV,
) -> None:
    """Write the crystals of a project as label images or as a table."""
    if format is Format.SOURCE_CSV:
        _write_back(project, out)
        return
    from microcrystalnet.report.export import export_csv, export_labels
    from microcrystalnet.storage.project_store import ProjectStore

    write = export_labels if format is Format.LABELS else export_csv
    store = ProjectStore.open(project, "export")
    try:
        with report_to_stderr() as progress:
            written = write(store, out, progress)
    finally:
        store.close()
    write_json({"files": [str(path) for path in written]})


def _write_back(project: Path, out: Path) -> None:
    from microcrystalnet.spreadsheets.export_source import write_back

    with report_to_stderr() as progress:
        written, remarks = write_back(project, out, progress)
    write_json({"files": [str(path) for path in written], "remarks": remarks})
