"""What the gallery needs is read before it opens, while the window answers."""

import pytest
from fakes import listeners
from window_material import add_model

from microcrystalnet.domain.label import Answer
from microcrystalnet.progress import Progress
from napari_mcn import slices
from napari_mcn.gallery_opening import ALL_ERRORS, GalleryOpening
from napari_mcn.slices import Slices


@pytest.fixture
def filled():
    """What was shown in the gallery, and how often it was led to."""
    return []


@pytest.fixture
def opening(session, busy, filled):
    def fill(title, ids):
        yield Progress(0, 0)
        filled.append((title, tuple(ids)))

    slices = Slices(busy.task())
    made = GalleryOpening(session, slices, fill, lambda: filled.append("in front"))
    yield made
    made.close()


@pytest.fixture
def patiently(monkeypatch):
    """Pause after every step, as in a project of many answers."""
    monkeypatch.setattr(slices, "SLICE_S", 0)
    monkeypatch.setattr(slices, "AT_LEAST", 1)


def test_a_small_project_is_shown_at_once(opening, filled, crystals):
    opening.open("Three", crystals)
    assert filled == [("Three", tuple(crystals)), "in front"]


def test_a_large_project_is_read_while_the_window_answers(
    opening, patiently, filled, crystals, qtbot
):
    opening.open("Three", crystals)
    at_once = list(filled)
    qtbot.waitUntil(lambda: filled != [])
    assert (at_once, filled[0]) == ([], ("Three", tuple(crystals)))


def test_every_error_of_the_model_is_found(opening, named, filled):
    opening.open_errors()
    assert filled[0] == (ALL_ERRORS, (named[2],))


def test_where_there_is_none_that_is_said(opening, session, store, crystals, filled, told):
    session.model_id = add_model(store)
    opening.open_errors()
    sentence = "No predicted crystal contradicts a settled class: predict all on the Model page."
    assert (filled, told) == ([], [("warning", sentence)])


def test_without_a_classifier_nothing_is_looked_for(opening, crystals, filled, told):
    opening.open_errors()
    sentence = "There is no classifier yet: train one on the Model page."
    assert (filled, told) == ([], [("warning", sentence)])


def test_reading_can_be_cancelled(opening, patiently, filled, crystals, busy, qtbot):
    opening.open("Three", crystals)
    busy.cancel()
    qtbot.wait(20)
    assert (filled, busy._running) == ([], [])


def test_the_next_expert_is_not_shown_what_was_asked_for_before(
    opening, patiently, filled, crystals, session, qtbot
):
    opening.open("Three", crystals)
    session.become("MK")
    qtbot.wait(20)
    assert filled == []


def test_while_labelling_blind_nothing_is_read(opening, filled, crystals, session, store, told):
    store.rounds.open([session.image_id], ["AY", "MK"])
    opening.open("Three", crystals)
    assert (filled, told[0][0]) == ([], "warning")


def test_reading_shows_nobodys_answers(opening, session, store, crystals):
    store.label(crystals[0], Answer("RES"))
    session.become("MK")
    opening.open("Three", crystals)
    assert store.label(crystals[0], Answer("RES")).blind


def test_closing_lets_go_of_the_session(session, canvas):
    before = listeners(session, canvas)
    GalleryOpening(session, Slices(), lambda *_: None, lambda: None).close()
    assert listeners(session, canvas) == before


def test_errors_of_a_model_that_is_not_in_use_any_more_are_not_shown(
    opening, patiently, named, session, store, filled, busy
):
    opening.open_errors()
    session.model_id = add_model(store)
    assert (busy.task().running, opening._slices.running, filled) == (False, False, [])
