"""Who works at the command line: by the account, with or without a name."""

import json

import pytest
from report_project import labelled
from typer.testing import CliRunner

from microcrystalnet.account import account
from microcrystalnet.cli.app import app
from microcrystalnet.domain.label import Answer
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture
def blind(tmp_path, monkeypatch):
    """A project whose micrograph AY labels blind, with settled classes; AY is at the keyboard."""
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "computer")
    monkeypatch.setattr("getpass.getuser", lambda: "AY")
    store = labelled(tmp_path)
    store.rounds.open(list(store.state.micrographs), ["AY", "MK"])
    store.close()
    return store.folder


def counted(*words):
    done = CliRunner().invoke(app, ["statistics", *map(str, words)])
    return sorted(json.loads(done.stdout)["classes"])


def test_an_account_without_a_name_is_an_expert(monkeypatch):
    def nameless():
        raise KeyError("getpwuid(): uid not found: 1234")

    monkeypatch.setattr("getpass.getuser", nameless)
    assert account() == "expert"


def test_statistics_of_settled_classes_are_closed_to_who_labels_blind(blind):
    done = CliRunner().invoke(app, ["statistics", str(blind), "--classes", "settled"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "You label blind" in str(done.exception)


def test_statistics_are_open_to_who_was_not_asked(blind):
    assert counted(blind, "--expert", "ZZ") == ["RES", "SA", "all"]


@pytest.mark.parametrize(
    ("words", "blind"),
    [
        (["statistics"], True),
        (["statistics", "--out", "s.csv"], False),
        (["consensus", "--out", "c.csv"], False),
        (["agreement", "--labels", "a.csv"], False),
    ],
)
def test_who_read_everyones_classes_in_a_table_labels_no_longer_blind(
    tmp_path, monkeypatch, words, blind
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "computer")
    monkeypatch.setattr("getpass.getuser", lambda: "AY")
    labelled(tmp_path).close()
    assert CliRunner().invoke(app, [words[0], "project", *words[1:]]).exit_code == 0
    store = ProjectStore.open(tmp_path / "project", "AY")
    crystal_id = next(iter(store.state.crystals(next(iter(store.state.micrographs)))))
    store.label(crystal_id, Answer("SA"))
    assert store.state.labels()[crystal_id].blind is blind
    store.close()
