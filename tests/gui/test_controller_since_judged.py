"""The Results page says how many labels have changed since the model was judged."""

import pytest
from fakes import listeners

from microcrystalnet.domain.label import Answer
from napari_mcn.controllers.since_judged_controller import SinceJudgedController

SAID = " changed since the model was judged; the figures are those of then, until you train again."


@pytest.fixture
def since(model_panel, session, judgement, named):
    """Three settled crystals that a model was judged by."""
    judgement.read()
    controller = SinceJudgedController(model_panel.results, session, judgement)
    controller.activate(True)
    yield model_panel.results.since
    controller.close()


def test_nothing_is_said_while_every_label_is_that_of_the_training(since):
    assert since.text() == ""


def test_a_crystal_that_is_disputed_now_is_counted(since, store, named):
    store.label(named[2], Answer("PES"))
    assert since.text() == f"1 of these 3 labels has{SAID}"


def test_a_crystal_that_was_deleted_is_counted(since, store, named):
    store.label(named[2], Answer("PES"))
    store.delete_crystals([named[0]])
    assert since.text() == f"2 of these 3 labels have{SAID}"


def test_a_label_that_is_taken_back_is_counted_no_longer(since, store, named):
    store.label(named[2], Answer("PES"))
    store.undo()
    assert since.text() == ""


def test_nothing_is_told_of_what_is_labelled_blind(since, store, session, named):
    store.label(named[2], Answer("PES"))
    store.rounds.open([session.image_id], ["AY", "MK"])
    assert since.text() == ""


def test_closing_lets_go_of_the_session(model_panel, session, judgement, canvas):
    before = listeners(session, canvas)
    SinceJudgedController(model_panel.results, session, judgement).close()
    assert listeners(session, canvas) == before
