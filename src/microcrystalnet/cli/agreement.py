"""`mcn agreement`: how far several experts agree on the same crystals."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli.console import write_json
from microcrystalnet.cli.crop_table import read_rows
from microcrystalnet.labelling.agreement import compare_experts
from microcrystalnet.labelling.answer_table import GivenAnswer, arrange

COLUMNS = ("image", "crystal", "expert", "label")


def agreement(
    labels: Annotated[
        Path,
        typer.Argument(metavar="LABELS.csv", help="Columns image, crystal, expert and label."),
    ],
) -> None:
    """Write how far the experts agree as JSON, with a 95 % interval from ten micrographs on.

    An empty label is a missing answer; "unclear" and "not_crystal" are answers that differ from
    every class. Give blind labels only, without third labels asked for to settle a dispute.
    """
    rows = read_rows(labels, *COLUMNS)
    answers = [GivenAnswer(*(row[column] for column in COLUMNS)) for row in rows]
    write_json(asdict(compare_experts(arrange(answers))))
