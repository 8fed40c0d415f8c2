"""Writing tables as an Excel workbook in which text stays text."""

import io
import math
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from microcrystalnet.report.files import OutputError, make_folder, require_place, write_atomically
from microcrystalnet.report.plain_text import readable

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
    require_place(path)
    tables = {name: (columns, list(rows)) for name, (columns, rows) in sheets.items()}
    try:
        content = _packed(tables)  # openpyxl writes each sheet into the temporary folder first
    except _save_errors() as problem:
        raise OutputError(
            f"{path.name} cannot be put together: the temporary folder {tempfile.gettempdir()} "
            "takes no more; free space there."
        ) from problem
    make_folder(path.parent)
    write_atomically(path, content)


def _packed(sheets: Mapping[str, Table]) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for title, (columns, rows) in sheets.items():
        sheet = book.create_sheet(title[:_TITLE])
        sheet.freeze_panes = "A2"
        for row in (columns, *rows):
            sheet.append([_cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _save_errors() -> tuple[type[Exception], ...]:
    """Give what a full disk raises in openpyxl, which uses lxml where it is installed."""
    try:
        from lxml.etree import LxmlError  # type: ignore[import-untyped]  # it has no stubs
    except ImportError:
        return (OSError,)
    return OSError, LxmlError


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

    return readable(ILLEGAL_CHARACTERS_RE.sub("", text))
