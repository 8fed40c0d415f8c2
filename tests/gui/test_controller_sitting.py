"""Who labels on this computer: remembered when chosen, and pointed out when nobody chose."""

import getpass

import pytest
from fakes import listeners

from microcrystalnet.domain.label import Answer
from microcrystalnet.storage.project_store import ProjectStore
from napari_mcn.controllers.sitting_controller import SittingController
from napari_mcn.preferences import Preferences


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """What a computer remembers on which nobody worked yet; its account is that of AY's project."""
    monkeypatch.setattr(getpass, "getuser", lambda: "AY")
    return Preferences(tmp_path / "preferences.json")


@pytest.fixture
def sitting(session, fresh):
    """Somebody sits down before the open project."""
    controller = SittingController(session, fresh)
    yield controller
    controller.close()


def name(session, crystals):
    """Name one crystal after the other."""
    [session.project.label(each, Answer("RES")) for each in crystals]


def test_who_was_chosen_is_remembered(sitting, session, tmp_path):
    session.become("MK")
    assert Preferences(tmp_path / "preferences.json").expert == "MK"


def test_who_was_chosen_for_a_moment_only_is_not_remembered(sitting, session, fresh):
    session.become("MK")
    session.become("AY")
    assert fresh.expert == "AY"


def test_opening_a_project_as_somebody_chooses_nobody(session, fresh):
    controller = SittingController(session, fresh)
    folder, mirror = session.project.folder, session.project.mirror.parent
    session.open(ProjectStore.open(folder, "guest", mirror_root=mirror))
    controller.close()
    assert not fresh.chosen


def test_the_first_answer_under_the_name_of_the_account_is_pointed_out_once(
    sitting, session, crystals, told
):
    name(session, crystals)
    assert [sentence for _, sentence in told] == [
        "You label as AY, the name of this computer's account. If others use it too, press Ctrl+Z "
        "and choose your name on the Label page."
    ]


def test_going_on_under_the_name_of_the_account_is_a_choice(sitting, session, crystals, fresh):
    name(session, crystals)
    assert fresh.chosen


def test_who_chose_a_name_is_told_nothing(sitting, session, crystals, told):
    session.become("MK")
    name(session, crystals)
    assert told == []


def test_who_works_alone_is_told_nothing(session, fresh, crystals, told):
    fresh.expert = "AY"
    controller = SittingController(session, fresh)
    name(session, crystals)
    controller.close()
    assert told == []


def test_among_several_experts_a_name_from_the_last_sitting_is_pointed_out(
    session, fresh, crystals, told
):
    session.become("MK")
    fresh.expert = "MK"
    controller = SittingController(session, fresh)
    name(session, crystals)
    controller.close()
    assert [sentence.split(".")[0] for _, sentence in told] == ["You label as MK"]


def test_closing_lets_go_of_the_session(session, canvas, fresh):
    before = listeners(session, canvas)
    SittingController(session, fresh).close()
    assert listeners(session, canvas) == before
