"""File names whose bytes are no text are written escaped, and it is said."""

import json
import os
import sys

import pytest
from report_project import add, empty, square, vote
from test_report_html import words
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.progress import ignore_progress
from microcrystalnet.report.formats import WRITERS, write_formats
from microcrystalnet.report.html import write_report
from microcrystalnet.report.plain_text import escaped_note, readable

NAME = os.fsdecode(b"caf\xe9 1.tif")
linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems take only text for names")


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "computer")
    made = empty(tmp_path)
    _, (crystal,) = add(made, tmp_path, NAME, [square(30, 30)])
    vote(made, crystal, "RES", "RES")
    made.flush()
    yield made
    made.close()


@linux
@pytest.mark.parametrize("name", WRITERS)
def test_such_a_micrograph_is_exported_under_a_name_that_any_program_opens(store, tmp_path, name):
    written = write_formats([name], store, tmp_path / "out", ignore_progress)
    assert all(path.exists() and path.name.isascii() for path in written)


@linux
def test_the_table_names_it_and_its_label_image(store, tmp_path):
    write_formats(["labels"], store, tmp_path / "out", ignore_progress)
    lines = (tmp_path / "out" / "labels.csv").read_text().splitlines()
    assert lines[1].startswith("caf\\xe9 1.tif,caf_xe9 1_labels.tif,1,")
    assert (tmp_path / "out" / "caf_xe9 1_labels.tif").exists()


@linux
def test_the_report_says_how_the_name_is_written(store, tmp_path):
    write_report(store, tmp_path / "report.html")
    text = words((tmp_path / "report.html").read_text())
    assert "This name holds bytes that are no text" in text
    assert "two digits: caf\\xe9 1.tif." in text


@linux
def test_the_command_line_says_so_too(store, tmp_path):
    store.close()
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["export", str(store.folder), "--out", str(out)])
    assert "written as \\x and two digits: caf\\xe9 1.tif." in done.stderr
    assert json.loads(done.stdout)["files"] == [str(out / "crystals.csv")]


def test_a_name_of_plain_text_needs_no_note():
    assert (readable("Müller ☃.tif"), escaped_note(["Müller ☃.tif"])) == ("Müller ☃.tif", "")


def test_half_a_letter_of_windows_is_written_as_a_question():
    assert readable("a\ud83d.tif") == "a\ufffd.tif"
