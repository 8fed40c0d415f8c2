from string import printable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcrystalnet.errors import LabelTableError
from microcrystalnet.report.csv_file import is_dangerous
from microcrystalnet.spreadsheets.csv_text import parse
from microcrystalnet.spreadsheets.encoding import decode

WORDS = st.text(alphabet=st.sampled_from(printable + "äжé晶＝＋－＠"), max_size=8)


def values(text, delimiter=None):
    return [[cell.value for cell in record] for record in parse(text, delimiter).records]


@given(st.text(alphabet=st.sampled_from('a",;\t|\r\n'), max_size=40))
def test_text_without_edits_stays_as_it_is(text):
    assert parse(text).edited({}) == text


@given(st.text(alphabet=st.sampled_from('a1",\r\n'), max_size=60), WORDS, st.randoms())
def test_an_edit_changes_one_cell_only(text, value, random):
    before = parse(f"x,y\n{text}\n", ",")
    record = random.randrange(len(before.records))
    column = random.randrange(len(before.records[record]))
    after = values(before.edited({(record, column): value}), ",")
    expected = [[cell.value for cell in each] for each in before.records]
    expected[record][column] = f"'{value}" if is_dangerous(value) else value
    assert after == expected


@given(st.lists(st.lists(WORDS, min_size=2, max_size=4), min_size=1, max_size=5))
def test_what_pythons_own_writer_writes_is_read(rows):
    import csv
    import io

    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    assert values(out.getvalue(), ",") == rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_guessed(delimiter):
    text = f"a{delimiter}b{delimiter}c\n1,5{delimiter}x{delimiter}y\n" * 3
    assert parse(text).delimiter == delimiter


def test_a_quote_that_is_never_closed_is_an_ordinary_character():
    assert values('a,"b\n1,2\n') == [["a", '"b'], ["1", "2"]]


def test_a_million_open_quotes_are_read_quickly():
    assert len(parse('"a,' * 300 + '\n"').records) == 2


def test_a_line_of_too_many_cells_is_refused():
    with pytest.raises(LabelTableError, match="more than 1,000 cells"):
        parse("," * 1001)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_encoding_is_told_and_written_back(codec):
    content = "Label No.,Form\r\n1,Kälte – rund\r\n".encode(codec)
    text, encoding = decode(content)
    assert ("Kälte – rund" in text, encoding.encode(text)) == (True, content)


@given(st.binary(max_size=200))
def test_any_bytes_are_text_and_back_or_refused(content):
    try:
        text, encoding = decode(content)
    except LabelTableError:
        return
    assert encoding.encode(text) == content
