"""`mcn project send` and `mcn project bring-in`: labels between computers without a server."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli.account import Expert
from microcrystalnet.cli.console import report_to_stderr, write_json
from microcrystalnet.cli.project import Project
from microcrystalnet.cli.sitting import opened
from microcrystalnet.storage import exchange
from microcrystalnet.storage.project_store import ProjectStore


def send(
    project: Project,
    target: Annotated[Path, typer.Argument(help="A name that ends in .zip, or a folder.")],
    expert: Expert,
) -> None:
    """Write everything you did in a project, and nothing of the others, for them to bring in."""
    with opened(ProjectStore.open(project, expert)) as store, report_to_stderr() as report:
        store.flush()
        sent = exchange.send(project, store.mirror, store.actor, target, report)
    write_json({**asdict(sent), "target": str(sent.target)})


def bring_in(
    project: Project,
    other: Annotated[Path, typer.Argument(help="What others sent: a zip, or a folder of them.")],
) -> None:
    """Bring in what other experts sent; nothing is overwritten, and twice is as good as once."""
    with report_to_stderr() as report:
        write_json(asdict(exchange.bring(project, other, report)))
