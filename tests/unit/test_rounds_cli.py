import json

import pytest
from storage_scene import create, outline
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.domain.label import Answer
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture(autouse=True)
def _own_computer(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "computer")


@pytest.fixture
def folder(tmp_path):
    store = create(tmp_path)
    [outline(store, row) for row in (10, 100, 200)]
    store.close()
    return str(store.folder)


def mcn(*words):
    return CliRunner().invoke(app, list(map(str, words)))


def told(*words):
    result = mcn(*words)
    assert result.exit_code == 0, result.exception
    return json.loads(result.stdout)


def test_a_round_is_opened_for_every_micrograph_unless_told_otherwise(folder):
    made = told("round", "open", folder, "--ask", "AY", "--ask", "BK", "--expert", "AY")
    assert (made["experts"], len(made["image_ids"]), made["blind"]) == (["AY", "BK"], 1, "on")
    assert [each["round_id"] for each in told("round", "status", folder)] == [made["round_id"]]


def test_a_seal_is_set_and_shows_in_the_status(folder):
    told("round", "open", folder, "--ask", "AY", "--ask", "BK", "--expert", "AY")
    sealed = told("round", "seal", folder, "scene.tif", "--expert", "AY")
    (round_,) = told("round", "status", folder, "--expert", "AY")
    done = {each["expert"]: (each["sealed"], each["answered"]) for each in round_["progress"]}
    assert (sealed["labels"], done) == (0, {"AY": (True, 0), "BK": (False, 0)})


def test_a_blind_expert_is_told_their_own_counts_only(folder):
    told("round", "open", folder, "--ask", "AY", "--ask", "BK", "--expert", "AY")
    (round_,) = told("round", "status", folder, "--expert", "BK")
    counts = {each["expert"]: each["answered"] for each in round_["progress"]}
    assert counts == {"AY": None, "BK": 0}


def test_a_micrograph_that_is_not_there_is_named(folder):
    result = mcn("round", "seal", folder, "moon.tif", "--expert", "AY")
    assert "No micrographs of the project are called moon.tif; name one of scene.tif" in str(
        result.exception
    )


def test_labels_are_sent_and_brought_in(folder, tmp_path):
    store = ProjectStore.open(tmp_path / "project", "BK", mirror_root=tmp_path / "elsewhere")
    store.label(
        next(iter(store.state.crystals(next(iter(store.state.micrographs))))), Answer("RES")
    )
    store.close()
    sent = told("project", "send", folder, tmp_path / "bk.zip", "--expert", "BK")
    again = told("project", "bring-in", folder, tmp_path / "bk.zip")
    assert (sent["labels"], again["labels"], again["summary"]["new"]) == (1, {}, 0)


def test_a_blind_person_at_the_command_line_is_told_what_is_left_out(folder, tmp_path, monkeypatch):
    told("round", "open", folder, "--ask", "AY", "--ask", "BK", "--expert", "AY")
    monkeypatch.setattr("getpass.getuser", lambda: "BK")
    result = mcn("consensus", folder, "--out", tmp_path / "labels.csv")
    assert "BK labels blind: only your own answers count" in result.stderr


@pytest.mark.parametrize(
    "asked", [("report", "--out", "r.html"), ("export", "--format", "csv", "--out", "x")]
)
def test_who_has_sealed_nothing_writes_no_report_that_leaves_out_everybody_else(
    folder, tmp_path, monkeypatch, asked
):
    monkeypatch.chdir(tmp_path)
    told("round", "open", folder, "--ask", "AY", "--ask", "BK", "--expert", "AY")
    result = mcn(asked[0], folder, *asked[1:], "--expert", "BK")
    assert "You label blind: the others' answers" in str(result.exception)
    assert not list(tmp_path.glob("r.html")) + list(tmp_path.glob("x/*"))
