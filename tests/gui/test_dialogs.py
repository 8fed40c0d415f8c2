"""Where a file is written: its ending, and what would be replaced."""

from pathlib import Path

import pytest
from qtpy.QtWidgets import QFileDialog, QMessageBox, QWidget

from napari_mcn.dialogs import SystemDialogs, with_ending

FIGURE = (".svg", ".pdf")


@pytest.fixture
def names(monkeypatch, tmp_path):
    """What the user types one after the other; then the user changes their mind."""
    typed = []

    def ask(*_words, **_options):
        return (str(tmp_path / typed.pop(0)) if typed else ""), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    return typed


@pytest.fixture
def asked(monkeypatch):
    """What was asked before something is replaced; every answer is No."""
    questions = []

    def question(_parent, _title, text, *_buttons):
        questions.append(text)
        return QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "question", question)
    return questions


@pytest.fixture
def dialogs(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    return SystemDialogs(parent)


def test_a_full_stop_in_a_name_is_no_ending():
    assert with_ending(Path("Figure 3.1"), *FIGURE) == Path("Figure 3.1.svg")


def test_an_ending_that_was_typed_stays():
    assert with_ending(Path("Figure 3.PDF"), *FIGURE) == Path("Figure 3.PDF")


def test_a_folder_needs_no_ending():
    assert with_ending(Path("figures")) == Path("figures")


def test_nothing_is_asked_where_nothing_is_replaced(dialogs, names, asked, tmp_path):
    names.append("new")
    assert dialogs.save_as("figure.svg", *FIGURE, beside=(".csv",)) == tmp_path / "new.svg"
    assert asked == []


def test_one_question_names_all_that_would_be_replaced(dialogs, names, asked, tmp_path):
    (tmp_path / "old.svg").touch()
    (tmp_path / "old.csv").touch()
    names.append("old")
    dialogs.save_as("figure.svg", *FIGURE, beside=(".svg", ".pdf", ".csv"))
    assert asked == ["These files are there already: old.svg, old.csv. Replace them all?"]


def test_who_keeps_a_file_may_type_another_name(dialogs, names, asked, tmp_path):
    (tmp_path / "old.csv").touch()
    names += ["old", "other"]
    assert dialogs.save_as("models.csv", ".csv") == tmp_path / "other.csv"
    assert asked == ["old.csv is there already. Replace it?"]


def test_who_wants_it_replaced_gets_that(dialogs, names, monkeypatch, tmp_path):
    yes = QMessageBox.StandardButton.Yes
    monkeypatch.setattr(QMessageBox, "question", lambda *_words: yes)
    (tmp_path / "old.csv").touch()
    names.append("old.csv")
    assert dialogs.save_as("models.csv", ".csv") == tmp_path / "old.csv"


def test_who_changes_their_mind_writes_nothing(dialogs, names, asked):
    assert dialogs.save_as("models.csv", ".csv") is None
