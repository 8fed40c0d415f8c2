"""A spreadsheet file as rows of text, whatever program wrote it."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from microcrystalnet.errors import LabelTableError
from microcrystalnet.spreadsheets import csv_text, xlsx
from microcrystalnet.spreadsheets.csv_text import CsvText
from microcrystalnet.spreadsheets.encoding import Encoding, decode
from microcrystalnet.spreadsheets.limits import MOST_CELLS, OversizeError, listed, short

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx")
LARGEST_FILE = 32 * 2**20
MOST_ROWS = 1_000_000
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Row:
    """One filled row: its line, as a spreadsheet counts them from 1, and a cell per column."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header; every cell is text, empty rows are left out.

    ``digest`` is the first 20 hexadecimal digits of the SHA-256 of the file. ``encoding`` and
    ``delimiter`` are empty for a workbook; ``ragged`` are lines with more filled cells than the
    header has.
    """

    path: Path
    digest: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str = ""
    delimiter: str = ""
    ragged: tuple[int, ...] = ()

    def column(self, name: str) -> int:
        """Give the place of a column.

        Raises
        ------
        LabelTableError
            If there is none of this name.
        """
        if name not in self.columns:
            raise LabelTableError(
                f"{self.path.name} has no column “{short(name)}”; its columns are "
                f"{listed(map(short, self.columns))}."
            )
        return self.columns.index(name)

    def values(self, name: str) -> list[str]:
        """Give the cells of a column, stripped."""
        at = self.column(name)
        return [row.cells[at].strip() for row in self.rows]


def read_table(path: Path) -> Table:
    """Read a CSV, TSV, semicolon-separated or Excel file.

    Raises
    ------
    LabelTableError
        If it is missing, too large, or not a table with a header and at least one row.
    """
    content = read_bytes(path)
    digest = hashlib.sha256(content).hexdigest()[:20]
    if content.startswith(_ZIP):
        return _table(path, digest, xlsx.read_sheet(path))
    parsed, encoding = parse_csv(path, content)
    records = ((n, tuple(c.value for c in each)) for n, each in enumerate(parsed.records, 1))
    name = encoding.codec + ("-sig" if encoding.bom == b"\xef\xbb\xbf" else "")
    return _table(path, digest, records, name, parsed.delimiter)


def read_bytes(path: Path) -> bytes:
    """Read a file that is small enough to be a table.

    Raises
    ------
    LabelTableError
        If it is missing, unreadable, empty or larger than 32 MiB.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise LabelTableError(
                f"{path.name} is {size / 2**20:.0f} MB large; a table of labels has at most "
                f"{LARGEST_FILE // 2**20} MB. Choose another file, or split it."
            )
        content = path.read_bytes()
    except OSError as problem:
        raise LabelTableError(
            f"{path} cannot be read ({problem.strerror or problem}); check the file."
        ) from problem
    if not content.strip():
        raise LabelTableError(f"{path.name} is empty; choose a file that holds labels.")
    return content


def parse_csv(path: Path, content: bytes) -> tuple[CsvText, Encoding]:
    """Cut the bytes of a CSV file into cells.

    Raises
    ------
    LabelTableError
        If they are not text, or far larger than a table of labels.
    """
    if content.startswith(_OLD_EXCEL):
        raise LabelTableError(
            f"{path.name} is of an old Excel; save it there as .xlsx or CSV and choose that file."
        )
    try:
        text, encoding = decode(content)
        return csv_text.parse(text), encoding
    except OversizeError as problem:
        raise LabelTableError(f"{path.name} {problem}") from problem
    except LabelTableError as problem:
        raise LabelTableError(
            f"{path.name} is not a table that can be read; choose a CSV, TSV or Excel (.xlsx) file."
        ) from problem


def _table(
    path: Path,
    digest: str,
    records: Iterable[tuple[int, tuple[str, ...]]],
    encoding: str = "",
    delimiter: str = "",
) -> Table:
    filled = [(line, cells) for line, cells in records if any(cell.strip() for cell in cells)]
    if len(filled) < 2:
        raise LabelTableError(
            f"{path.name} has no row of labels; it needs a line with the names of its columns, "
            "and a line for each crystal."
        )
    if len(filled) > MOST_ROWS:
        raise LabelTableError(
            f"{path.name} has {len(filled):,} rows; at most {MOST_ROWS:,} are read. Split the file."
        )
    columns = tuple(_names(filled[0][1]))
    if len(columns) < 2:
        raise LabelTableError(
            f"{path.name} has one column only, “{short(columns[0])}”; a table of labels names a "
            "crystal and its class in separate columns."
        )
    if len(filled) * len(columns) > MOST_CELLS:  # short lines are filled up
        raise LabelTableError(f"{path.name} {OversizeError.cells()}")
    rows = tuple(Row(line, _padded(cells, len(columns))) for line, cells in filled[1:])
    ragged = tuple(line for line, cells in filled[1:] if any(cells[len(columns) :]))
    return Table(path, digest, columns, rows, encoding, delimiter, ragged)


def _names(header: Sequence[str]) -> Iterator[str]:
    """Name every column: those without a name, or with one that is taken, by their number."""
    taken: set[str] = set()
    for number, cell in enumerate(header, 1):
        name = cell.strip() or f"column {number}"
        unique = f"{name} ({number})" if name in taken else name
        taken.add(unique)
        yield unique


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells, *("",) * (width - len(cells)))[:width]
