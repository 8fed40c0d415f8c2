"""Accepted crystals opened again, and one undo over clicks, commits and corrections."""

import pytest
from fakes import FakeEngine
from window_material import square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.prompt import Click, Prompt
from microcrystalnet.segmentation.segmenter import MaskProposals
from napari_mcn.controllers.correct_controller import CorrectController
from napari_mcn.controllers.prompt_controller import PromptController
from napari_mcn.panels.segment_panel import SegmentPanel

CLICK = Prompt((Click(10.0, 10.0),))
TWICE = CLICK.with_click(Click(20.0, 20.0))
ONE = MaskProposals((square(4, 4),), (0.9,))
OTHER = MaskProposals((square(6, 6, 24),), (0.8,))
SMALL = MaskProposals((square(9, 9, 5),), (0.8,))


@pytest.fixture
def panel(qtbot):
    made = SegmentPanel()
    qtbot.addWidget(made)
    made.set_ready(True, "")
    made.show()
    return made


@pytest.fixture
def engine():
    return FakeEngine()


@pytest.fixture
def prompt(panel, session, canvas, engine, workbench):
    """The click tool is in hand."""
    controller = PromptController(
        panel, session, canvas, engine, prepare=lambda: None, owner=workbench
    )
    controller.use_tool("prompt")
    yield controller
    controller.close()


@pytest.fixture
def correct(prompt, panel, session, canvas):
    controller = CorrectController(panel, session, canvas)
    yield controller
    controller.close()


@pytest.fixture
def point(prompt, canvas, engine):
    """Point at something and have it answered."""

    def at(prompt, answer):
        canvas.prompt_changed.emit(prompt)
        engine.last.listener.done(answer)

    return at


@pytest.fixture
def accepted(point, prompt, session):
    """A labelled crystal that was outlined by one click."""
    point(CLICK, ONE)
    prompt.commit()
    session.project.label(session.crystal_id, Answer("RES"))
    return session.crystal


def test_a_reopened_crystal_shows_its_mask_and_its_clicks(accepted, prompt, canvas):
    prompt.reopen()
    assert (canvas.previewed, canvas.prompt) == (square(4, 4), CLICK)


def test_reopening_asks_the_engine_nothing(accepted, prompt, engine):
    before = len(engine.asked)
    prompt.reopen()
    assert len(engine.asked) == before


def test_the_page_says_that_a_crystal_is_reopened(accepted, prompt, panel):
    prompt.reopen()
    assert panel.proposal.text() == "Reopened crystal. Outline 1 of 1"


def test_accepting_a_reopened_crystal_changes_its_mask_and_keeps_id_and_label(
    accepted, prompt, point, session
):
    prompt.reopen()
    point(TWICE, OTHER)
    prompt.commit()
    (crystal,) = session.crystals.values()
    assert (crystal.crystal_id, crystal.mask, crystal.prompt) == (
        accepted.crystal_id,
        square(6, 6, 24),
        TWICE,
    )
    assert session.project.state.label(crystal.crystal_id).answer == Answer("RES")


def test_accepting_what_was_not_changed_writes_nothing(accepted, prompt, session):
    prompt.reopen()
    prompt.commit()
    assert session.project.undo().text == "Undone: Labelled RES"


def test_a_reopened_crystal_stays_where_it_lies_in_the_pile(accepted, prompt, point, session):
    store = session.project
    store.put_mask(
        session.image_id, accepted.mask, MaskSource.AUTO, crystal_id=accepted.crystal_id, z=3
    )
    prompt.reopen()
    point(TWICE, OTHER)
    prompt.commit()
    assert session.crystal.z == 3


def test_without_a_selection_reopening_says_what_to_do(prompt, told):
    prompt.reopen()
    assert told == [("warning", "Select the crystal to reopen first: click it.")]


def test_a_brushed_crystal_is_reopened_as_it_was_brushed(
    accepted, correct, prompt, canvas, session
):
    canvas.brushed.emit(accepted.crystal_id, square(4, 4, 10))
    prompt.reopen()
    assert (canvas.previewed, canvas.prompt) == (square(4, 4, 10), CLICK)


def test_a_click_on_an_accepted_crystal_reopens_it(accepted, point, session, canvas):
    session.crystal_id = None
    point(Prompt((Click(12.0, 12.0),)), ONE)
    assert (session.crystal, canvas.prompt) == (accepted, CLICK)


