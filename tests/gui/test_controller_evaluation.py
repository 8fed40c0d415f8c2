"""A model of elsewhere, judged on the settled crystals of the project by one button."""

import pytest
from fakes import FakeClient, listeners
from window_material import add_model, predicted, settle

from napari_mcn import slices
from napari_mcn.controllers.evaluation_controller import EvaluationController
from napari_mcn.controllers.layout_controller import LayoutController
from napari_mcn.controllers.review_controller import ReviewController

GRID = tuple((4 * row, 5 * col) for row in range(3) for col in range(4))


@pytest.fixture
def settled(store, outline):
    """Twelve settled crystals, RES and PES in turn."""
    crystals = outline(places=GRID)
    settle(store, crystals, ["RES", "PES"] * 6)
    return crystals


@pytest.fixture
def evaluation(results, model_panel, session, judgement, store, settled, busy, workbench):
    session.model_id = add_model(store)
    controller = EvaluationController(
        model_panel, session, judgement, FakeClient(), busy=busy, owner=workbench
    )
    yield controller
    controller.close()


def judge(evaluation, panel, session, settled):
    """Press the button, and let every crystal be called RES."""
    panel.results.evaluate_button.click()
    said = [predicted(session.model_id, each, "RES") for each in settled]
    evaluation._classifier.last.listener.done(said)


def test_a_model_of_elsewhere_is_judged_on_every_settled_crystal(
    evaluation, model_panel, session, settled
):
    judge(evaluation, model_panel, session, settled)
    asked = evaluation._classifier.last
    assert asked.method == "predict"
    assert [each.crystal_id for each in asked.arguments["examples"]] == settled
    assert model_panel.results.accuracy.text().startswith("50 % of 12 crystals right, judged on")
    assert "trained elsewhere" in model_panel.results.warning.text()


def test_its_figures_lead_to_crystals_and_can_be_saved(
    evaluation, model_panel, session, settled, judgement
):
    judge(evaluation, model_panel, session, settled)
    assert judgement.judged.named(judgement.judged.which("PES", "RES")) == settled[1::2]
    evaluated = judgement.evaluated()
    assert (evaluated.metrics.n, evaluated.history) == (12, ())


def test_a_cell_of_its_confusion_matrix_leads_to_crystals(
    evaluation, model_panel, session, settled, judgement, canvas
):
    opened = []
    review = ReviewController(
        model_panel, session, canvas, judgement, lambda _title, ids: opened.append(ids)
    )
    judge(evaluation, model_panel, session, settled)
    model_panel.cell_chosen.emit("PES", "RES")
    review.close()
    assert opened == [settled[1::2]]


def test_its_figures_are_there_again_when_it_is_chosen_again(
    evaluation, model_panel, session, store, settled
):
    judge(evaluation, model_panel, session, settled)
    first, session.model_id = session.model_id, add_model(store)
    assert model_panel.results.result_part.isHidden()
    session.model_id = first
    assert not model_panel.results.result_part.isHidden()


def test_a_model_that_was_trained_here_is_not_judged_anew(
    evaluation, model_panel, session, store, settled
):
    assert not model_panel.results.evaluate_button.isHidden()
    session.model_id = add_model(store, [(session.image_id, settled[0], "RES", "RES")])
    assert model_panel.results.evaluate_button.isHidden()


def test_without_a_settled_crystal_there_is_nothing_to_judge_on(
    evaluation, model_panel, session, store, settled, told
):
    store.rounds.open([session.image_id], ["AY", "MK"])
    model_panel.results.evaluate_button.click()
    assert (evaluation._classifier.asked, "nothing to judge" in told[-1][1]) == ([], True)


def test_its_crystals_are_laid_out_when_it_is_judged(
    evaluation, model_panel, session, settled, judgement, classifier, busy, workbench
):
    layout = LayoutController(
        model_panel.results, session, judgement, classifier, busy=busy, owner=workbench
    )
    layout.activate(True)
    evaluation.judged.connect(layout.renew)
    assert classifier.asked == []
    judge(evaluation, model_panel, session, settled)
    assert classifier.last.arguments["groups"] == ["RES", "PES"] * 6
    layout.close()


def test_a_large_project_is_read_before_its_crystals_are_judged(
    evaluation, model_panel, monkeypatch, qtbot
):
    monkeypatch.setattr(slices, "SLICE_S", 0)
    monkeypatch.setattr(slices, "AT_LEAST", 1)
    model_panel.results.evaluate_button.click()
    asked = evaluation._classifier.asked
    at_once = list(asked)
    qtbot.waitUntil(lambda: asked != [])
    assert at_once == []


def test_an_answer_about_the_model_before_comes_too_late(
    evaluation, model_panel, session, store, settled
):
    model_panel.results.evaluate_button.click()
    late = evaluation._classifier.last.listener
    said = [predicted(session.model_id, each, "RES") for each in settled]
    session.model_id = add_model(store)
    late.done(said)
    assert model_panel.results.result_part.isHidden()


def test_closing_lets_go_of_the_session(model_panel, session, canvas, judgement, busy, workbench):
    before = listeners(session, canvas)
    EvaluationController(
        model_panel, session, judgement, FakeClient(), busy=busy, owner=workbench
    ).close()
    assert listeners(session, canvas) == before
