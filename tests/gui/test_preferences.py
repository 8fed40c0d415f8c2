"""What is remembered between sessions, and that damage costs only the memory."""

import getpass

import pytest

from napari_mcn.preferences import Preferences


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "preferences.json"


def test_the_expert_is_remembered(path):
    Preferences(path).expert = "MK"
    assert Preferences(path).expert == "MK"


def test_before_anyone_chose_it_is_the_account(path, monkeypatch):
    monkeypatch.setattr(getpass, "getuser", lambda: "ana")
    assert Preferences(path).expert == "ana"


def test_an_account_without_a_name_still_labels(path, monkeypatch):
    def nameless():
        raise KeyError("getpwuid(): uid not found: 1000")

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert Preferences(path).expert == "expert"


def test_a_damaged_file_is_as_good_as_none(path, monkeypatch):
    monkeypatch.setattr(getpass, "getuser", lambda: "ana")
    path.parent.mkdir()
    path.write_text("{")
    assert Preferences(path).expert == "ana"


def test_a_place_that_cannot_be_written_costs_only_the_memory(path):
    path.parent.write_text("a file where the folder should be")
    preferences = Preferences(path)
    preferences.expert = "MK"
    assert preferences.expert == "MK"
