"""`mcn consensus`: what the experts of a project agreed on or decided, crystal by crystal."""

from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli.account import Expert
from microcrystalnet.cli.console import write_json
from microcrystalnet.cli.project_crystals import (
    ProjectCrystal,
    count_states,
    crystals_of,
    open_project,
)
from microcrystalnet.report import csv_file

COLUMNS = (
    "image",
    "file",
    "crystal",
    "state",
    "label",
    "votes",
    "outcome",
    "participants",
    "dissenters",
    "rationale",
    "history",
)


def consensus(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A project folder.")],
    out: Annotated[Path, typer.Option(help="The CSV file to write.")],
    *,
    expert: Expert,
) -> None:
    """Write the verdict on every crystal, and how many are in each state as JSON.

    ``outcome``, ``participants``, ``dissenters`` and ``rationale`` are those of the decision in
    force; ``history`` counts all that was ever said in adjudication. What you say of these crystals
    afterwards is not blind.
    """
    with open_project(project, expert) as store:
        crystals = crystals_of(store)
        store.reveal([each.example.crystal_id for each in crystals])
    csv_file.write(out, COLUMNS, map(_row, crystals))
    write_json(count_states(crystals))


def _row(each: ProjectCrystal) -> tuple[object, ...]:
    verdict = each.verdict
    decision = verdict.decision
    return (
        each.example.image_id,
        each.file_name,
        each.example.crystal_id,
        verdict.state.value,
        verdict.cls if verdict.settled else None,
        verdict.votes,
        decision and decision.ruling.outcome.value,
        decision and "; ".join(decision.participants),
        decision and "; ".join(decision.dissent),
        decision and decision.rationale,
        verdict.history,
    )
