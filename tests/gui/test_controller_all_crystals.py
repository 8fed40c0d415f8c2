"""All crystals of a micrograph explained at once."""

import numpy as np
import pytest
from explain_desk import ids
from qtpy.QtCore import Qt
from round_scene import open_elsewhere
from window_material import square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.errors import EngineError
from microcrystalnet.explain.words import EXPLAINING
from microcrystalnet.imaging.crops import CropFrame
from microcrystalnet.progress import Progress
from napari_mcn.controllers import all_crystals_controller
from napari_mcn.controllers.all_crystals_controller import AllCrystalsController

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(explain_panel):
    return explain_panel


@pytest.fixture
def everywhere(panel, modelled, exhibit, inquiry, explainer, busy, workbench, monkeypatch):
    """All crystals are asked about, two at a time."""
    monkeypatch.setattr(all_crystals_controller, "AT_ONCE", 2)
    controller = AllCrystalsController(
        panel, modelled, exhibit, inquiry, explainer, busy=busy, owner=workbench
    )
    controller.activate(True)
    inquiry.ask(everywhere=True)
    yield controller
    controller.close()


@pytest.fixture
def reply(explainer, explanation, store, session):
    """Answer the last request about many crystals; each map holds one value."""

    def answer(value=2.0):
        asked = explainer.last
        found = []
        for each in asked.arguments["examples"]:
            frame = CropFrame.around(each.mask.region)
            made = explanation(each.crystal_id, frame=frame, method=asked.arguments["method"])
            made.values[...] = value
            found.append(made)
        asked.listener.done(found)

    return answer


def test_all_crystals_are_asked_about_in_batches(everywhere, explainer, reply, crystals):
    first = ids(explainer.last)
    reply()
    assert (first, ids(explainer.last)) == (crystals[:2], crystals[2:])


def test_maps_of_all_crystals_are_remembered_as_help_with_them(everywhere, reply, store, crystals):
    reply()
    before = store.label(crystals[0], Answer("RES")).assist
    reply()
    everywhere.activate(False)
    after = [store.label(each, Answer("RES")).assist for each in crystals]
    assert (before, after) == ("none", ["saliency"] * 3)


def test_an_expert_who_labels_blind_finds_no_maps_of_the_one_before(
    everywhere, reply, canvas, session, store
):
    reply()
    reply()
    store.rounds.open([session.image_id], ["MK", "RS"])
    session.become("MK")
    assert canvas.sheet.overlay.shown is None


def test_the_next_expert_gets_maps_of_what_is_open_to_them(everywhere, reply, canvas, session):
    reply()
    reply()
    session.become("MK")
    taken_away = canvas.sheet.overlay.shown is None
    reply()
    reply()
    assert (taken_away, canvas.sheet.overlay.shown is None) == (True, False)


def test_maps_go_when_a_round_of_another_computer_closes_them(
    everywhere, reply, canvas, session, store, tmp_path
):
    reply()
    reply()
    open_elsewhere(store, session.image_id, tmp_path)
    store.refresh()
    assert canvas.sheet.overlay.shown is None


def test_nothing_is_laid_before_the_last_batch(everywhere, reply, canvas):
    reply()
    assert canvas.sheet.overlay.shown is None


def test_all_maps_lie_on_the_micrograph_as_one(everywhere, reply, canvas, store, crystals):
    reply()
    reply()
    values, frame = canvas.sheet.overlay.shown
    inside = [store.state.crystal(each).mask.to_image(60, 80) for each in crystals]
    assert frame is None
    assert np.array_equal(np.isfinite(values), np.any(inside, axis=0))


def test_the_progress_row_counts_crystals(everywhere, reply, workbench):
    reply()
    assert (workbench.bar.value(), workbench.bar.maximum()) == (2, 3)


def test_the_progress_row_counts_within_a_batch(everywhere, explainer, workbench):
    explainer.last.listener.progress(Progress(2, 2, "Cutting crystals"))
    cut = workbench.bar.value()
    explainer.last.listener.progress(Progress(1, 2, EXPLAINING))
    assert (cut, workbench.bar.value(), workbench.bar.maximum()) == (0, 1, 3)


def test_the_progress_row_counts_on_in_the_next_batch(everywhere, explainer, reply, workbench):
    reply()
    explainer.last.listener.progress(Progress(0, 1, EXPLAINING))
    assert workbench.bar.value() == 2


def test_after_cancelling_the_page_says_how_to_begin_anew(everywhere, panel, workbench, qtbot):
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    assert panel.next_step.text() == "Press All crystals to explain them from the beginning."


def test_cancelling_asks_no_further_and_lays_nothing(
    everywhere, explainer, reply, workbench, canvas, qtbot
):
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    reply()
    assert (len(explainer.asked), explainer.forgotten[-1]) == (1, 1)
    assert canvas.sheet.overlay.shown is None
    assert not workbench.cancel_button.isVisible()


