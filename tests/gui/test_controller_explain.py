"""Asking why: the request, the overlay, and what is refused."""

import numpy as np
import pytest
from fakes import FakeClient, listeners
from qtpy.QtCore import Qt
from window_material import CODES, add_model, predicted, shares

from microcrystalnet.errors import EngineError
from microcrystalnet.explain.explanation import Explanation
from microcrystalnet.imaging.crops import CropFrame
from napari_mcn.controllers.explain_controller import ExplainController
from napari_mcn.panels.explain_panel import ExplainPanel

LEFT = Qt.MouseButton.LeftButton
FRAME = CropFrame(4.0, 4.0, 20.0, 64)


@pytest.fixture
def panel(qtbot):
    made = ExplainPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def classifier():
    return FakeClient()


@pytest.fixture
def explain(panel, session, canvas, classifier, busy, workbench):
    controller = ExplainController(panel, session, canvas, classifier, busy=busy, owner=workbench)
    yield controller
    controller.close()


@pytest.fixture
def asked(explain, session, store, crystals, panel, qtbot):
    """The model was asked about the first crystal."""
    session.model_id = add_model(store)
    session.crystal_id = crystals[0]
    qtbot.mouseClick(panel.explain_button, LEFT)
    return explain


def answer(crystal_id):
    return Explanation(
        crystal_id, "m", "RES", CODES, shares("RES"), FRAME, np.eye(64, dtype=np.float32)
    )


def test_the_button_asks_about_the_selected_crystal(asked, classifier, crystals):
    assert (classifier.last.method, classifier.last.arguments["example"].crystal_id) == (
        "explain",
        crystals[0],
    )


def test_while_it_is_asked_it_is_not_asked_again(asked, panel):
    assert not panel.explain_button.isEnabled()


def test_the_answer_is_laid_where_the_crop_was_cut(asked, classifier, canvas, crystals):
    classifier.last.listener.done(answer(crystals[0]))
    assert canvas.sheet.overlay.shown[1] == FRAME


def test_the_legend_names_the_class(asked, classifier, panel, crystals):
    classifier.last.listener.done(answer(crystals[0]))
    assert "score of RES" in panel.legend.text()


def test_an_answer_for_a_crystal_that_was_left_is_not_shown(
    asked, classifier, canvas, session, crystals
):
    session.crystal_id = crystals[1]
    classifier.last.listener.done(answer(crystals[0]))
    assert canvas.sheet.overlay.shown is None


def test_another_crystal_takes_the_overlay_away(asked, classifier, canvas, session, crystals):
    classifier.last.listener.done(answer(crystals[0]))
    session.crystal_id = crystals[1]
    assert canvas.sheet.overlay.shown is None


def test_another_class_is_asked_for_at_once(asked, classifier, panel):
    panel.target_chosen.emit("PES")
    assert classifier.last.arguments["target"] == "PES"


def test_a_question_can_be_cancelled(asked, classifier, workbench, panel, qtbot):
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    assert (classifier.cancelled, panel.explain_button.isEnabled()) == ([1], True)


def test_leaving_the_page_takes_the_overlay_away(asked, classifier, canvas, crystals):
    classifier.last.listener.done(answer(crystals[0]))
    asked.activate(False)
    assert canvas.sheet.overlay.shown is None


def test_a_killed_engine_is_told_and_can_be_asked_again(asked, classifier, panel, told):
    classifier.last.listener.failed(EngineError("The classifier engine stopped."))
    assert (told, panel.explain_button.isEnabled()) == (
        [("warning", "The classifier engine stopped.")],
        True,
    )


def test_without_a_crystal_it_says_what_to_do(explain, session, store, told):
    session.model_id = add_model(store)
    explain.explain()
    assert told == [("warning", "Select a crystal first: click it, or press K.")]


def test_without_a_model_it_says_what_to_do(explain, session, crystals, told):
    session.crystal_id = crystals[0]
    explain.explain()
    assert told == [("warning", "There is no classifier yet: train one on the Model page.")]


def test_what_is_predicted_of_the_crystal_is_shown(explain, panel, session, store, crystals):
    session.model_id = add_model(store)
    session.crystal_id = crystals[0]
    said = [predicted(session.model_id, crystals[0])]
    store.write_predictions(session.model_id, session.image_id, said)
    session.tell_predicted()
    assert panel.bars.isVisible()


def test_the_model_is_called_as_on_the_model_page(explain, panel, session, store):
    session.model_id = add_model(store)
    assert panel._model_name.text() == "Model: Model 1"


def test_the_opacity_holds_for_the_next_micrograph_too(explain, panel, canvas, session):
    panel.opacity_changed.emit(0.3)
    shown = session.image_id
    session.show(None)
    session.show(shown)
    assert canvas.sheet.overlay.opacity == 0.3


def test_hiding_hides_the_overlay(explain, panel, canvas, session):
    panel.hidden_changed.emit(True)
    assert not canvas.sheet.overlay.visible


def test_closing_lets_go_of_the_session(panel, session, canvas, classifier, busy, workbench):
    before = listeners(session, canvas)
    ExplainController(panel, session, canvas, classifier, busy=busy, owner=workbench).close()
    assert listeners(session, canvas) == before
