"""One key for all crystals selected on the plate."""

import pytest
from fakes import listeners

from microcrystalnet.domain.label import Answer, Flag
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.domain.scheme_rules import with_retired
from napari_mcn.controllers.label_controller import LabelController
from napari_mcn.controllers.plate_controller import PlateController
from napari_mcn.panels.label_panel import LabelPanel
from napari_mcn.panels.plate_page import OPEN, READING, PlatePage
from napari_mcn.remarks import Remarks


@pytest.fixture
def page(qtbot):
    made = PlatePage()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def remarks():
    return Remarks()


@pytest.fixture
def plate(qtbot, page, session, canvas, crystals, remarks, told):
    controller = PlateController(page, session, canvas, remarks)
    page.order_chosen.emit(READING)
    controller.activate(True)
    yield controller
    controller.close()


@pytest.fixture
def labels(qtbot, plate, session, canvas, remarks):
    panel = LabelPanel()
    qtbot.addWidget(panel)
    controller = LabelController(panel, session, canvas, remarks, plate)
    yield controller
    controller.close()


def answers(session):
    labels = session.project.state.labels().values()
    return {label.crystal_id: label.answer for label in labels}


def test_a_class_key_names_all_that_are_selected(labels, page, session, crystals):
    page.plate.select(crystals[:2])
    labels.press_digit("2")
    assert answers(session) == {crystals[0]: Answer("PES"), crystals[1]: Answer("PES")}


def test_they_are_one_undo_step(labels, page, session, crystals):
    page.plate.select(crystals)
    labels.press_digit("2")
    session.project.undo()
    assert answers(session) == {}


def test_each_has_a_line_of_its_own_with_its_time(labels, page, session, crystals):
    page.plate.select(crystals)
    labels.press_digit("2")
    session.project.flush()
    lines = "".join(p.read_text() for p in session.project.folder.rglob("*.label.jsonl"))
    assert (lines.count('"label.set"'), lines.count('"ms":null')) == (3, 0)


def test_the_next_one_without_an_answer_is_selected_then(labels, page, crystals):
    page.plate.select([crystals[0]])
    labels.press_digit("1")
    assert page.plate.selected == [crystals[1]]


def test_what_was_named_shows_it(labels, page, crystals):
    page.plate.select(crystals[:1])
    labels.press_digit("1")
    item = page.plate.items[0]
    assert (item.badge, item.colour) == ("RES", FOUR_CLASSES["RES"].colour)


def test_unclear_and_discarded_have_marks(labels, page, crystals):
    page.plate.select(crystals[:1])
    labels.choose_unclear()
    labels.discard()
    assert [each.badge for each in page.plate.items] == ["?", "✕", ""]


def test_withdrawing_takes_all_selected_answers_away(labels, page, session, crystals):
    page.plate.select(crystals)
    labels.press_digit("1")
    page.plate.select(crystals[:2])
    labels.clear()
    assert list(answers(session)) == [crystals[2]]


def test_with_nothing_selected_the_key_means_the_crystal_in_view(labels, page, session, crystals):
    session.crystal_id = crystals[2]
    page.plate.select([])
    labels.press_digit("3")
    assert answers(session) == {crystals[2]: Answer("AA")}


def test_behind_another_page_the_plate_means_nothing(labels, plate, page, session, crystals):
    page.plate.select(crystals[:2])
    plate.activate(False)
    session.crystal_id = crystals[2]
    labels.press_digit("3")
    assert answers(session) == {crystals[2]: Answer("AA")}


def test_the_plate_follows_the_viewer(plate, page, session, crystals):
    page.plate.select(crystals[:2])
    session.crystal_id = crystals[2]
    assert page.plate.selected == [crystals[2]]


def test_one_chosen_crystal_comes_into_view(plate, page, session, crystals):
    page.plate.select([crystals[1]])
    assert session.crystal_id == crystals[1]


def test_a_note_of_each_stays_its_own(labels, page, session, crystals):
    session.project.label(crystals[0], Answer("RES", frozenset({Flag.UNSURE}), "worn"))
    page.plate.select(crystals[:2])
    labels.press_digit("2")
    assert answers(session) == {crystals[0]: Answer("PES", note="worn"), crystals[1]: Answer("PES")}


def test_only_what_has_no_answer_yet_can_be_shown(plate, page, session, crystals):
    session.project.label(crystals[0], Answer("RES"))
    page.shown_chosen.emit(OPEN)
    assert [each.key for each in page.plate.items] == crystals[1:]


def test_only_one_class_can_be_shown(plate, page, session, crystals):
    session.project.label(crystals[1], Answer("RES"))
    page.shown_chosen.emit("RES")
    assert [each.key for each in page.plate.items] == [crystals[1]]


def test_look_alikes_come_together_in_the_background(qtbot, plate, page, crystals):
    with qtbot.waitSignal(plate._job.finished):
        page.order_chosen.emit("alike")
    assert sorted(each.key for each in page.plate.items) == sorted(crystals)


def test_an_order_of_another_micrograph_comes_too_late(plate, page, session, crystals):
    before = page.plate.items
    plate._alike = True
    plate._on_ordered(((None, frozenset()), tuple(reversed(crystals))))
    assert page.plate.items == before


def test_a_class_that_is_gone_is_refused_for_all(labels, page, session, crystals, told):
    page.plate.select(crystals)
    session.project.set_scheme(with_retired(FOUR_CLASSES, "AA"))
    labels.choose_class("AA")
    assert (answers(session), told[0][0]) == ({}, "warning")


def test_pictures_are_cut_at_one_scale(plate, page, crystals):
    pictures = [page.plate._items._picture_of(each) for each in crystals]
    assert len({each.shape for each in pictures}) == 1


def test_deleted_crystals_leave_the_plate(plate, page, session, crystals):
    session.project.delete_crystals(crystals[:2])
    assert [each.key for each in page.plate.items] == crystals[2:]


def test_in_a_round_only_crystals_asked_of_the_expert_lie_on_the_plate(
    plate, page, session, crystals
):
    session.project.rounds.open([session.image_id], ["AY", "BK"], min_labels=1)
    asked = session.project.rounds.queue(session.image_id)
    assert [each.key for each in page.plate.items] == [each for each in crystals if each in asked]


def test_closing_lets_go_of_the_session(page, session, canvas):
    before = listeners(session, canvas)
    PlateController(page, session, canvas, Remarks()).close()
    assert listeners(session, canvas) == before
