"""Writing tables as an Excel workbook in which text stays text."""

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from microcrystalnet.report.files import make_folder, write_atomically

Table = tuple[Sequence[str], Iterable[Iterable[object]]]
_TITLE = 31  # characters that Excel takes


def write(path: Path, sheets: Mapping[str, Table]) -> None:
    """Write sheets by title; each is a row of columns and the rows below it.

    Numbers are not rounded, text is never a formula, None and NaN become empty cells.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for title, (columns, rows) in sheets.items():
        sheet = book.create_sheet(title[:_TITLE])
        sheet.freeze_panes = "A2"
        for row in (columns, *rows):
            sheet.append([_cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    make_folder(path.parent)
    write_atomically(path, file.getvalue())


def _cell(sheet: object, value: object) -> object:
    from openpyxl.cell import WriteOnlyCell

    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    cell = WriteOnlyCell(sheet, _printable(str(value)))
    cell.data_type = "s"  # never a formula, whatever it begins with
    return cell


def _printable(text: str) -> str:
    """Leave out the control characters that a workbook cannot hold."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return str(ILLEGAL_CHARACTERS_RE.sub("", text)).encode("utf-8", "replace").decode()
