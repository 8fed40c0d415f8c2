"""`mcn project import-labels`: labels from spreadsheets, and from the source team's folders."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli.console import report_to_stderr, write_json
from microcrystalnet.errors import LabelTableError
from microcrystalnet.spreadsheets.preview import Preview
from microcrystalnet.spreadsheets.sources import AUTO, ImportRequest

Project = Annotated[Path, typer.Argument(metavar="PROJECT", help="The project folder.")]
Table = Annotated[
    Path,
    typer.Argument(
        metavar="TABLE_OR_FOLDER",
        help="A CSV, TSV or Excel table, or a folder with <name>_<expert>.csv files.",
    ),
]
Expert = Annotated[
    str | None, typer.Option(help="Whose labels they are, where the table does not say it.")
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="ROLE=COLUMN",
        help="What a column holds: image, crystal, expert, label, note; or experts=A,B,C for "
        "a column of answers per expert. Guessed where not given.",
    ),
]
Words = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WORD=CLASS",
        help="What a word means: a class, unclear, not_crystal, or leave-out.",
    ),
]
Way = Annotated[
    str, typer.Option(help="How rows find crystals: auto, crop, label image, number or id.")
]
Blind = Annotated[
    bool | None,
    typer.Option(
        "--blind/--not-blind",
        help="Whether the experts answered without seeing each other's answers.",
    ),
]
Asker = Annotated[
    str,
    typer.Option("--as", help="Your own name, where it is not that of your account: who asks."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be imported.")]
TakeBack = Annotated[bool, typer.Option("--take-back", help="Take the labels of this import back.")]


def import_labels(
    project: Project,
    table: Table,
    *,
    expert: Expert = None,
    map_: Columns = None,
    value: Words = None,
    match: Way = AUTO,
    blind: Blind = None,
    dry_run: DryRun = False,
    take_back: TakeBack = False,
    as_: Asker = "",
) -> None:
    """Import labels of experts from a table or the source team's folders; safe to repeat.

    Writes as JSON what was read from where, what each word means, and which rows found no crystal.
    Of others' labels on what you label blind it does not tell which are new.
    """
    from microcrystalnet.spreadsheets import bring_in

    columns, values = _pairs(map_ or (), "--map"), _pairs(value or (), "--value")
    request = ImportRequest(table, expert, columns, values, blind, match, as_)
    with report_to_stderr() as report:
        if take_back:
            write_json({"taken_back": bring_in.take_back(project, request, report)})
            return
        if dry_run:
            found = bring_in.preview_import(project, request, report)
            write_json({"imported": None, **_as_json(found)})
            return
        done = bring_in.import_labels(project, request, report)
    write_json({"imported": done.counts(), **_as_json(done.preview)})


def _pairs(words: Sequence[str], option: str) -> dict[str, str]:
    """Read ``name=value``; the last ``=`` parts them, because a table's word may hold one."""
    pairs = {}
    for word in words:
        name, equals, said = word.rpartition("=")
        if not equals or not name.strip():
            raise LabelTableError(f"“{word}” is not understood; write {option} NAME=VALUE.")
        pairs[name.strip()] = said.strip()
    return pairs


def _as_json(preview: Preview) -> dict[str, object]:
    said = asdict(preview)
    for file, known in zip(said["files"], preview.files, strict=True):
        file["columns"] = {}
        for role, column in known.columns:
            file["columns"].setdefault(role, []).append(column)
    unmatched = preview.rows - preview.matched
    unknown = [each.text for each in preview.unknown]
    return {
        **said,
        "rows": preview.rows,
        "matched": preview.matched,
        "unmatched": unmatched,
        "unknown": unknown,
    }
