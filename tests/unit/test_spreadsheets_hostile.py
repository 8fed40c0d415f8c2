"""Tables far larger than any table of labels: one sentence, and no memory lost to them."""

import zipfile

import pytest
from workbook import write_workbook

from microcrystalnet.errors import LabelTableError
from microcrystalnet.spreadsheets import csv_text, table, xlsx, xlsx_parts
from microcrystalnet.spreadsheets.limits import LONGEST_CELL
from microcrystalnet.spreadsheets.preview import unknown_words
from microcrystalnet.spreadsheets.table import read_table
from microcrystalnet.spreadsheets.vocabulary import ValueUse

SHEET = "xl/worksheets/sheet1.xml"
TOO_MANY = "has more than 3,000,000 cells; delete the columns"


@pytest.fixture
def few_cells(monkeypatch):
    """Let forty cells be too many."""
    [monkeypatch.setattr(each, "MOST_CELLS", 40) for each in (csv_text, table, xlsx)]


def refused(path):
    with pytest.raises(LabelTableError) as refusal:
        read_table(path)
    return str(refusal.value)


def csv(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    return path


def workbook(tmp_path, body, **packing):
    """Write a workbook whose only sheet holds these rows."""
    path = write_workbook(tmp_path / "a.xlsx", ("a", "b"))
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheet = parts[SHEET]
    parts[SHEET] = sheet[: sheet.index(b"<row")] + body.encode() + b"</sheetData></worksheet>"
    with zipfile.ZipFile(path, "w", **packing) as packed:
        [packed.writestr(name, content) for name, content in parts.items()]
    return path


def test_a_table_of_too_many_cells_is_refused(tmp_path, few_cells):
    assert TOO_MANY in refused(csv(tmp_path, "a,b\n" + "1,2\n" * 20))


def test_blank_lines_are_cells_too(tmp_path, few_cells):
    assert TOO_MANY in refused(csv(tmp_path, "a,b\n1,2\n" + "\n" * 40))


def test_short_lines_under_a_wide_header_are_not_filled_up_without_end(tmp_path, few_cells):
    assert TOO_MANY in refused(csv(tmp_path, ",".join("abcdefghij") + "\n1\n2\n3\n4\n"))


def test_a_cell_without_end_is_refused_with_its_line(tmp_path):
    said = refused(csv(tmp_path, 'a,b\n1,"' + "x,y\n" * LONGEST_CELL + '"\n'))
    assert "a.csv has a cell of more than 32,767 characters in line 2" in said


def test_a_line_without_end_is_refused(tmp_path):
    assert "more than 1,000 cells" in refused(csv(tmp_path, "a" + "," * 1000 + "\n1,2\n"))


def test_a_workbook_of_too_many_cells_is_refused(tmp_path, few_cells):
    body = "<row><c><v>1</v></c><c><v>2</v></c></row>" * 21
    assert TOO_MANY in refused(workbook(tmp_path, body))


def test_empty_cells_of_a_workbook_are_cells_too(tmp_path, few_cells):
    assert TOO_MANY in refused(workbook(tmp_path, f"<row>{'<c/>' * 41}</row>"))


def test_cells_far_to_the_right_are_not_filled_up_without_end(tmp_path, few_cells):
    assert TOO_MANY in refused(workbook(tmp_path, '<row><c r="ZZ1"><v>1</v></c></row>'))


def test_a_cell_beyond_the_last_column_is_refused(tmp_path):
    body = '<row><c r="XFD1"><v>1</v></c></row>'
    assert "more than 1,000 cells" in refused(workbook(tmp_path, body))


def test_an_empty_cell_beyond_the_last_column_does_no_harm(tmp_path):
    cells = '<c r="A{0}"><v>1</v></c><c r="B{0}"><v>2</v></c><c r="XFD{0}" s="1"/>'
    rows = [f'<row r="{n}">{cells.format(n)}</row>' for n in (1, 1_048_576)]
    found = read_table(workbook(tmp_path, "".join(rows)))
    assert [(row.line, row.cells) for row in found.rows] == [(1_048_576, ("1", "2"))]


def test_a_workbook_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_parts, "_LARGEST", 2**21)
    body = "<row><c><v>1</v></c></row>" * 2**17
    packing = {"compression": zipfile.ZIP_DEFLATED}
    assert "unpacks to more than 2 MB" in refused(workbook(tmp_path, body, **packing))


def test_a_comment_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_parts, "_PIECE", 2**10)
    said = refused(workbook(tmp_path, f"<!--{'x' * 2**14}-->"))
    assert "has a part with more than 4 MB in one cell" in said


def test_a_text_of_a_workbook_without_end_is_refused(tmp_path):
    body = f'<row><c t="str"><v>{"x" * (LONGEST_CELL + 1)}</v></c></row>'
    assert "more than 32,767 characters in line 1" in refused(workbook(tmp_path, body))


def test_entities_are_refused_however_the_part_is_written(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", ("a", "b"), (1, 2))
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    parts[SHEET] = ("<!DOCTYPE x>" + parts[SHEET].decode()).encode("utf-16")
    with zipfile.ZipFile(path, "w") as packed:
        [packed.writestr(name, content) for name, content in parts.items()]
    assert "not an Excel workbook that can be read" in refused(path)


def test_a_workbook_packed_in_another_way_is_refused(tmp_path):
    said = refused(workbook(tmp_path, "<row/>", compression=zipfile.ZIP_LZMA))
    assert "not an Excel workbook that can be read" in said


def test_the_number_of_a_text_counts_from_the_first(tmp_path):
    said = refused(workbook(tmp_path, '<row><c t="s"><v>-1</v></c></row>'))
    assert "not an Excel workbook that can be read" in said


def test_of_many_long_names_a_sentence_lists_the_first_ones(tmp_path):
    names = [f"{'x' * 1000}{number}" for number in range(1000)]
    found = read_table(csv(tmp_path, f"{','.join(names)}\n1,2\n"))
    with pytest.raises(LabelTableError) as refusal:
        found.column("label")
    said = str(refusal.value)
    assert (said.count("x"), said[-15:]) == (20 * 39, "… and 980 more.")


def test_of_many_unknown_words_a_sentence_lists_the_first_ones():
    words = [ValueUse(f"word {number}" * 100, None, 3) for number in range(1000)]
    assert len(unknown_words(words)) < 1200
