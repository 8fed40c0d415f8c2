"""Pointing at one crystal: preview, sizes, accepting, and the tool in hand."""

import pytest
from fakes import FakeEngine, listeners
from qtpy.QtCore import Qt
from window_material import square

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.errors import EngineError, SegmentationError
from microcrystalnet.imaging.preprocess import PRESETS
from microcrystalnet.segmentation.segmenter import MaskProposals
from napari_mcn.controllers.prompt_controller import PromptController
from napari_mcn.panels.segment_panel import SegmentPanel

LEFT = Qt.MouseButton.LeftButton
CLICK = Prompt((Click(10.0, 10.0),))
ONE = MaskProposals((square(4, 4),), (0.9,))
TWO = MaskProposals((square(4, 4), square(2, 2, 30)), (0.9, 0.8))


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
def prepared():
    return []


@pytest.fixture
def prompt(panel, session, canvas, engine, workbench, prepared):
    controller = PromptController(
        panel,
        session,
        canvas,
        engine,
        prepare=lambda: prepared.append(session.image_id),
        owner=workbench,
    )
    controller.use_tool("prompt")
    yield controller
    controller.close()


@pytest.fixture
def previewed(prompt, canvas, engine):
    """One crystal is clicked, and two sizes are proposed for it."""
    canvas.prompt_changed.emit(CLICK)
    engine.last.listener.done(TWO)
    return prompt


def test_a_click_asks_the_engine(prompt, canvas, engine):
    canvas.prompt_changed.emit(CLICK)
    assert (engine.last.method, engine.last.arguments) == ("propose", {"prompt": CLICK})


def test_before_it_is_asked_the_engine_must_know_the_micrograph(prompt, canvas, prepared, session):
    canvas.prompt_changed.emit(CLICK)
    assert prepared == [session.image_id]


def test_an_older_answer_that_was_on_its_way_is_not_taken_for_the_newer(prompt, canvas, engine):
    canvas.prompt_changed.emit(CLICK)
    older = engine.last.listener
    canvas.prompt_changed.emit(CLICK.with_click(Click(12.0, 12.0)))
    older.done(TWO)
    engine.last.listener.done(ONE)
    assert canvas.previewed == square(4, 4)


def test_an_older_refusal_that_was_on_its_way_is_not_told(prompt, canvas, engine, told):
    canvas.prompt_changed.emit(Prompt((Click(50.0, 50.0),)))
    older = engine.last.listener
    canvas.prompt_changed.emit(CLICK)
    older.failed(SegmentationError("Nothing was found there."))
    engine.last.listener.done(ONE)
    assert (canvas.previewed, told) == (square(4, 4), [])


def test_the_answer_is_previewed(previewed, canvas):
    assert canvas.previewed == square(4, 4)


def test_the_next_size_is_previewed(qtbot, previewed, panel, canvas):
    qtbot.mouseClick(panel.next_button, LEFT)
    assert canvas.previewed == square(2, 2, 30)


def test_after_the_last_size_comes_the_first(previewed, canvas):
    previewed.next_proposal()
    previewed.next_proposal()
    assert canvas.previewed == square(4, 4)


def test_accepting_makes_a_crystal_with_its_prompt(qtbot, previewed, panel, session):
    qtbot.mouseClick(panel.commit_button, LEFT)
    assert [(each.mask, each.prompt, each.source) for each in session.crystals.values()] == [
        (square(4, 4), CLICK, MaskSource.AUTO)
    ]


def test_outlining_a_crystal_again_changes_its_mask_and_keeps_its_label(
    prompt, canvas, engine, session, crystals
):
    session.project.label(crystals[0], Answer("RES"))
    canvas.prompt_changed.emit(Prompt((), Box(4.0, 4.0, 25.0, 25.0)))
    engine.last.listener.done(MaskProposals((square(5, 5),), (0.9,)))
    prompt.commit()
    assert (session.crystal_id, session.crystal.mask, len(session.crystals)) == (
        crystals[0],
        square(5, 5),
        3,
    )
    assert session.project.state.label(crystals[0]).answer == Answer("RES")


def test_a_small_crystal_on_a_large_one_is_a_new_one(prompt, canvas, engine, session, crystals):
    canvas.prompt_changed.emit(CLICK)
    engine.last.listener.done(MaskProposals((square(10, 10, 6),), (0.9,)))
    prompt.commit()
    assert len(session.crystals) == 4


def test_an_accepted_crystal_is_selected_where_it_is(previewed, session, canvas):
    previewed.commit()
    assert (session.crystal.mask, canvas.flights) == (square(4, 4), [])


def test_after_accepting_the_tool_stays_in_hand(previewed, canvas, panel):
    previewed.commit()
    assert (canvas.tool, panel.tools["prompt"].isChecked()) == ("prompt", True)


def test_after_accepting_the_preview_is_gone(previewed, canvas, panel):
    previewed.commit()
    assert (canvas.previewed, panel.commit_button.isEnabled()) == (None, False)


def test_accepting_nothing_says_what_to_do(prompt, told, session):
    prompt.commit()
    assert (told, session.crystals) == (
        [("warning", "There is no outline to accept: press S and click a crystal first.")],
        {},
    )


