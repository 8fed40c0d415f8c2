"""`mcn consensus`: what the experts of a project agreed on, crystal by crystal."""

from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli.console import write_json
from microcrystalnet.cli.project_crystals import count_states, crystals_of, open_project
from microcrystalnet.report import csv_file

COLUMNS = ("image", "file", "crystal", "state", "label", "votes")


def consensus(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A project folder.")],
    out: Annotated[Path, typer.Option(help="The CSV file to write.")],
) -> None:
    """Write the verdict on every crystal, and how many are in each state as JSON."""
    with open_project(project) as store:
        crystals = crystals_of(store)
    csv_file.write(
        out,
        COLUMNS,
        (
            (
                each.example.image_id,
                each.file_name,
                each.example.crystal_id,
                each.verdict.state.value,
                each.verdict.cls if each.verdict.settled else None,
                each.verdict.votes,
            )
            for each in crystals
        ),
    )
    write_json(count_states(crystals))
