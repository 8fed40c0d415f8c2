"""Remarks beside the class: they change an answer, or wait for it."""

import pytest
from fakes import listeners
from qtpy.QtCore import Qt

from microcrystalnet.domain.label import Answer, Flag
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.domain.scheme_rules import with_retired
from napari_mcn.controllers.label_controller import LabelController
from napari_mcn.controllers.remark_controller import RemarkController
from napari_mcn.panels.label_panel import LabelPanel
from napari_mcn.remarks import Remarks

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    made = LabelPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def remarks():
    return Remarks()


@pytest.fixture
def labels(panel, session, canvas, crystals, remarks, told):
    """What names crystals, with the first of three selected."""
    controller = LabelController(panel, session, canvas, remarks)
    session.crystal_id = crystals[0]
    yield controller
    controller.close()


@pytest.fixture
def remark(labels, panel, session, canvas, remarks):
    controller = RemarkController(
        panel.remarks, session, canvas, remarks=remarks, show_page=lambda: None
    )
    yield controller
    controller.close()


def answer(session, crystal_id):
    label = session.project.state.label(crystal_id)
    return None if label is None else label.answer


def test_unsure_adds_a_flag_and_stays(qtbot, remark, panel, session, crystals):
    session.project.label(crystals[0], Answer("RES"))
    qtbot.mouseClick(panel.remarks.flags[Flag.UNSURE], LEFT)
    assert (answer(session, crystals[0]).flags, session.crystal_id) == (
        {Flag.UNSURE},
        crystals[0],
    )


def test_unsure_twice_takes_the_flag_away(remark, session, crystals):
    session.project.label(crystals[0], Answer("RES"))
    remark.toggle_flag(Flag.UNSURE)
    remark.toggle_flag(Flag.UNSURE)
    assert answer(session, crystals[0]) == Answer("RES")


def test_remarks_made_before_the_answer_are_part_of_it(remark, labels, session, crystals):
    remark.toggle_flag(Flag.UNSURE)
    remark.choose_second_at("2")
    remark.toggle_mark("pitted")
    remark.note("edge hidden")
    labels.choose_class("RES")
    assert answer(session, crystals[0]) == Answer(
        "RES",
        frozenset({Flag.UNSURE}),
        "edge hidden",
        second="PES",
        marks=frozenset({"pitted"}),
    )


def test_remarks_alone_are_no_answer(remark, session, crystals):
    remark.toggle_flag(Flag.UNSURE)
    assert answer(session, crystals[0]) is None


def test_a_waiting_remark_is_there_when_the_crystal_comes_back(remark, labels, panel):
    remark.toggle_mark("edges")
    labels.next()
    away = panel.remarks.marks["edges"].isChecked()
    labels.previous()
    assert (away, panel.remarks.marks["edges"].isChecked()) == (False, True)


def test_another_expert_does_not_see_a_waiting_remark(remark, panel, session):
    remark.toggle_mark("edges")
    session.become("MK")
    assert not panel.remarks.marks["edges"].isChecked()


def test_the_second_choice_is_forgotten_when_it_becomes_the_first(
    remark, labels, session, crystals
):
    remark.choose_second("PES")
    labels.choose_class("PES")
    assert answer(session, crystals[0]) == Answer("PES")


def test_the_same_second_choice_again_takes_it_back(remark, session, crystals):
    session.project.label(crystals[0], Answer("RES"))
    remark.choose_second("PES")
    remark.choose_second("PES")
    assert answer(session, crystals[0]) == Answer("RES")


def test_a_second_choice_that_is_the_first_is_refused(remark, session, crystals, told):
    session.project.label(crystals[0], Answer("RES"))
    remark.choose_second("RES")
    assert told == [("warning", "The second choice cannot be RES as well; choose another.")]


def test_the_form_is_recorded_where_the_expert_wants(remark, panel, session, crystals):
    session.project.label(crystals[0], Answer("RES"))
    panel.remarks.form.shape_chosen.emit("rhombic")
    panel.remarks.form.definition_chosen.emit("subhedral")
    panel.remarks.form.shape_chosen.emit("")
    assert answer(session, crystals[0]) == Answer("RES", definition="subhedral")


def test_keys_go_through_the_forms_and_back_to_none(remark, panel, session, crystals):
    session.project.label(crystals[0], Answer("RES"))
    remark.next_definition()
    [remark.next_shape() for _ in range(5)]
    remark.next_shape()
    said = answer(session, crystals[0])
    assert (said.shape, said.definition) == ("rhombic", "euhedral")
    assert panel.remarks.form.shape.currentText() == "rhombic"


def test_how_sure_one_is_becomes_part_of_the_answer(qtbot, remark, panel, session, crystals):
    session.project.label(crystals[0], Answer("RES"))
    panel.remarks.form.confidence_chosen.emit("0.75")
    panel.remarks.form.confidence_chosen.emit("")
    panel.remarks.form.confidence_chosen.emit("0.5")
    assert answer(session, crystals[0]) == Answer("RES", confidence=0.5)
    assert panel.remarks.form.confidence.currentText() == "50 %"


def test_what_is_folded_away_is_told_by_the_heading(remark, panel, session, crystals):
    remark.choose_second("PES")
    remark.next_shape()
    remark.toggle_mark("pitted")
    assert panel.remarks.more.heading.text().endswith("or PES, rhombic, pitted")


def test_a_note_is_written_into_the_answer(qtbot, remark, panel, session, crystals):
    session.project.label(crystals[0], Answer("RES"))
    remark.write_note()
    qtbot.keyClicks(panel.remarks.note, "cut by 1 crack")
    qtbot.keyClick(panel.remarks.note, Qt.Key.Key_Return)
    assert answer(session, crystals[0]) == Answer("RES", note="cut by 1 crack")


def test_escape_leaves_the_note_as_it_was(qtbot, remark, panel, session, crystals):
    session.project.label(crystals[0], Answer("RES", note="old"))
    remark.write_note()
    qtbot.keyClicks(panel.remarks.note, "new")
    qtbot.keyClick(panel.remarks.note, Qt.Key.Key_Escape)
    assert (answer(session, crystals[0]).note, panel.remarks.note.text()) == ("old", "old")


def test_what_was_typed_is_kept_when_another_crystal_comes(
    qtbot, remark, labels, panel, session, crystals
):
    session.project.label(crystals[0], Answer("RES"))
    remark.write_note()
    qtbot.keyClicks(panel.remarks.note, "half")
    labels.next()
    assert (answer(session, crystals[0]).note, panel.remarks.note.text()) == ("half", "")


def test_a_note_needs_a_crystal(remark, session, told):
    session.crystal_id = None
    remark.write_note()
    assert told == [("warning", "Select a crystal first: click it, or press K.")]


def test_a_remark_is_undone_like_any_edit(remark, session, crystals):
    session.project.label(crystals[0], Answer("RES"))
    remark.toggle_mark("ledges")
    session.project.undo()
    assert answer(session, crystals[0]) == Answer("RES")


def test_a_remark_on_an_answer_that_is_not_offered_any_more_is_refused(
    remark, session, crystals, told
):
    session.project.label(crystals[0], Answer("AA"))
    session.project.set_scheme(with_retired(FOUR_CLASSES, "AA"))
    remark.toggle_flag(Flag.UNSURE)
    assert told[0][1].startswith("The scheme no longer offers the class AA")


def test_closing_lets_go_of_the_session(panel, session, canvas, remarks):
    before = listeners(session, canvas)
    RemarkController(
        panel.remarks, session, canvas, remarks=remarks, show_page=lambda: None
    ).close()
    assert listeners(session, canvas) == before