def test_accepting_before_the_answer_came_accepts_it_when_it_comes(prompt, canvas, engine, session):
    canvas.prompt_changed.emit(CLICK)
    prompt.commit()
    engine.last.listener.done(ONE)
    assert [each.mask for each in session.crystals.values()] == [square(4, 4)]


def test_another_click_takes_an_early_accept_back(prompt, canvas, engine, session):
    canvas.prompt_changed.emit(CLICK)
    prompt.commit()
    canvas.prompt_changed.emit(CLICK.with_click(Click(12.0, 12.0)))
    engine.last.listener.done(ONE)
    assert session.crystals == {}


def test_a_box_alone_is_enough(prompt, canvas, engine):
    canvas.prompt_changed.emit(Prompt((), Box(1.0, 1.0, 20.0, 20.0)))
    assert engine.last.method == "propose"


def test_a_first_click_that_cuts_says_what_to_do(prompt, canvas, engine, told):
    canvas.prompt_changed.emit(Prompt((Click(10.0, 10.0, positive=False),)))
    assert (engine.asked, told[0][1]) == (
        [],
        "Click on the crystal itself first; press T to add again, then cut away.",
    )


def test_clearing_forgets_the_preview(qtbot, previewed, panel, canvas):
    qtbot.mouseClick(panel.clear_button, LEFT)
    assert canvas.previewed is None


def test_an_answer_that_comes_after_clearing_is_not_shown(prompt, canvas, engine):
    canvas.prompt_changed.emit(CLICK)
    prompt.clear()
    engine.last.listener.done(ONE)
    assert canvas.previewed is None


def test_an_answer_for_a_micrograph_that_was_left_is_not_shown(prompt, canvas, engine, session):
    canvas.prompt_changed.emit(CLICK)
    session.show(None)
    engine.last.listener.done(ONE)
    assert canvas.previewed is None


def test_a_micrograph_shown_anew_at_another_scale_has_no_tool_in_hand(
    previewed, canvas, panel, session
):
    session.project.set_region(session.image_id, Region(0, 0, 59, 79))
    assert (canvas.previewed, canvas.tool) == (None, "look")
    assert panel.tools["look"].isChecked()


def test_a_refusal_is_told_and_clears_the_preview(previewed, canvas, engine, told):
    canvas.prompt_changed.emit(CLICK.with_click(Click(1.0, 1.0)))
    engine.last.listener.failed(SegmentationError("Nothing was found there."))
    assert (canvas.previewed, told) == (None, [("warning", "Nothing was found there.")])


def test_a_killed_engine_leaves_the_next_click_working(prompt, canvas, engine, session, told):
    canvas.prompt_changed.emit(CLICK)
    engine.last.listener.failed(EngineError("The segmentation engine stopped."))
    canvas.prompt_changed.emit(CLICK)
    engine.last.listener.done(ONE)
    assert (canvas.previewed, len(told)) == (square(4, 4), 1)


def test_the_sign_button_lets_clicks_cut_away(qtbot, prompt, panel, canvas):
    qtbot.mouseClick(panel.sign_button, LEFT)
    assert (canvas.positive, panel.sign_button.text()) == (False, "− Cutting away")


def test_accepting_lets_clicks_add_again(previewed, canvas):
    previewed.toggle_sign()
    previewed.commit()
    assert canvas.positive


def test_putting_the_tool_away_forgets_the_preview(previewed, canvas, panel):
    previewed.put_away()
    assert (canvas.tool, canvas.previewed, panel.tools["look"].isChecked()) == ("look", None, True)


def test_the_brush_needs_a_selected_crystal(prompt, canvas, told):
    prompt.use_tool("brush")
    assert (canvas.tool, told[0][1]) == ("look", "Select the crystal to correct first: click it.")


def test_the_brush_goes_to_the_selected_crystal(prompt, canvas, session, crystals):
    session.crystal_id = crystals[0]
    prompt.use_tool("brush")
    assert canvas.tool == "brush"


def test_without_a_selection_the_brush_is_put_away(prompt, canvas, session, crystals, panel):
    session.crystal_id = crystals[0]
    prompt.use_tool("brush")
    session.crystal_id = None
    assert (canvas.tool, panel.tools["look"].isChecked()) == ("look", True)


def test_another_micrograph_begins_with_the_mouse_looking(previewed, canvas, session):
    session.show(None)
    assert (canvas.tool, canvas.previewed) == ("look", None)


def test_pointing_beside_the_micrograph_is_told(prompt, canvas, told):
    canvas.refused.emit("That point lies outside.")
    assert told == [("info", "That point lies outside.")]


def test_closing_lets_go_of_session_and_canvas(panel, session, canvas, engine, workbench):
    before = listeners(session, canvas)
    PromptController(panel, session, canvas, engine, prepare=lambda: None, owner=workbench).close()
    assert listeners(session, canvas) == before


def test_an_accepted_crystal_keeps_the_filters_it_was_asked_with(previewed, session, prompt):
    session.recipe = PRESETS["light"]
    prompt.commit()
    (crystal,) = session.crystals.values()
    assert (crystal.made.engine, crystal.made.preset) == ("embedded", "none")
