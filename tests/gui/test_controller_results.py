"""From a figure to its crystals, their layout, and saving figures."""

import numpy as np
import pytest
from fakes import FakeClient, listeners
from window_material import CODES, NoDialogs, add_model, predicted

from microcrystalnet.errors import ModelError
from microcrystalnet.learning.feature_map import FeatureMap
from napari_mcn.controllers.layout_controller import LayoutController
from napari_mcn.controllers.models_controller import ModelsController
from napari_mcn.controllers.results_controller import ResultsController
from napari_mcn.controllers.survey_controller import SurveyController
from napari_mcn.judgement import Judgement
from napari_mcn.panels.model_panel import ModelPanel
from napari_mcn.panels.results_page import EVERY


@pytest.fixture
def panel(qtbot):
    made = ModelPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def classifier():
    return FakeClient()


@pytest.fixture
def judged(session, store, crystals):
    """A model that was judged on three crystals: the second is wrong."""
    image, said = session.image_id, ("RES", "RES", "SA")
    rows = zip(crystals, ("RES", "PES", "SA"), said, strict=True)
    session.model_id = add_model(store, [(image, *row) for row in rows])
    return crystals


@pytest.fixture
def many(session, store, outline):
    """A model that was judged on twelve crystals."""
    crystals = outline(places=[(4 * row, 5 * col) for row in range(3) for col in range(4)])
    rows = [(session.image_id, each, "RES", "PES") for each in crystals]
    session.model_id = add_model(store, rows)
    return crystals


@pytest.fixture
def judgement(session):
    return Judgement(session)


@pytest.fixture
def dialogs(tmp_path):
    return NoDialogs(tmp_path / "figure")


@pytest.fixture
def results(panel, session, judgement, classifier, dialogs, busy, workbench, judged):
    controller = ResultsController(
        panel, session, judgement, classifier, dialogs=dialogs, busy=busy, owner=workbench
    )
    yield controller
    controller.close()


@pytest.fixture
def layout(results, panel, session, judgement, classifier, busy, workbench):
    controller = LayoutController(
        panel.results, session, judgement, classifier, busy=busy, owner=workbench
    )
    yield controller
    controller.close()


def laid_out(crystals, groups):
    places = np.linspace(0.2, 0.8, 2 * len(crystals)).reshape(-1, 2)
    return FeatureMap(tuple(crystals), tuple(groups), CODES, places, np.zeros((4, 64, 64)))


def test_a_chosen_crystal_is_selected_on_its_micrograph(results, panel, session, judged):
    panel.results.dots.dots_chosen.emit([judged[1]])
    assert session.crystal_id == judged[1]


def test_others_are_told_which_crystals_were_chosen(results, panel, judged):
    told = []
    results.crystals_chosen.connect(lambda ids, title: told.append((ids, title)))
    panel.results.crystals_chosen.emit(judged[:2], "a bin")
    assert told == [(judged[:2], "a bin")]


def test_a_cell_tells_its_crystals_too(results, panel, judged):
    told = []
    results.crystals_chosen.connect(lambda ids, title: told.append((ids, title)))
    panel.cell_chosen.emit("PES", "RES")
    assert told == [([judged[1]], "PES to the experts, RES to the network")]


def test_the_arrows_walk_around_the_chosen_crystals(results, panel, session, judged):
    panel.results.crystals_chosen.emit(judged[:2], "a bin")
    walked = [session.crystal_id]
    panel.step_requested.emit(1)
    walked.append(session.crystal_id)
    panel.step_requested.emit(1)
    walked.append(session.crystal_id)
    panel.step_requested.emit(-1)
    walked.append(session.crystal_id)
    assert walked == [judged[0], judged[1], judged[0], judged[1]]


def test_the_place_in_the_walk_is_said(results, panel, judged):
    panel.show_page("Results")
    panel.results.crystals_chosen.emit(judged[:2], "a bin")
    panel.step_requested.emit(1)
    assert (panel._chosen.text(), panel.next_button.isVisible()) == ("a bin: 2 of 2", True)


def test_deleted_crystals_are_left_out(results, panel, session, store, judged):
    store.delete_crystals([judged[0]])
    panel.results.crystals_chosen.emit(judged[:2], "a bin")
    assert session.crystal_id == judged[1]


def test_crystals_that_are_all_gone_are_told(results, panel, store, judged, told):
    store.delete_crystals([judged[0]])
    panel.results.crystals_chosen.emit([judged[0]], "a bin")
    assert told == [("warning", "These crystals are not in the project any more.")]


def test_crystals_of_a_blind_micrograph_stay_closed(results, panel, session, store, judged, told):
    store.rounds.open([session.image_id], ["AY", "MK"])
    panel.results.crystals_chosen.emit(judged, "a bin")
    assert (session.crystal_id, "label blind" in told[-1][1]) == (None, True)


def test_one_figure_is_saved_with_what_it_is_drawn_from(results, panel, classifier, dialogs):
    panel.results.figure_requested.emit("roc")
    asked = classifier.last
    assert (asked.method, asked.arguments["name"]) == ("draw_figure", "roc")
    assert asked.arguments["path"] == dialogs.path.with_suffix(".svg")
    assert asked.arguments["evaluated"].truth == ("RES", "PES", "SA")


def test_all_figures_are_saved_into_a_folder(results, panel, classifier, dialogs, told):
    panel.results.figures_requested.emit()
    classifier.last.listener.done(dialogs.path)
    assert (classifier.last.arguments["folder"], "CSV" in told[-1][1]) == (dialogs.path, True)


