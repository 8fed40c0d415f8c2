"""An Excel workbook as small as one can be, for tests of the reader."""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_BOOK = f"""<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">
<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"""
_RELS = f"""<Relationships xmlns="{_PACKAGE}">
<Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>"""


def write_workbook(path: Path, *rows: tuple, before: str = "") -> Path:
    """Write one sheet; text is shared, numbers stand in their cells, None leaves a cell out."""
    words = list(dict.fromkeys(c for row in rows for c in row if isinstance(c, str)))
    body = "".join(_row(n, row, words) for n, row in enumerate(rows, 1))
    strings = "".join(f"<si><t>{escape(word)}</t></si>" for word in words)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", _BOOK)
        packed.writestr("xl/_rels/workbook.xml.rels", _RELS)
        packed.writestr("xl/sharedStrings.xml", f'{before}<sst xmlns="{_MAIN}">{strings}</sst>')
        sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'
        packed.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


def _row(number: int, row: tuple, words: list[str]) -> str:
    cells = (
        f'<c r="{chr(65 + at)}{number}" t="s"><v>{words.index(cell)}</v></c>'
        if isinstance(cell, str)
        else f'<c r="{chr(65 + at)}{number}"><v>{cell}</v></c>'
        for at, cell in enumerate(row)
        if cell is not None
    )
    return f'<row r="{number}">{"".join(cells)}</row>'
