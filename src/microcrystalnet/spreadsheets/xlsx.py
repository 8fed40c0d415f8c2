"""The first filled sheet of an Excel workbook (ECMA-376) as text; nothing is run."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

from microcrystalnet.errors import LabelTableError

_LARGEST_PART = 256 * 2**20  # bytes of one unpacked part
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MOST_COLUMNS = 1000

Line = tuple[int, tuple[str, ...]]  # line number, 1 first, and cells


def read_sheet(path: Path) -> list[Line]:
    """Read the cells of the first sheet that holds any, as they were last calculated.

    Raises
    ------
    LabelTableError
        If it is not a workbook, or damaged.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            shared = _shared_strings(packed)
            for part in _sheets(packed):
                if lines := list(_lines(_tree(packed, part), shared)):
                    return lines
    except (
        *(zipfile.BadZipFile, zlib.error, KeyError, ValueError, IndexError),
        *(ElementTree.ParseError, NotImplementedError, RuntimeError, EOFError, OSError),
    ) as problem:
        raise LabelTableError(
            f"{path.name} is not an Excel workbook that can be read; save it as CSV and choose "
            "that file."
        ) from problem
    return []


def _tree(packed: zipfile.ZipFile, part: str) -> ElementTree.Element:
    with packed.open(part) as file:
        content = file.read(_LARGEST_PART + 1)
    if len(content) > _LARGEST_PART or b"<!DOCTYPE" in content:
        raise ValueError("a part is too large, or defines its own entities")
    return ElementTree.fromstring(content)


def _shared_strings(packed: zipfile.ZipFile) -> Sequence[str]:
    if "xl/sharedStrings.xml" not in packed.namelist():
        return ()
    return [_text(each) for each in _tree(packed, "xl/sharedStrings.xml").iter(f"{_MAIN}si")]


def _sheets(packed: zipfile.ZipFile) -> list[str]:
    links = _tree(packed, "xl/_rels/workbook.xml.rels")
    targets = {each.attrib["Id"]: each.attrib["Target"] for each in links}
    sheets = _tree(packed, "xl/workbook.xml").iter(f"{_MAIN}sheet")
    return [_part(targets[each.attrib[_LINK]]) for each in sheets]


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _text(element: ElementTree.Element) -> str:
    """Join the runs of a string; what tells its pronunciation (rPh) is left out."""
    runs = [each for each in element if each.tag in {f"{_MAIN}t", f"{_MAIN}r"}]
    found = (run if run.tag == f"{_MAIN}t" else run.find(f"{_MAIN}t") for run in runs)
    return "".join(each.text or "" for each in found if each is not None)


def _lines(sheet: ElementTree.Element, shared: Sequence[str]) -> Iterator[Line]:
    number = 0
    for row in sheet.iter(f"{_MAIN}row"):
        number = int(row.attrib.get("r", number + 1))
        cells: dict[int, str] = {}
        for cell in row.iter(f"{_MAIN}c"):
            cells[_column(cell, len(cells))] = _value(cell, shared)
        if any(cells.values()):
            yield number, tuple(cells.get(at, "") for at in range(max(cells) + 1))


def _column(cell: ElementTree.Element, otherwise: int) -> int:
    letters = re.match("[A-Z]{1,3}", cell.attrib.get("r", ""))
    if letters is None:
        return otherwise
    column = 0
    for letter in letters[0]:
        column = column * 26 + ord(letter) - ord("A") + 1
    if column > _MOST_COLUMNS:
        raise ValueError("too many columns")
    return column - 1


def _value(cell: ElementTree.Element, shared: Sequence[str]) -> str:
    kind = cell.attrib.get("t", "n")
    if kind == "inlineStr":
        inline = cell.find(f"{_MAIN}is")
        return "" if inline is None else _text(inline)
    value = cell.findtext(f"{_MAIN}v") or ""
    if kind == "s" and value:
        return shared[int(value)]
    return value.removesuffix(".0") if kind == "n" else value