def test_a_crystal_deleted_meanwhile_has_no_map(everywhere, reply, store, crystals, canvas):
    reply()
    store.delete_crystals([crystals[0]])
    reply()
    mask = store.state.crystal(crystals[1]).mask
    values = canvas.sheet.overlay.shown[0]
    assert np.isnan(values[10, 10])
    assert np.isfinite(values[mask.row + 3, mask.col + 3])


def test_the_map_of_a_crystal_deleted_later_goes(everywhere, reply, store, crystals, canvas):
    reply()
    reply()
    store.delete_crystals([crystals[0]])
    assert np.isnan(canvas.sheet.overlay.shown[0][10, 10])


def test_another_question_starts_over(everywhere, explainer, reply, inquiry):
    reply()
    inquiry.ask(method="gradcam", block=1)
    assert explainer.last.arguments["method"] == "gradcam"
    assert len(ids(explainer.last)) == 2


def test_the_same_question_does_not_start_over_what_is_under_way(
    everywhere, explainer, inquiry, crystals
):
    inquiry.ask(everywhere=True)
    assert [ids(each) for each in explainer.asked] == [crystals[:2]]


def test_an_answer_to_the_question_before_is_dropped(everywhere, explainer, inquiry, canvas):
    first = explainer.last
    inquiry.ask(method="smoothgrad")
    before = len(explainer.asked)
    first.listener.done([])
    assert len(explainer.asked) == before


def test_each_crystal_has_its_own_scale_until_one_for_all_is_chosen(
    everywhere, reply, canvas, panel
):
    reply(2.0)
    reply(8.0)
    own = np.nanmax(canvas.sheet.overlay.shown[0])
    panel.why.own_scale_chosen.emit(False)
    assert (own, np.nanmax(canvas.sheet.overlay.shown[0])) == pytest.approx((1.0, 8.0))


def test_only_maps_of_one_scale_are_said_to_sum_to_the_change_of_a_score(
    everywhere, inquiry, reply, exhibit, panel
):
    inquiry.ask(method="integrated")
    reply()
    reply()
    own = exhibit.shown.meaning
    panel.why.own_scale_chosen.emit(False)
    assert own.endswith("blue ones against it. Each crystal has its own scale.")
    assert "sum to the change of its score" in exhibit.shown.meaning


def test_going_back_to_one_crystal_stops(everywhere, explainer, reply, inquiry, workbench):
    inquiry.ask(everywhere=False)
    reply()
    assert len(explainer.asked) == 1
    assert not workbench.cancel_button.isVisible()


def test_a_refusal_of_all_crystals_is_told_once(everywhere, explainer, told, workbench):
    explainer.last.listener.failed(EngineError("The explainer engine stopped."))
    assert told == [("warning", "The explainer engine stopped.")]
    assert not workbench.cancel_button.isVisible()


def test_a_micrograph_without_crystals_says_what_to_do(everywhere, store, session, told, crystals):
    store.delete_crystals(crystals)
    shown = session.image_id
    session.show(None)
    session.show(shown)
    assert told[-1][1] == "No crystal is outlined here: go to Segment first."


def test_a_share_that_hangs_ends_the_asking_and_is_told(
    everywhere, reply, silent_share, told, busy
):
    reply()
    assert (told, busy._running) == ([("warning", silent_share)], [])


@pytest.fixture
def laid(everywhere, reply):
    """All maps lie on the micrograph."""
    reply()
    reply()


def test_a_deleted_crystal_that_comes_back_is_explained_anew(
    laid, reply, store, crystals, explainer, canvas
):
    store.delete_crystals([crystals[0]])
    store.undo()
    asked = ids(explainer.last)
    reply()
    assert (asked, np.isfinite(canvas.sheet.overlay.shown[0][10, 10])) == (crystals[:1], True)


def test_a_changed_crystal_is_explained_anew(laid, store, session, crystals, explainer, workbench):
    store.put_mask(session.image_id, square(6, 42), MaskSource.MANUAL, crystal_id=crystals[1])
    assert ids(explainer.last) == [crystals[1]]
    assert workbench.bar.value() == 2


def test_a_crystal_changed_meanwhile_is_asked_about_once_more(
    everywhere, store, session, crystals, explainer, reply
):
    store.put_mask(session.image_id, square(6, 6), MaskSource.MANUAL, crystal_id=crystals[0])
    reply()
    assert ids(explainer.last) == [crystals[2], crystals[0]]


def test_with_every_crystal_deleted_there_is_no_map(laid, store, crystals, exhibit, panel):
    store.delete_crystals(crystals)
    assert exhibit.shown is None
    assert panel.next_step.text() == "No crystal is outlined here: go to Segment first."


def test_crystals_that_change_after_a_cancel_are_not_asked_about(
    everywhere, store, crystals, explainer, workbench, qtbot
):
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    store.delete_crystals(crystals[:1])
    store.undo()
    assert len(explainer.asked) == 1
