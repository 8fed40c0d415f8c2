"""The layout of crystals by t-SNE on the Results page."""

import pytest
from results_desk import laid_out
from window_material import add_model, predicted

from microcrystalnet.errors import ModelError
from napari_mcn.controllers.layout_controller import LayoutController
from napari_mcn.panels.results_page import EVERY


@pytest.fixture
def layout(results, model_panel, session, judgement, classifier, busy, workbench):
    controller = LayoutController(
        model_panel.results, session, judgement, classifier, busy=busy, owner=workbench
    )
    yield controller
    controller.close()


def test_the_judged_crystals_are_laid_out_when_the_page_comes_to_the_front(
    layout, classifier, many
):
    layout.activate(True)
    asked = classifier.last
    assert asked.method == "lay_out"
    assert [each.crystal_id for each in asked.arguments["examples"]] == many
    assert asked.arguments["groups"] == ["RES"] * 12


def test_a_model_that_was_not_judged_here_is_not_laid_out(layout, session, store, classifier):
    layout.activate(True)
    before = len(classifier.asked)
    session.model_id = add_model(store)
    assert len(classifier.asked) == before


def test_another_model_is_laid_out_as_soon_as_it_is_chosen(
    layout, session, store, classifier, many
):
    layout.activate(True)
    judged = [(session.image_id, each, "PES", "PES") for each in many]
    session.model_id = add_model(store, judged)
    assert classifier.last.arguments["groups"] == ["PES"] * 12


def test_they_are_laid_out_once(layout, classifier, many):
    layout.activate(True)
    layout.activate(False)
    layout.activate(True)
    assert len(classifier.asked) == 1


def test_where_few_were_judged_every_crystal_is_laid_out(layout, model_panel, classifier, judged):
    layout.activate(True)
    assert classifier.last.arguments["groups"] == ["not predicted"] * 3
    assert model_panel.results.which.currentData() == EVERY


def test_every_crystal_is_coloured_anew_when_it_is_predicted(
    layout, session, store, classifier, judged
):
    layout.activate(True)
    said = [predicted(session.model_id, each, "AA") for each in judged]
    store.write_predictions(session.model_id, session.image_id, said)
    session.tell_predicted()
    assert classifier.last.arguments["groups"] == ["AA"] * 3


def test_dots_say_who_is_wrong(layout, model_panel, classifier, judged):
    layout.activate(True)
    classifier.last.listener.done(laid_out(judged, ["RES", "PES", "SA"]))
    assert [each.wrong for each in model_panel.results.dots.dots] == [False, True, False]


def test_what_the_colours_of_dots_mean_is_said_with_how_many_there_are(
    layout, model_panel, session, classifier, judged
):
    layout.activate(True)
    empty = model_panel.results.dots_legend.text()
    classifier.last.listener.done(laid_out(judged, ["RES", "AA", "RES"]))
    said = model_panel.results.dots_legend.text().replace("&nbsp;", " ")
    assert (empty, "RES (n = 2)" in said, "AA (n = 1)" in said) == ("", True, True)
    session.model_id = None
    assert model_panel.results.dots_legend.text() == ""


def test_every_crystal_is_coloured_by_the_network(
    layout, model_panel, session, store, classifier, judged
):
    said = [predicted(session.model_id, judged[0], "AA")]
    store.write_predictions(session.model_id, session.image_id, said)
    model_panel.results.layout_requested.emit(EVERY)
    assert classifier.last.arguments["groups"] == ["AA", "not predicted", "not predicted"]


def test_a_layout_of_another_model_comes_too_late(
    layout, model_panel, session, store, classifier, judged
):
    layout.activate(True)
    late = classifier.last.listener
    session.model_id = add_model(store, [(session.image_id, judged[0], "RES", "RES")])
    late.done(laid_out(judged, ["RES", "PES", "SA"]))
    assert model_panel.results.dots.dots == ()


def test_too_few_crystals_are_told_on_the_page(layout, model_panel, classifier):
    layout.activate(True)
    classifier.last.listener.failed(ModelError("t-SNE needs 10 crystals or more."))
    assert model_panel.results.dots_text.text() == "t-SNE needs 10 crystals or more."


def test_a_blind_micrograph_is_not_laid_out(layout, session, store, classifier, judged):
    store.rounds.open([session.image_id], ["AY", "MK"])
    layout.activate(True)
    assert classifier.asked == []
