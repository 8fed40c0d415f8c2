"""Correcting crystals: brush, delete, and undo across every kind of edit."""

import pytest
from fakes import listeners
from qtpy.QtCore import Qt
from window_material import square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from napari_mcn.controllers.correct_controller import CorrectController
from napari_mcn.panels.segment_panel import SegmentPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    made = SegmentPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def correct(panel, session, canvas, crystals):
    controller = CorrectController(panel, session, canvas)
    session.crystal_id = crystals[0]
    yield controller
    controller.close()


def test_delete_takes_the_selected_crystal_and_selects_nothing(
    qtbot, correct, panel, session, crystals
):
    qtbot.mouseClick(panel.delete_button, LEFT)
    assert (list(session.crystals), session.crystal_id) == (crystals[1:], None)


def test_delete_without_a_selection_says_what_to_do(correct, session, told):
    session.crystal_id = None
    correct.delete()
    assert told == [("warning", "Select the crystal to delete first: click it.")]


def test_undo_brings_a_deleted_crystal_back_and_selects_it(
    qtbot, correct, panel, session, crystals
):
    correct.delete()
    qtbot.mouseClick(panel.undo_button, LEFT)
    assert (set(session.crystals), session.crystal_id) == (set(crystals), crystals[0])


def test_undo_goes_back_over_every_kind_of_edit(correct, session, canvas, crystals):
    session.project.label(crystals[0], Answer("RES"))
    canvas.brushed.emit(crystals[0], square(4, 4, 10))
    correct.delete()
    correct.undo()
    correct.undo()
    correct.undo()
    assert (session.crystals[crystals[0]].mask, session.project.state.label(crystals[0])) == (
        square(4, 4),
        None,
    )


def test_redo_does_it_again(correct, session, crystals):
    correct.delete()
    correct.undo()
    correct.redo()
    assert crystals[0] not in session.crystals


def test_undo_and_redo_say_what_they_did(correct, told):
    correct.delete()
    correct.undo()
    correct.redo()
    assert len({text for _, text in told}) == 2


def test_nothing_to_undo_is_said(correct, session, told):
    session.become("MK")
    correct.undo()
    assert told == [("info", "There is nothing to undo.")]


def test_undo_is_offered_only_where_there_is_something(correct, panel, session):
    session.become("MK")
    assert not panel.undo_button.isEnabled()


def test_a_stroke_gives_the_crystal_another_mask(correct, session, canvas, crystals):
    canvas.brushed.emit(crystals[0], square(4, 4, 10))
    assert (session.crystal.mask, session.crystal.source) == (square(4, 4, 10), MaskSource.MANUAL)


def test_a_stroke_on_a_crystal_that_is_gone_changes_nothing(correct, session, canvas, crystals):
    session.project.delete_crystals([crystals[0]])
    canvas.brushed.emit(crystals[0], square(4, 4, 10))
    assert list(session.crystals) == crystals[1:]


def test_the_page_says_how_many_crystals_there_are(correct, panel):
    assert panel._counts.text() == "3 crystals; one selected"


def test_where_nothing_is_outlined_the_page_says_how_to_begin(correct, panel, session, crystals):
    session.project.delete_crystals(crystals)
    assert panel.next_step.text() == (
        "Let the program propose every crystal, or press S and click one."
    )


def test_closing_lets_go_of_session_and_canvas(panel, session, canvas):
    before = listeners(session, canvas)
    CorrectController(panel, session, canvas).close()
    assert listeners(session, canvas) == before
