"""`mcn report`: one HTML file that shows what is known of a project."""

from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli.account import Expert
from microcrystalnet.cli.console import report_to_stderr, write_json
from microcrystalnet.cli.sitting import opened


def report(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A project folder.")],
    out: Annotated[Path, typer.Option(help="The HTML file to write.")],
    expert: Expert,
) -> None:
    """Write figures, sizes, scales and the classifier's metrics into one HTML file.

    What you must not see yet, because you label blind, is not in it.
    """
    from microcrystalnet.report.html import write_report
    from microcrystalnet.storage.project_store import ProjectStore

    with opened(ProjectStore.open(project, expert)) as store, report_to_stderr() as progress:
        write_report(store, out, progress)
    write_json({"report": str(out), "bytes": out.stat().st_size})