def test_dots_that_are_not_there_yet_cannot_be_saved(results, panel, classifier, told):
    panel.results.figure_requested.emit("tsne")
    assert (classifier.asked, "not laid out" in told[0][1]) == ([], True)


def test_a_figure_that_cannot_be_drawn_is_told(results, panel, classifier, busy, told):
    panel.results.figure_requested.emit("roc")
    classifier.last.listener.failed(ModelError("No room."))
    assert (told, busy._running) == ([("warning", "No room.")], [])


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


def test_where_few_were_judged_every_crystal_is_laid_out(layout, panel, classifier, judged):
    layout.activate(True)
    assert classifier.last.arguments["groups"] == ["not predicted"] * 3
    assert panel.results.which.currentData() == EVERY


def test_every_crystal_is_coloured_anew_when_it_is_predicted(
    layout, session, store, classifier, judged
):
    layout.activate(True)
    said = [predicted(session.model_id, each, "AA") for each in judged]
    store.write_predictions(session.model_id, session.image_id, said)
    session.tell_predicted()
    assert classifier.last.arguments["groups"] == ["AA"] * 3


def test_dots_say_who_is_wrong(layout, panel, classifier, judged):
    layout.activate(True)
    classifier.last.listener.done(laid_out(judged, ["RES", "PES", "SA"]))
    assert [each.wrong for each in panel.results.dots.dots] == [False, True, False]


def test_every_crystal_is_coloured_by_the_network(
    layout, panel, session, store, classifier, judged
):
    said = [predicted(session.model_id, judged[0], "AA")]
    store.write_predictions(session.model_id, session.image_id, said)
    panel.results.layout_requested.emit(EVERY)
    assert classifier.last.arguments["groups"] == ["AA", "not predicted", "not predicted"]


def test_a_layout_of_another_model_comes_too_late(
    layout, panel, session, store, classifier, judged
):
    layout.activate(True)
    late = classifier.last.listener
    session.model_id = add_model(store, [(session.image_id, judged[0], "RES", "RES")])
    late.done(laid_out(judged, ["RES", "PES", "SA"]))
    assert panel.results.dots.dots == ()


def test_too_few_crystals_are_told_on_the_page(layout, panel, classifier):
    layout.activate(True)
    classifier.last.listener.failed(ModelError("t-SNE needs 10 crystals or more."))
    assert panel.results.dots_text.text() == "t-SNE needs 10 crystals or more."


def test_a_blind_micrograph_is_not_laid_out(layout, session, store, classifier, judged):
    store.rounds.open([session.image_id], ["AY", "MK"])
    layout.activate(True)
    assert classifier.asked == []


@pytest.fixture
def models(panel, session, dialogs, judged):
    controller = ModelsController(panel, session, dialogs=dialogs)
    controller.activate(True)
    yield controller
    controller.close()


def test_models_stand_side_by_side(models, panel, session, store):
    session.model_id = add_model(store)
    rows = panel.compare.table.rows
    assert [each.values[0] for each in rows] == ["Model 1", "Model 2"]
    assert [each.values[1] for each in rows] == [pytest.approx(2 / 3), None]


def test_models_of_the_same_labels_can_be_compared(models, panel, session, store, judged):
    session.model_id = add_model(store, [(session.image_id, judged[0], "RES", "RES")])
    assert "can be compared" in panel.compare.said.text()


def test_one_judged_model_has_nothing_to_be_compared_with(models, panel, session, store):
    session.model_id = add_model(store)
    assert panel.compare.said.text() == ""


def test_a_row_that_is_clicked_is_the_model_in_use(models, panel, session, store):
    first = session.model_id
    session.model_id = add_model(store)
    panel.compare.table.row_chosen.emit(first)
    assert session.model_id == first


def test_a_damaged_model_leaves_the_others_in_the_table(models, panel, session, store):
    broken = add_model(store)
    (store.model_folder(broken) / "model.json").write_text("{")
    models.activate(True)
    assert len(panel.compare.table.rows) == 1


def test_the_table_is_saved_unrounded(models, panel, dialogs):
    panel.compare.save_requested.emit()
    assert repr(2 / 3) in dialogs.path.read_text()


@pytest.fixture
def survey(panel, session, store, judged):
    controller = SurveyController(panel.predict, session)
    sure = zip(judged, ("RES", "PES", "RES"), (0.9, 0.4, 0.8), strict=True)
    said = [predicted(session.model_id, *each) for each in sure]
    store.write_predictions(session.model_id, session.image_id, said)
    session.tell_predicted()
    yield controller
    controller.close()


def shares(panel):
    return {each.values[0]: each.values[1:] for each in panel.predict.shares.rows}


def test_crystals_are_counted_by_class_and_area(survey, panel):
    assert shares(panel)["RES"] == (2, 66.7, 66.7)


def test_doubtful_crystals_are_left_open(survey, panel, session):
    panel.predict.abstain.setValue(50)
    assert (session.abstain, shares(panel)["unsure"]) == (0.5, (1, 33.3, 33.3))


def test_closing_lets_go_of_the_session(
    panel, session, canvas, judgement, classifier, dialogs, busy, workbench
):
    before = listeners(session, canvas)
    shared = {"busy": busy, "owner": workbench}
    made = [
        ResultsController(panel, session, judgement, classifier, dialogs=dialogs, **shared),
        LayoutController(panel.results, session, judgement, classifier, **shared),
        ModelsController(panel, session, dialogs=dialogs),
        SurveyController(panel.predict, session),
    ]
    [each.close() for each in made]
    assert listeners(session, canvas) == before
