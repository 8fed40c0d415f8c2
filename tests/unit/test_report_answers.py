"""The table of all answers: complete, and worth the same as the project."""

import csv
import json

import pytest
from storage_scene import create, outline
from typer.testing import CliRunner

from microcrystalnet.cli import app as command_line
from microcrystalnet.domain.label import Answer, Flag
from microcrystalnet.report.export_answers import export_answers

REMARKED = Answer(
    "RES",
    frozenset({Flag.UNSURE}),
    note="=cut by a crack",
    second="PES",
    marks=frozenset({"pitted"}),
    shape="rhombic",
    definition="subhedral",
    confidence=0.75,
)


@pytest.fixture
def store(tmp_path):
    """Two experts on two crystals; IK changed one answer after seeing the other's."""
    made = create(tmp_path)
    first, second = outline(made), outline(made, 200)
    made.label(first, REMARKED)
    made.label(second, Answer("SA"))
    made.become("IK")
    made.label(first, Answer("AA"))
    made.label(second, Answer(None))
    made.votes()
    made.label(first, Answer("RES"))
    yield made
    made.close()


def table(store, folder):
    (path,) = export_answers(store, folder)
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_everything_recorded_beside_the_class_is_there(store, tmp_path):
    row = table(store, tmp_path / "out")[0]
    assert (row["label"], row["second_choice"], row["unsure"]) == ("RES", "PES", "x")
    assert (row["pitted"], row["edges"], row["note"]) == ("x", "", "'=cut by a crack")
    assert (row["shape"], row["definition"], row["confidence"]) == ("rhombic", "subhedral", "0.75")


def test_an_answer_changed_after_seeing_others_is_there_twice(store, tmp_path):
    rows = [row for row in table(store, tmp_path / "out") if row["expert"] == "IK"]
    assert sorted((row["label"], row["blind"]) for row in rows) == [
        ("AA", "yes"),
        ("RES", "no"),
        ("unclear", "yes"),
    ]


def test_the_agreement_of_the_table_is_that_of_the_project(store, tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "computer")
    export_answers(store, tmp_path / "out")
    store.close()
    found = [
        json.loads(CliRunner().invoke(command_line.app, ["agreement", str(path)]).stdout)
        for path in (store.folder, tmp_path / "out" / "answers.csv")
    ]
    assert found[0] == found[1]
    assert found[0]["percent_agreement"] == 0


def test_an_answer_that_an_undo_brought_back_is_compared_as_it_was_first(tmp_path):
    store = create(tmp_path)
    crystal = outline(store)
    store.label(crystal, Answer("RES"))
    store.tell([crystal])
    store.label(crystal, Answer("PES"))
    store.undo()
    (row,) = table(store, tmp_path / "out")
    store.close()
    assert (row["label"], row["blind"], row["assist"]) == ("RES", "yes", "none")
