"""Teal boxes around errors."""

import pytest
from fakes import listeners
from maps_desk import maps, opened, page  # noqa: F401
from window_material import predicted, square

from microcrystalnet.domain.colours import TEAL
from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.errors import SilentFolderError
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.storage.others import OtherAnswers
from microcrystalnet.storage.project_store import ProjectStore
from napari_mcn import slices
from napari_mcn.controllers.maps_controller import (
    BLIND,
    COUNTING,
    UNCOUNTED,
    UNPREDICTED,
    MapsController,
)
from napari_mcn.panels.maps_page import LOOK, PREDICT


@pytest.fixture
def patiently(monkeypatch):
    """Pause after every step, as in a project of many answers."""
    monkeypatch.setattr(slices, "SLICE_S", 0)
    monkeypatch.setattr(slices, "AT_LEAST", 1)


def boxed(canvas):
    return canvas.sheet.boxes.masks


def test_errors_are_boxed_with_the_predicted_classes(maps, page, canvas, session, named):
    page.boxes.click()
    assert boxed(canvas) == [session.crystals[named[2]].mask]
    assert canvas.sheet.predicted.visible


def test_what_the_colours_mean_is_said_while_they_lie_on_the_micrograph(maps, page):
    before = page.legend.isVisible()
    page.boxes.click()
    assert (before, page.legend.isVisible()) == (False, True)
    assert "AA" in page.legend.text() and TEAL in page.legend.text()


def test_the_next_step_follows_whether_something_is_predicted(maps, page, session):
    predicted = page.next_step.text()
    session.model_id = None
    assert (predicted, page.next_step.text()) == (LOOK, PREDICT)


def test_boxes_come_again_when_the_micrograph_is_shown_anew(maps, page, canvas, session, named):
    page.boxes.click()
    session.project.set_region(session.image_id, Region(0, 0, 59, 79))
    assert boxed(canvas) == [session.crystals[named[2]].mask]


def test_the_boxes_can_be_taken_away(maps, page, canvas):
    page.boxes.click()
    page.boxes.click()
    assert boxed(canvas) == []


def test_the_number_of_errors_is_said(maps, page):
    assert "contradicts the settled class of 1 crystal here" in page._errors.text()


def test_a_changed_outline_is_no_error_any_more(maps, page, canvas, session, store, named):
    page.boxes.click()
    said = predicted(session.model_id, named[2])
    object.__setattr__(said, "outline", session.crystals[named[2]].mask.digest)
    store.write_predictions(session.model_id, session.image_id, [said])
    session.tell_predicted()
    store.put_mask(session.image_id, square(5, 5), MaskSource.MANUAL, crystal_id=named[2])
    assert boxed(canvas) == []


def test_boxes_that_stay_on_the_next_micrograph_count_as_seen_there(
    maps, page, session, store, named, draw
):
    page.boxes.click()
    store.become("MK")
    path = draw("other.tif", 1)
    other = store.add_micrograph(path, describe(path)).image_id
    there = store.put_mask(other, square(5, 5), MaskSource.MANUAL).crystal_id
    store.label(there, Answer("AA"))
    store.become("AY")
    said = [predicted(session.model_id, there)]
    store.write_predictions(session.model_id, other, said)
    session.show(other)
    label = store.label(there, Answer("AA"))
    assert (label.blind, label.assist) == (False, "prediction")


def test_errors_that_are_only_counted_leave_labels_blind(maps, store, named):
    label = store.label(named[2], Answer("RES"))
    assert (label.blind, label.assist) == (True, "none")


def test_the_next_expert_is_told_nothing_by_boxes_that_go(maps, page, session, store, named):
    page.boxes.click()
    session.become("RS")
    label = store.label(named[2], Answer("RES"))
    assert (label.blind, label.assist) == (True, "none")


def test_the_next_expert_sees_no_boxes(maps, page, canvas, session):
    page.boxes.click()
    session.become("MK")
    assert boxed(canvas) == []


def test_errors_of_the_micrograph_open_the_gallery(maps, page, opened, named):
    page.gallery_button.click()
    assert opened == [(named[2],)]


def test_an_answer_given_here_is_counted_without_reading_the_other_experts(
    maps, page, canvas, store, named, monkeypatch
):
    page.boxes.click()
    read = []
    monkeypatch.setattr(OtherAnswers, "read", lambda *asked: read.append(asked) or iter(()))
    store.clear_label(named[2])
    assert (boxed(canvas), read) == ([], [])
    assert "contradicts the settled class of 0 crystals here" in page._errors.text()


def test_the_errors_of_one_micrograph_are_not_shown_as_those_of_the_next(
    maps, session, opened, told
):
    session.show(None)
    maps.show_gallery()
    assert (opened, told) == ([], [("warning", UNCOUNTED)])


def test_a_large_project_is_counted_while_the_window_answers(page, maps, patiently, qtbot):
    maps.activate(True)
    said = page._errors.text()
    qtbot.waitUntil(lambda: "1 crystal here" in page._errors.text())
    assert (said, page.boxes.isEnabled()) == (COUNTING, True)


def test_what_is_answered_while_errors_are_counted_counts(
    page, maps, patiently, store, named, qtbot
):
    maps.activate(True)
    store.clear_label(named[2])
    qtbot.waitUntil(page.boxes.isEnabled)
    assert "0 crystals here" in page._errors.text()


def test_counting_can_be_cancelled_and_begun_again(page, maps, patiently, busy, qtbot):
    maps.activate(True)
    busy.cancel()
    said = page._errors.text()
    page.boxes.click()
    qtbot.waitUntil(lambda: "1 crystal here" in page._errors.text())
    assert (said, page.boxes.isChecked()) == (UNCOUNTED, True)


def test_a_project_that_is_closed_meanwhile_is_not_counted_on(page, maps, patiently, session):
    maps.activate(True)
    session.close()
    assert (page._errors.text(), maps._slices.running) == (UNPREDICTED, False)


def test_predictions_that_cannot_be_read_are_told_in_a_sentence(maps, session, told, monkeypatch):
    def silent(*_):
        raise SilentFolderError("The folder does not answer.")

    monkeypatch.setattr(ProjectStore, "predictions", silent)
    session.tell_predicted()
    assert told == [("warning", "The folder does not answer.")]


def test_while_labelling_blind_neither_boxes_nor_maps_come(
    maps, page, canvas, session, store, told
):
    store.rounds.open([session.image_id], ["AY", "MK"])
    maps.show_boxes(True)
    maps.show_maps()
    assert (boxed(canvas), maps.window) == ([], None)
    assert told[-1][1].startswith("You label this micrograph blind")


def test_while_labelling_blind_the_page_says_that_predictions_are_closed(
    maps, page, session, store
):
    store.rounds.open([session.image_id], ["AY", "MK"])
    assert page.next_step.text() == BLIND
    assert page.maps_button.toolTip() == BLIND
    assert not page._errors.isVisible()


def test_closing_lets_go_of_the_session(page, session, canvas, busy):
    before = listeners(session, canvas)
    MapsController(
        page, session, canvas, busy=busy, show_classes=lambda _: None, open_gallery=lambda *_: None
    ).close()
    assert listeners(session, canvas) == before
