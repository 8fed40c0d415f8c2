"""A large project is read for training, search and prediction while the window answers."""

import pytest
from window_material import add_model

from microcrystalnet.storage.others import OtherAnswers
from napari_mcn import slices
from napari_mcn.controllers.model_controller import ModelController
from napari_mcn.controllers.search_controller import SearchController
from napari_mcn.panels.model_panel import ModelPanel, TrainForm


@pytest.fixture
def panel(qtbot):
    made = ModelPanel()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def model(panel, session, child, busy, workbench, settled, patiently):
    controller = ModelController(panel, session, child, busy=busy, owner=workbench)
    yield controller
    controller.close()


@pytest.fixture
def search(panel, session, child, busy, workbench, settled, patiently):
    controller = SearchController(panel, session, child, busy=busy, owner=workbench)
    yield controller
    controller.close()


@pytest.fixture
def patiently(monkeypatch):
    """Pause after every step, as in a project of many answers."""
    monkeypatch.setattr(slices, "SLICE_S", 0)
    monkeypatch.setattr(slices, "AT_LEAST", 1)


def test_it_is_read_before_a_training_is_asked_for(model, child, qtbot):
    model.train(TrainForm())
    at_once = list(child.asked)
    qtbot.waitUntil(lambda: child.asked != [])
    assert (at_once, child.last.method, len(child.last.arguments["labels"])) == ([], "train", 20)


def test_it_is_read_before_predictions_are_asked_for(model, session, child, qtbot):
    session.model_id = add_model(session.project)
    model.predict_all()
    at_once = list(child.asked)
    qtbot.waitUntil(lambda: child.asked != [])
    assert (at_once, child.last.method) == ([], "predict")


def test_predicting_opens_nobody_elses_answers(model, session, child, monkeypatch, qtbot):
    session.model_id, opened = add_model(session.project), []
    monkeypatch.setattr(OtherAnswers, "read", lambda *asked: opened.append(asked) or iter(()))
    model.predict_all()
    qtbot.waitUntil(lambda: child.asked != [])
    assert opened == []


def test_it_is_read_before_a_search_is_asked_for(search, child, qtbot):
    search.search(2)
    at_once = list(child.asked)
    qtbot.waitUntil(lambda: child.asked != [])
    assert (at_once, child.last.method) == ([], "search")


def test_looking_at_the_search_again_does_not_end_it(search, child, qtbot):
    search.search(2)
    search.activate(True)
    qtbot.waitUntil(lambda: child.asked != [])
    assert child.last.method == "search"


@pytest.mark.parametrize("begin", ["train", "predict_all"])
def test_a_project_that_is_closed_meanwhile_is_left_alone(model, begin, session, child, qtbot):
    session.model_id = add_model(session.project)
    arguments = {"train": [TrainForm()], "predict_all": []}
    getattr(model, begin)(*arguments[begin])
    session.close()
    qtbot.wait(20)
    assert child.asked == []


def test_reading_can_be_cancelled(model, child, busy, qtbot):
    model.train(TrainForm())
    busy.cancel()
    qtbot.wait(20)
    assert (child.asked, busy._running) == ([], [])
