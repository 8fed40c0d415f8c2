"""From a figure to its crystals, and saving figures."""

from fakes import listeners
from results_desk import laid_out
from window_material import settle

from microcrystalnet.domain.label import Answer
from microcrystalnet.errors import ModelError
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.storage.state import ProjectState
from napari_mcn.controllers.layout_controller import LayoutController
from napari_mcn.controllers.models_controller import ModelsController
from napari_mcn.controllers.results_controller import ResultsController
from napari_mcn.controllers.survey_controller import SurveyController


def test_a_chosen_crystal_is_selected_on_its_micrograph(results, model_panel, session, judged):
    model_panel.results.dots.dots_chosen.emit([judged[1]])
    assert session.crystal_id == judged[1]


def test_a_single_dot_opens_the_gallery_as_several_do(
    results, model_panel, session, judged, monkeypatch
):
    opened = []
    monkeypatch.setattr(results, "_open_gallery", lambda title, ids: opened.append((title, ids)))
    model_panel.results.dots.dots_chosen.emit([judged[1]])
    assert opened == [("1 dot of the t-SNE", (judged[1],))]
    assert session.crystal_id == judged[1]


def test_others_are_told_which_crystals_were_chosen(results, model_panel, judged):
    told = []
    results.crystals_chosen.connect(lambda ids, title: told.append((ids, title)))
    model_panel.results.crystals_chosen.emit(judged[:2], "a bin")
    assert told == [(judged[:2], "a bin")]


def test_a_cell_tells_its_crystals_too(results, model_panel, judged):
    told = []
    results.crystals_chosen.connect(lambda ids, title: told.append((ids, title)))
    model_panel.cell_chosen.emit("PES", "RES")
    assert told == [([judged[1]], "PES to the experts when judged, RES to the network")]


def test_the_arrows_walk_around_the_chosen_crystals(results, model_panel, session, judged):
    model_panel.results.crystals_chosen.emit(judged[:2], "a bin")
    walked = [session.crystal_id]
    model_panel.step_requested.emit(1)
    walked.append(session.crystal_id)
    model_panel.step_requested.emit(1)
    walked.append(session.crystal_id)
    model_panel.step_requested.emit(-1)
    walked.append(session.crystal_id)
    assert walked == [judged[0], judged[1], judged[0], judged[1]]


def test_the_place_in_the_walk_is_said(results, model_panel, judged):
    model_panel.show_page("Results")
    model_panel.results.crystals_chosen.emit(judged[:2], "a bin")
    model_panel.step_requested.emit(1)
    assert (model_panel._chosen.text(), model_panel.next_button.isVisible()) == (
        "a bin: 2 of 2",
        True,
    )


def test_deleted_crystals_are_left_out(results, model_panel, session, store, judged):
    store.delete_crystals([judged[0]])
    model_panel.results.crystals_chosen.emit(judged[:2], "a bin")
    assert session.crystal_id == judged[1]


def test_a_click_decodes_no_masks_of_other_micrographs(
    results, model_panel, store, judged, draw, monkeypatch
):
    path, decode, decoded = draw("other.tif", seed=1), ProjectState.crystals, []
    other = store.add_micrograph(path, describe(path)).image_id

    def crystals(state, image_id):
        decoded.append(image_id)
        return decode(state, image_id)

    monkeypatch.setattr(ProjectState, "crystals", crystals)
    model_panel.results.crystals_chosen.emit([judged[1]], "One")
    assert other not in decoded


def test_crystals_that_are_all_gone_are_told(results, model_panel, store, judged, told):
    store.delete_crystals([judged[0]])
    model_panel.results.crystals_chosen.emit([judged[0]], "a bin")
    assert told == [("warning", "These crystals are not in the project any more.")]


def test_crystals_of_a_blind_micrograph_stay_closed(
    results, model_panel, session, store, judged, told
):
    store.rounds.open([session.image_id], ["AY", "MK"])
    model_panel.results.crystals_chosen.emit(judged, "a bin")
    assert (session.crystal_id, "label blind" in told[-1][1]) == (None, True)


def test_one_figure_is_saved_with_what_it_is_drawn_from(results, model_panel, classifier, dialogs):
    model_panel.results.figure_requested.emit("roc")
    asked = classifier.last
    assert (asked.method, asked.arguments["name"]) == ("draw_figure", "roc")
    assert asked.arguments["path"] == dialogs.path.with_suffix(".svg")
    assert dialogs.asked == [((".svg", ".pdf", ".png"), (".csv",))]
    assert asked.arguments["evaluated"].truth == ("RES", "PES", "SA")


def test_all_figures_are_saved_into_a_folder(results, model_panel, classifier, dialogs, told):
    model_panel.results.figures_requested.emit()
    classifier.last.listener.done(dialogs.path)
    assert (classifier.last.arguments["folder"], "CSV" in told[-1][1]) == (dialogs.path, True)


def test_the_saved_table_of_the_dots_counts_as_told(results, store, judgement, judged):
    settle(store, judged, ["RES", "PES", "SA"])
    store.become("GV")
    judgement.feature_map = laid_out(judged[:2], ("RES", "PES"))
    results.save_figure("reliability")
    before = store.label(judged[0], Answer("RES"))
    results.save_figure("tsne")
    after = [store.label(each, Answer("RES")) for each in judged]
    assert (before.blind, before.assist) == (True, "none")
    assert [each.assist for each in after] == ["prediction", "prediction", "none"]
    assert [each.blind for each in after] == [False, False, True]


def test_dots_that_are_not_there_yet_cannot_be_saved(results, model_panel, classifier, told):
    model_panel.results.figure_requested.emit("tsne")
    assert (classifier.asked, "not laid out" in told[0][1]) == ([], True)


def test_a_figure_that_cannot_be_drawn_is_told(results, model_panel, classifier, busy, told):
    model_panel.results.figure_requested.emit("roc")
    classifier.last.listener.failed(ModelError("No room."))
    assert (told, busy._running) == ([("warning", "No room.")], [])


def test_closing_lets_go_of_the_session(
    model_panel, session, canvas, judgement, classifier, dialogs, busy, workbench
):
    before = listeners(session, canvas)
    shared = {"busy": busy, "owner": workbench}
    made = [
        ResultsController(model_panel, session, judgement, classifier, dialogs=dialogs, **shared),
        LayoutController(model_panel.results, session, judgement, classifier, **shared),
        ModelsController(model_panel, session, dialogs=dialogs),
        SurveyController(model_panel.predict, session),
    ]
    [each.close() for each in made]
    assert listeners(session, canvas) == before
