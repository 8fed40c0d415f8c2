"""The first filled sheet of an Excel workbook (ECMA-376) as text; nothing is run."""

import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import ParseError

from microcrystalnet.errors import LabelTableError
from microcrystalnet.spreadsheets.limits import (
    LONGEST_CELL,
    MOST_CELLS,
    MOST_COLUMNS,
    OversizeError,
)
from microcrystalnet.spreadsheets.xlsx_parts import Parts

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MOST_ELEMENTS = 4 * MOST_CELLS  # a cell is two to four
_MOST_SHEETS = 255
_STRINGS = "xl/sharedStrings.xml"

Line = tuple[int, tuple[str, ...]]  # line number, 1 first, and cells


def read_sheet(path: Path) -> list[Line]:
    """Read the cells of the first sheet that holds any, as they were last calculated.

    Raises
    ------
    LabelTableError
        If it is not a workbook, damaged, or far larger than a table of labels.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            return _first_filled(Parts(packed))
    except OversizeError as problem:
        raise LabelTableError(f"{path.name} {problem}") from problem
    except (
        *(zipfile.BadZipFile, zlib.error, KeyError, ValueError, IndexError),
        *(ParseError, NotImplementedError, RuntimeError, EOFError, OSError),
    ) as problem:
        raise LabelTableError(
            f"{path.name} is not an Excel workbook that can be read; save it as CSV and choose "
            "that file."
        ) from problem


def _first_filled(parts: Parts) -> list[Line]:
    strings = _Strings()
    if _STRINGS in parts:
        parts.read(_STRINGS, strings)
    for part in _sheets(parts):
        sheet = _Sheet(strings.found)
        parts.read(part, sheet)
        if sheet.lines:
            return sheet.lines
    return []


def _sheets(parts: Parts) -> list[str]:
    links, book = _Book("Relationship"), _Book(f"{_MAIN}sheet")
    parts.read("xl/_rels/workbook.xml.rels", links)
    parts.read("xl/workbook.xml", book)
    targets = {each["Id"]: each["Target"] for each in links.found}
    return [_part(targets[each[_LINK]]) for each in book.found[:_MOST_SHEETS]]


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


class _Elements:
    """Counts elements, and refuses more than a table of labels has."""

    def __init__(self) -> None:
        self.elements = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > _MOST_ELEMENTS:
            raise OversizeError.cells()

    def end(self, tag: str) -> None:
        pass

    def data(self, text: str) -> None:
        pass

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise ValueError("a part defines its own entities")


class _Book(_Elements):
    """Finds the attributes of all elements of one name, whatever its namespace if none is given."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.found: list[dict[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        if self._name in (tag, tag.rpartition("}")[2]):
            self.found.append(attributes)


class _Texts(_Elements):
    """Joins the runs of a text; what tells its pronunciation (rPh) is left out."""

    def __init__(self) -> None:
        super().__init__()
        self._text: list[str] = []
        self._length, self._line = 0, 0
        self._reading = self._spoken = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        if tag == f"{_MAIN}rPh":
            self._spoken = True
        elif tag in {f"{_MAIN}t", f"{_MAIN}v"}:
            self._reading = not self._spoken

    def end(self, tag: str) -> None:
        if tag == f"{_MAIN}rPh":
            self._spoken = False
        elif tag in {f"{_MAIN}t", f"{_MAIN}v"}:
            self._reading = False

    def data(self, text: str) -> None:
        if self._reading:
            self._text.append(text)
            self._length += len(text)
            if self._length > LONGEST_CELL:
                raise OversizeError.cell(self._line)

    def _taken(self) -> str:
        text = "".join(self._text)
        self._text.clear()
        self._length = 0
        return text


class _Strings(_Texts):
    """The texts that the sheets share, by number."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def end(self, tag: str) -> None:
        super().end(tag)
        if tag == f"{_MAIN}si":
            self.found.append(self._taken())


class _Sheet(_Texts):
    """The filled lines of one sheet."""

    def __init__(self, shared: Sequence[str]) -> None:
        super().__init__()
        self._shared = shared
        self.lines: list[Line] = []
        self._row: dict[int, str] = {}
        self._kind, self._place = "n", ""
        self._next = self._cells = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        if tag == f"{_MAIN}row":
            self._line = int(attributes.get("r", self._line + 1))
            self._row, self._next = {}, 0
        elif tag == f"{_MAIN}c":
            self._kind, self._place = attributes.get("t", "n"), attributes.get("r", "")
            self._taken()
            self._count(1)

    def end(self, tag: str) -> None:
        super().end(tag)
        if tag == f"{_MAIN}c":
            column = _column(self._place, self._next)
            self._next = column + 1
            if value := self._value():
                if column >= MOST_COLUMNS:
                    raise OversizeError.columns()
                self._row[column] = value
        elif tag == f"{_MAIN}row" and self._row:
            width = max(self._row) + 1
            self._count(width - len(self._row))
            cells = tuple(self._row.get(at, "") for at in range(width))
            self.lines.append((self._line, cells))

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > MOST_CELLS:
            raise OversizeError.cells()

    def _value(self) -> str:
        text = self._taken()
        if self._kind == "s" and text:
            return self._shared[_whole(text)]
        return text.removesuffix(".0") if self._kind == "n" else text


def _whole(text: str) -> int:
    if not text.strip().isdecimal():
        raise ValueError(f"{text!r} is not the number of a text")
    return int(text)


def _column(place: str, otherwise: int) -> int:
    letters = re.match("[A-Z]{1,3}", place)
    if letters is None:
        return otherwise
    column = 0
    for letter in letters[0]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