def test_the_next_size_of_a_clicked_crystal_is_its_fresh_outline(accepted, point, prompt, session):
    point(Prompt((Click(12.0, 12.0),)), MaskProposals((square(5, 5),), (0.8,)))
    prompt.next_proposal()
    prompt.commit()
    (crystal,) = session.crystals.values()
    assert (crystal.crystal_id, crystal.mask) == (accepted.crystal_id, square(5, 5))


def test_a_click_on_a_smaller_crystal_that_lies_on_it_outlines_that(
    accepted, point, prompt, session
):
    point(Prompt((Click(11.0, 11.0),)), SMALL)
    prompt.commit()
    assert [each.mask for each in session.crystals.values()] == [square(4, 4), square(9, 9, 5)]


def test_a_first_click_that_cuts_away_cuts_from_the_accepted_crystal(
    accepted, canvas, engine, session
):
    away = Click(20.0, 20.0, positive=False)
    canvas.prompt_changed.emit(Prompt((away,)))
    assert engine.last.arguments == {"prompt": CLICK.with_click(away)}
    assert session.pointing.aim.crystal_id == accepted.crystal_id


def test_deleting_a_reopened_crystal_puts_its_clicks_away(accepted, prompt, session, canvas):
    prompt.reopen()
    session.project.delete_crystals([accepted.crystal_id])
    assert (canvas.previewed, canvas.prompt) == (None, Prompt())


def test_undo_takes_the_last_click_back_first(correct, point, canvas, session):
    point(CLICK, ONE)
    point(TWICE, OTHER)
    correct.undo()
    assert (canvas.prompt, canvas.previewed) == (CLICK, square(4, 4))


def test_a_click_that_was_taken_back_can_be_redone_without_asking_again(
    correct, point, canvas, engine
):
    point(CLICK, ONE)
    point(TWICE, OTHER)
    asked = len(engine.asked)
    correct.undo()
    correct.redo()
    assert (canvas.prompt, canvas.previewed) == (TWICE, square(6, 6, 24))
    assert len(engine.asked) == asked


def test_an_answer_to_a_click_that_was_taken_back_is_not_shown(correct, canvas, engine, point):
    canvas.prompt_changed.emit(CLICK)
    correct.undo()
    engine.last.listener.done(ONE)
    assert canvas.previewed is None


def test_a_click_whose_answer_never_came_is_asked_again_when_redone(correct, canvas, engine):
    canvas.prompt_changed.emit(CLICK)
    correct.undo()
    correct.redo()
    engine.last.listener.done(ONE)
    assert canvas.previewed == square(4, 4)


def test_undoing_a_commit_opens_it_again(correct, point, prompt, canvas, session):
    point(CLICK, ONE)
    prompt.commit()
    correct.undo()
    assert (session.crystals, canvas.previewed, canvas.prompt) == ({}, square(4, 4), CLICK)


def test_undo_goes_from_correction_over_commit_to_click(correct, point, prompt, canvas, session):
    point(CLICK, ONE)
    prompt.commit()
    canvas.brushed.emit(session.crystal_id, square(4, 4, 10))
    correct.undo()
    brushed_back = session.crystal.mask
    correct.undo()
    opened = canvas.previewed
    correct.undo()
    assert (brushed_back, opened, canvas.previewed) == (square(4, 4), square(4, 4), None)


def test_redo_goes_all_the_way_back(correct, point, prompt, canvas, session):
    point(CLICK, ONE)
    prompt.commit()
    correct.undo()
    correct.undo()
    correct.redo()
    correct.redo()
    assert ([each.mask for each in session.crystals.values()], canvas.previewed) == (
        [square(4, 4)],
        None,
    )


def test_after_the_tool_was_put_away_undo_opens_nothing(accepted, correct, prompt, canvas):
    prompt.put_away()
    correct.undo()
    correct.undo()
    assert canvas.previewed is None


def test_a_click_can_be_undone_before_anything_is_accepted(correct, point, panel):
    point(CLICK, ONE)
    assert panel.undo_button.isEnabled()


def test_another_expert_cannot_undo_the_clicks_of_the_one_before(correct, point, canvas, session):
    point(CLICK, ONE)
    session.become("MK")
    assert (session.pointing.aim, canvas.previewed) == (None, None)


def test_marked_crystals_are_deleted_in_one_step(correct, session, outline):
    three = outline()
    session.marked = frozenset(three[:2])
    correct.delete()
    assert list(session.crystals) == three[2:]
    assert session.project.undo().text == "Undone: Deleted 2 crystals"


def test_the_page_counts_what_is_marked(correct, session, panel, outline):
    session.marked = frozenset(outline())
    assert panel._counts.text() == "3 crystals; 3 selected"
