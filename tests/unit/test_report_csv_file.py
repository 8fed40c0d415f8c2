"""Tables open in a spreadsheet unchanged, and nothing in them runs."""

import pytest

from microcrystalnet.report import csv_file
from microcrystalnet.report.files import OutputError


@pytest.fixture
def written(tmp_path):
    def write(*cells):
        csv_file.write(tmp_path / "a.csv", ["x"] * len(cells), [cells])
        return (tmp_path / "a.csv").read_text().splitlines()[1]

    return write


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1", "\uff201"])
def test_text_that_would_run_gets_an_apostrophe(written, text):
    assert written(text) == f"'{text}"


def test_numbers_are_neither_rounded_nor_quoted(written):
    assert written(-0.1234567890123, 3) == "-0.1234567890123,3"


def test_what_is_unknown_is_an_empty_cell(written):
    assert written(None, float("nan"), "a") == ",,a"


def test_truth_is_written_in_words(written):
    assert written(True, False) == "yes,no"


def test_an_unwritable_place_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        csv_file.write(tmp_path / "file" / "a.csv", ["x"], [])
