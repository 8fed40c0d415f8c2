"""CSV text cut into cells that remember where they stand, so that an edit touches nothing else."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from microcrystalnet.report.csv_file import is_dangerous
from microcrystalnet.spreadsheets.limits import MOST_CELLS, MOST_COLUMNS, OversizeError, check_cells

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE, _LOOKED_AT = 50, 10_000  # filled records, and records, that tell the delimiter


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its value, and the half-open range of characters that spells it."""

    value: str
    start: int
    end: int


Place = tuple[int, int]  # record and column, 0 first


@dataclass(frozen=True, slots=True)
class CsvText:
    """A CSV file as text and cells; records are counted from 0 and include empty lines."""

    text: str
    delimiter: str
    records: tuple[tuple[Cell, ...], ...]

    def edited(self, changes: Mapping[Place, str]) -> str:
        """Give the text with some cells replaced; every other character stays.

        Only a quote that is never closed is closed, because it would pair with a new one.
        """
        spelled = {place: self._spelled(place, text) for place, text in changes.items()}
        if any('"' in text for text in spelled.values()):
            spelled = {place: _quoted(self._cell(place).value) for place in self._open()} | spelled
        parts, at = [], 0
        for place in sorted(spelled):
            cell = self._cell(place)
            parts += [self.text[at : cell.start], spelled[place]]
            at = cell.end
        return "".join([*parts, self.text[at:]])

    def _cell(self, place: Place) -> Cell:
        return self.records[place[0]][place[1]]

    def _open(self) -> Iterator[Place]:
        """Find the cells that begin with a quote which is never closed."""
        for record, cells in enumerate(self.records):
            for column, cell in enumerate(cells):
                raw = self.text[cell.start : cell.end]
                if raw.startswith('"') and raw == cell.value:
                    yield record, column

    def _spelled(self, place: Place, value: str) -> str:
        cell, alone = self._cell(place), len(self.records[place[0]]) == 1
        safe = f"'{value}" if is_dangerous(value) else value
        quoted = self.text[cell.start : cell.end].startswith('"') or (alone and not value)
        if quoted or any(each in safe for each in (self.delimiter, '"', "\r", "\n")):
            return _quoted(safe)
        return safe


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def parse(text: str, delimiter: str | None = None) -> CsvText:
    """Cut text into cells (RFC 4180; a quote that is never closed is an ordinary character).

    Parameters
    ----------
    delimiter
        What stands between cells; guessed from the first records if None.

    Raises
    ------
    OversizeError
        If a line has too many cells, a cell too many characters, or there are too many cells.
    """
    between = delimiter or guess_delimiter(text)
    return CsvText(text, between, tuple(_bounded(_records(text, between))))


def _bounded(records: Iterable[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    cells = 0
    for line, record in enumerate(records, 1):
        check_cells([cell.value for cell in record], line)
        cells += len(record)
        if cells > MOST_CELLS:
            raise OversizeError.cells()
        yield record


def guess_delimiter(text: str) -> str:
    """Give the delimiter that cuts the first records into most cells, evenly; else a comma."""
    return max(DELIMITERS, key=lambda each: _evenness(text, each))


def _evenness(text: str, delimiter: str) -> float:
    first = islice(_records(text, delimiter), _LOOKED_AT)
    filled = (each for each in first if any(cell.value for cell in each))
    widths = [len(each) for each in islice(filled, _SAMPLE)]
    if not widths or widths[0] == 1:
        return 0.0
    return widths[0] * widths.count(widths[0]) / len(widths)


def _records(text: str, delimiter: str) -> Iterator[tuple[Cell, ...]]:
    between = re.escape(delimiter)
    # Possessive: a quote that is never closed must not cost more than one look.
    field = re.compile(
        rf'(?:"(?P<quoted>(?:[^"]++|"")*+)"(?P<rest>[^{between}\r\n]*+)|(?P<plain>[^{between}\r\n]*+))'
        rf"(?P<end>{between}|\r\n|\r|\n|\Z)"
    )
    record: list[Cell] = []
    at = 0
    while at < len(text) or record:
        match = field.match(text, at)
        assert match is not None  # the plain alternative matches anything
        record.append(_cell(match))
        if len(record) > MOST_COLUMNS:
            raise OversizeError.columns()
        at = match.end()
        if match["end"] != delimiter:
            yield tuple(record)
            record = []


def _cell(match: re.Match[str]) -> Cell:
    value = match["plain"]
    if value is None:
        value = match["quoted"].replace('""', '"') + match["rest"]
    return Cell(value, match.start(), match.start("end"))
