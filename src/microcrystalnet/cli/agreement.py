"""`mcn agreement`: how far several experts agree on the same crystals."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.blind_answers import answers_of
from microcrystalnet.cli.account import Expert
from microcrystalnet.cli.answer_table import read_answers
from microcrystalnet.cli.console import remark, write_json
from microcrystalnet.cli.project_crystals import open_project
from microcrystalnet.domain.scheme import FOUR_CLASSES, Scheme
from microcrystalnet.errors import AgreementError
from microcrystalnet.labelling.agreement import compare_experts
from microcrystalnet.labelling.answer_table import arrange
from microcrystalnet.labelling.answers import GivenAnswer
from microcrystalnet.report.answer_file import write_answers
from microcrystalnet.storage.scheme_records import read_scheme


def agreement(
    labels: Annotated[
        Path,
        typer.Argument(
            metavar="LABELS.csv|PROJECT",
            help="A table with columns image, crystal, expert and label, or a project folder.",
        ),
    ],
    answers: Annotated[
        Path | None,
        typer.Option("--labels", metavar="FILE.csv", help="Also write the labels that counted."),
    ] = None,
    classes: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.json",
            help="The classes of a table, with their other names, as a project writes them.",
        ),
    ] = None,
    *,
    expert: Expert,
) -> None:
    """Write how far the experts agree as JSON, with 95 % intervals from ten micrographs on.

    Of a project, blind labels count as they were before the answers were opened. Of a table, give
    such labels only, without third labels asked for to settle a dispute, or mark the others: rows
    with "no" in a column "blind" or "planned" are left out. A column "pass" above 0 marks silent
    repeats, "time" says when a label was given. An empty label is a missing answer; "unclear" and
    "not_crystal" are answers that differ from every class. A table may use any class names: those
    of the project, of --classes or of the four classes are told alike by code, name and alias.
    """
    given, scheme = _given(labels, classes, expert, shown=answers is not None)
    found = compare_experts(arrange(given, scheme))
    for sentence in found.remarks:
        remark(sentence)
    if answers is not None:
        write_answers(answers, given)
    write_json(asdict(found))


def _given(
    labels: Path, classes: Path | None, expert: str, *, shown: bool
) -> tuple[list[GivenAnswer], Scheme]:
    scheme = FOUR_CLASSES if classes is None else read_scheme(classes)
    if not labels.is_dir():
        return read_answers(labels), scheme
    with open_project(labels, expert) as store:
        given = list(answers_of(store).answers)
        if not given:
            raise AgreementError(
                f"No label in {labels} can be compared yet: let two experts label the same "
                "crystals without seeing each other's answers or predictions, and seal what they "
                "label blind."
            )
        if shown:  # what is said of these crystals from now on is not blind
            store.reveal({each.crystal for each in given})
        return given, scheme if classes else store.state.scheme
