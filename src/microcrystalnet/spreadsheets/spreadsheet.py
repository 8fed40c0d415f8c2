"""Any table of answers, one row a crystal or one row an answer, as statements."""

from collections.abc import Iterator, Mapping

from microcrystalnet.errors import LabelTableError
from microcrystalnet.spreadsheets.columns import ColumnMap, expert_name
from microcrystalnet.spreadsheets.source_team import (
    double_remarks,
    number,
    ragged_remarks,
    without_doubles,
)
from microcrystalnet.spreadsheets.statements import SPREADSHEET, Source, Statement
from microcrystalnet.spreadsheets.table import Row, Table


def read_spreadsheet(table: Table, columns: ColumnMap, expert: str | None = None) -> Source:
    """Read the answers of a table whose columns are known.

    Parameters
    ----------
    expert
        Who gave the answers, where no column says it.

    Raises
    ------
    LabelTableError
        If nobody says whose answers they are.
    """
    if not columns.experts and columns.expert is None and not (expert or "").strip():
        raise LabelTableError(
            f"{table.path.name} does not say whose labels it holds; give the expert's name, or the "
            "column that holds it (expert=…)."
        )
    places = {name: at for at, name in enumerate(table.columns)}
    said = [
        each
        for row in table.rows
        for each in _statements(table.path.stem, places, columns, row, expert)
    ]
    kept, twice = without_doubles([each for each in said if each.text])
    _require_experts(table, kept)
    return Source(
        table.path,
        table.digest,
        SPREADSHEET,
        table.path.resolve().parent.name,
        tuple(kept),
        columns.named(),
        (*double_remarks(table.path.name, twice), *ragged_remarks(table)),
        table.encoding,
        table.delimiter,
        sum(not each.text for each in said),
    )


def _statements(
    image: str, places: Mapping[str, int], columns: ColumnMap, row: Row, expert: str | None
) -> Iterator[Statement]:
    def cell(name: str | None) -> str:
        return "" if name is None else row.cells[places[name]].strip()

    for column in columns.answer_columns:
        who = expert_name(column) if columns.experts else cell(columns.expert) or (expert or "")
        yield Statement(
            row.line,
            column,
            cell(columns.image) if columns.image else image,
            number(cell(columns.crystal)).removeprefix("'"),
            who.strip(),
            cell(column),
            cell(columns.note),
        )


def _require_experts(table: Table, said: list[Statement]) -> None:
    nobody = [str(each.line) for each in said if not each.expert]
    if nobody:
        raise LabelTableError(
            f"{table.path.name} has answers of nobody (line {', '.join(nobody[:10])}); fill the "
            "expert's name in, or give one for the whole table."
        )
