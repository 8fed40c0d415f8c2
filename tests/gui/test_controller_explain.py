"""Asking why: the request, the overlay, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from explain_desk import FRAME
from fakes import listeners
from qtpy.QtCore import Qt
from round_scene import open_elsewhere
from window_material import ROCKS, add_model, predicted

from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import EngineError
from microcrystalnet.explain.outline import mask_in_crop
from microcrystalnet.imaging.colour_scales import INFERNO
from microcrystalnet.imaging.crops import CropFrame
from napari_mcn.controllers.explain_controller import ExplainController
from napari_mcn.exhibit import Shown

LEFT = Qt.MouseButton.LeftButton


def test_selecting_a_crystal_asks_about_it(asked, explainer, crystals):
    assert explainer.last.method == "explain"
    assert explainer.last.arguments["example"].crystal_id == crystals[0]


def test_while_the_page_is_not_in_front_nothing_is_asked(
    explain, session, store, crystals, explainer
):
    session.model_id = add_model(store)
    session.crystal_id = crystals[0]
    assert explainer.asked == []


def test_coming_to_the_page_loads_the_model_before_the_first_click(
    explain, session, store, crystals, explainer
):
    session.model_id = add_model(store)
    explain.activate(True)
    assert (explainer.last.method, explainer.last.arguments["example"].crystal_id) == (
        "warm",
        crystals[0],
    )


def test_coming_to_the_page_asks_about_the_selected_crystal(
    explain, session, store, crystals, explainer
):
    session.model_id = add_model(store)
    session.crystal_id = crystals[1]
    explain.activate(True)
    assert explainer.last.method == "explain"


def test_the_answer_is_laid_where_the_crop_was_cut(asked, explanation, explainer, canvas, crystals):
    explainer.last.listener.done(explanation(crystals[0]))
    assert canvas.sheet.overlay.shown[1] == FRAME


def test_a_masked_crop_s_map_lies_on_its_crystal_only(
    asked, explanation, explainer, canvas, session, crystals
):
    frame = CropFrame.around(session.crystal.mask.region, 64, margin=0.5)
    said = replace(explanation(crystals[0], frame=frame), masked=True)
    explainer.last.listener.done(said)
    inside = mask_in_crop(session.crystal.mask, frame)
    assert np.array_equal(np.isfinite(canvas.sheet.overlay.shown[0]), inside)


def test_a_map_of_what_surrounds_the_crystal_too_ends_at_the_micrograph_s_edge(
    asked, explanation, explainer, canvas, crystals
):
    said = replace(explanation(crystals[0], frame=CropFrame(-10.5, -0.5, 64, 64)), masked=False)
    explainer.last.listener.done(said)
    assert np.isfinite(canvas.sheet.overlay.shown[0]).sum() == (64 - 10) * 64


def test_the_answer_brings_the_probabilities(
    asked, explanation, explainer, explain_panel, crystals
):
    explainer.last.listener.done(explanation(crystals[0]))
    assert dict(explain_panel.why.bars.bars)["RES"] == 0.7


def test_what_is_said_of_a_crystal_after_its_map_is_assisted(
    asked, explain, explanation, explainer, store, crystals
):
    explainer.last.listener.done(explanation(crystals[0]))
    explain.activate(False)
    said = [store.label(each, Answer("RES")).assist for each in crystals[:2]]
    assert said == ["saliency", "none"]


def test_a_map_goes_when_a_round_of_another_computer_closes_it(
    asked, explanation, explainer, explain_panel, canvas, session, store, crystals, tmp_path
):
    explainer.last.listener.done(explanation(crystals[0]))
    open_elsewhere(store, session.image_id, tmp_path)
    store.refresh()
    assert (canvas.sheet.overlay.shown, explain_panel.why.bars.bars) == (None, ())


def test_bars_of_probabilities_in_view_tell_a_prediction(
    explain, session, store, crystals, modelled
):
    said = [predicted(session.model_id, each) for each in crystals]
    store.write_predictions(session.model_id, session.image_id, said)
    session.tell_predicted()
    session.crystal_id = crystals[0]
    unseen = store.label(crystals[0], Answer("RES")).assist
    explain.activate(True)
    assert (unseen, store.label(crystals[0], Answer("RES")).assist) == ("none", "prediction")


def test_an_answer_for_a_crystal_that_was_left_is_not_shown(
    asked, explanation, explainer, canvas, session, crystals
):
    first = explainer.last
    session.crystal_id = crystals[1]
    first.listener.done(explanation(crystals[0]))
    assert canvas.sheet.overlay.shown is None


def test_an_answer_by_a_method_that_was_left_is_not_shown(
    asked, explanation, explainer, canvas, explain_panel, crystals
):
    first = explainer.last
    explain_panel.why.method_chosen.emit("smoothgrad")
    first.listener.done(explanation(crystals[0]))
    assert canvas.sheet.overlay.shown is None


def test_a_crystal_deleted_while_it_is_explained_leaves_no_map(
    asked, explanation, explainer, canvas, store, crystals
):
    store.delete_crystals([crystals[0]])
    explainer.last.listener.done(explanation(crystals[0]))
    assert canvas.sheet.overlay.shown is None


def test_the_map_of_a_deleted_crystal_goes(asked, explanation, explainer, canvas, store, crystals):
    explainer.last.listener.done(explanation(crystals[0]))
    store.delete_crystals([crystals[0]])
    assert canvas.sheet.overlay.shown is None


def test_the_map_stays_until_the_next_one_is_there(
    asked, explanation, explainer, canvas, session, crystals
):
    explainer.last.listener.done(explanation(crystals[0]))
    session.crystal_id = crystals[1]
    assert canvas.sheet.overlay.shown is not None
    explainer.last.listener.done(explanation(crystals[1], values=2))
    assert canvas.sheet.overlay.shown[0].max() == 2


def test_selecting_nothing_takes_the_map_away(
    asked, explanation, explainer, canvas, session, crystals
):
    explainer.last.listener.done(explanation(crystals[0]))
    session.crystal_id = None
    assert canvas.sheet.overlay.shown is None


@pytest.mark.parametrize(
    ("signal", "value", "name"),
    [
        ("target_chosen", "PES", "target"),
        ("method_chosen", "integrated", "method"),
    ],
)
def test_another_question_is_asked_at_once(asked, explainer, explain_panel, signal, value, name):
    getattr(explain_panel.why, signal).emit(value)
    assert explainer.last.arguments[name] == value


def test_a_block_is_asked_for_with_gradcam_only(asked, explainer, explain_panel):
    explain_panel.why.block_chosen.emit(2)
    assert explainer.last.arguments["block"] is None
    explain_panel.why.method_chosen.emit("gradcam")
    assert explainer.last.arguments["block"] == 2


def test_the_blocks_and_classes_of_the_model_are_offered(asked, explain_panel):
    assert (explain_panel.why.block.count(), explain_panel.why.target.count()) == (3, 5)


def test_a_model_that_lacks_its_folder_is_told(explain, session, told):
    session.model_id = "gone"
    assert "train a model first" in told[0][1]


def test_a_model_of_other_classes_explains_in_its_own(explain, session, store, explain_panel):
    session.model_id = add_model(store, scheme=ROCKS)
    assert explain_panel.why.target.itemData(1) == "A"


def test_leaving_the_page_takes_the_overlay_away(asked, explanation, explainer, canvas, crystals):
    explainer.last.listener.done(explanation(crystals[0]))
    explainer.late = True  # as nothing is asked any more
    asked.activate(False)
    assert canvas.sheet.overlay.shown is None


def test_a_killed_engine_is_told_and_can_be_asked_again(asked, explainer, explain_panel, told):
    explainer.last.listener.failed(EngineError("The explainer engine stopped."))
    assert (told, explain_panel.explain_button.isEnabled()) == (
        [("warning", "The explainer engine stopped.")],
        True,
    )


def test_a_changed_outline_is_explained_anew(asked, explainer, store, session):
    before = len(explainer.asked)
    smaller = Mask.from_pixels(np.ones((9, 9)), 5, 5)
    store.correct([replace(session.crystal, mask=smaller)], text="Cut")
    assert len(explainer.asked) == before + 1


def test_without_a_crystal_it_says_what_to_do(explain, session, store, told):
    session.model_id = add_model(store)
    explain.explain()
    assert told == [("warning", "Select a crystal first: click it, or press K.")]


def test_without_a_model_it_says_what_to_do(explain, session, crystals, told):
    session.crystal_id = crystals[0]
    explain.explain()
    assert told == [("warning", "There is no classifier yet: train one on the Model page.")]


def test_without_a_model_the_page_asks_nothing(explain, session, crystals, explainer, told):
    explain.activate(True)
    session.crystal_id = crystals[0]
    assert (explainer.asked, told) == ([], [])


def test_what_is_predicted_of_the_crystal_is_shown(
    explain, explain_panel, session, store, crystals
):
    session.model_id = add_model(store)
    session.crystal_id = crystals[0]
    said = [predicted(session.model_id, crystals[0])]
    store.write_predictions(session.model_id, session.image_id, said)
    session.tell_predicted()
    assert explain_panel.why.bars.bars[0] == ("RES", 0.7)


def test_what_an_older_model_said_is_not_shown_as_this_one_s(
    explain, explain_panel, session, store, crystals
):
    older = add_model(store)
    store.write_predictions(older, session.image_id, [predicted(older, crystals[0])])
    session.model_id = add_model(store)
    session.crystal_id = crystals[0]
    assert explain_panel.why.bars.bars == ()


def test_the_model_is_called_as_on_the_model_page(explain, explain_panel, session, store):
    session.model_id = add_model(store)
    assert explain_panel._model_name.text() == "Model 1"


def test_the_maps_of_all_crystals_are_spoken_of_once_they_are_there(
    asked, explain_panel, exhibit, inquiry, session
):
    inquiry.ask(everywhere=True)
    exhibit.clear()
    before = explain_panel.next_step.text()
    values = np.ones((60, 80), np.float32)
    exhibit.show(Shown(values, None, INFERNO, (0, 1), "S", "Bright.", session.micrograph.region))
    assert before == "The maps appear together, once every crystal is explained."
    assert explain_panel.next_step.text().startswith("Hold H")


def test_closing_lets_go_of_the_session(
    explain_panel, session, canvas, exhibit, inquiry, explainer, busy, workbench
):
    before = listeners(session, canvas), len(inquiry.changed)
    ExplainController(
        explain_panel, session, exhibit, inquiry, explainer, busy=busy, owner=workbench
    ).close()
    assert (listeners(session, canvas), len(inquiry.changed)) == before


def test_a_share_that_hangs_is_told_when_a_crystal_is_selected(
    asked, session, crystals, silent_share, told
):
    session.crystal_id = crystals[1]
    assert told[-1] == ("warning", silent_share)
