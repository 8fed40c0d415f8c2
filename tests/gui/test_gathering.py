"""Answers collected a slice at a time."""

import gc

import pytest

from microcrystalnet.domain.label import Answer
from napari_mcn import gathering
from napari_mcn.gathering import Gathering

RES, PES = Answer("RES"), Answer("PES")


@pytest.fixture
def collected(qtbot):
    made = Gathering()
    made.told = []
    made.gathered.connect(made.told.append)
    yield made
    made.stop()


@pytest.fixture
def labelled(store, crystals):
    for crystal_id in crystals:
        store.label(crystal_id, RES)
    return store


def words(pages):
    return sorted(answer.label for page in pages for answer in page.answers)


def test_a_small_project_is_known_at_once(collected, labelled):
    collected.follow(labelled)
    assert [words(pages) for pages in collected.told] == [["RES"] * 3]


def test_a_large_project_is_told_when_all_of_it_is_known(qtbot, collected, labelled, monkeypatch):
    monkeypatch.setattr(gathering, "SLICE_S", 1e-9)
    monkeypatch.setattr(gathering, "AT_ONCE", 1)
    with qtbot.waitSignal(collected.gathered) as told:
        collected.follow(labelled)
        before = list(collected.told)
    assert (before, words(told.args[0])) == ([], ["RES"] * 3)


def test_a_change_is_told_too(collected, labelled, crystals):
    collected.follow(labelled)
    labelled.label(crystals[0], PES)
    collected.touch([crystals[0]])
    assert words(collected.told[-1]) == ["PES", "RES", "RES"]


def test_with_many_crystals_a_change_is_told_when_the_labelling_rests(
    qtbot, collected, labelled, crystals, monkeypatch
):
    monkeypatch.setattr(gathering, "LARGE", 2)
    monkeypatch.setattr(gathering, "REST_MS", 30)
    collected.follow(labelled)
    labelled.label(crystals[0], PES)
    with qtbot.waitSignal(collected.gathered) as told:
        collected.touch([crystals[0]])
        collected.touch([crystals[1]])
    assert (len(collected.told), words(told.args[0])) == (2, ["PES", "RES", "RES"])


def test_a_change_behind_another_page_is_told_when_the_page_is_back(collected, labelled, crystals):
    collected.follow(labelled)
    collected.pause()
    labelled.label(crystals[0], PES)
    collected.touch([crystals[0]])
    behind = len(collected.told)
    collected.follow(labelled)
    assert (behind, words(collected.told[-1])) == (1, ["PES", "RES", "RES"])


def test_nothing_is_told_again_without_a_change(collected, labelled):
    collected.follow(labelled)
    collected.follow(labelled)
    assert len(collected.told) == 1


def test_what_was_forgotten_is_not_told(collected, labelled, crystals):
    collected.follow(labelled)
    collected.forget()
    collected.touch([crystals[0]])
    assert (len(collected.told), collected.begun) == (1, False)


def test_the_garbage_collector_rests_while_answers_are_looked_up(
    qtbot, collected, labelled, monkeypatch
):
    monkeypatch.setattr(gathering, "SLICE_S", 1e-9)
    monkeypatch.setattr(gathering, "AT_ONCE", 1)
    with qtbot.waitSignal(collected.gathered):
        collected.follow(labelled)
        meanwhile = gc.isenabled()
    assert (meanwhile, gc.isenabled()) == (False, True)


def test_the_garbage_collector_works_again_behind_another_page(collected, labelled, monkeypatch):
    monkeypatch.setattr(gathering, "SLICE_S", 1e-9)
    monkeypatch.setattr(gathering, "AT_ONCE", 1)
    collected.follow(labelled)
    collected.pause()
    assert gc.isenabled()
