"""Every crystal proposed at once: shown, chosen by sliders, accepted, never touching the rest."""

import pytest
from fakes import FakeEngine, listeners
from qtpy.QtCore import Qt
from window_material import square

from microcrystalnet.domain.micrograph import PixelSize, ScaleSource
from microcrystalnet.errors import EngineError
from microcrystalnet.imaging.preprocess import PRESETS
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.progress import Progress
from napari_mcn.controllers import everything_controller
from napari_mcn.controllers.everything_controller import EverythingController
from napari_mcn.panels.everything_section import EverythingSection

LEFT = Qt.MouseButton.LeftButton
FOUND = [square(4, 4), square(30, 30)]


@pytest.fixture
def section(qtbot):
    made = EverythingSection()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def engine():
    return FakeEngine()


@pytest.fixture
def everything(section, session, canvas, engine, busy, workbench):
    controller = EverythingController(
        section, session, canvas, engine, prepare=lambda: None, busy=busy, owner=workbench
    )
    controller.activate(True)
    yield controller
    controller.close()


@pytest.fixture
def proposed(everything, engine):
    """Two crystals are proposed."""
    everything.propose()
    engine.last.listener.done(FOUND)
    return everything


@pytest.fixture
def other(session, draw):
    """Show another micrograph when called."""

    def show():
        path = draw("other.tif", seed=1)
        session.show(session.project.add_micrograph(path, describe(path)).image_id)

    return show


def outlined(session):
    return [each.mask for each in session.crystals.values()]


def asked(engine):
    return engine.last.arguments["settings"]


def test_what_is_found_is_shown_and_nothing_is_kept_yet(
    qtbot, everything, section, engine, canvas, session
):
    qtbot.mouseClick(section.propose_button, LEFT)
    engine.last.listener.done(FOUND)
    assert (canvas.proposed, outlined(session)) == (FOUND, [])


def test_how_many_and_how_large_they_are_can_be_read(proposed, section):
    assert section._said.text() == "2 crystals are proposed, 22.6 to 22.6 px, median 22.6."


def test_accepting_keeps_all_as_one_step_to_undo(qtbot, proposed, section, session, told):
    qtbot.mouseClick(section.accept_button, LEFT)
    kept = outlined(session)
    session.project.undo()
    assert (kept, outlined(session)) == (FOUND, [])
    assert told[-1][1] == "2 crystals outlined: delete what is wrong, click what is missing."


def test_once_accepted_they_are_proposals_no_more(proposed, section, canvas):
    proposed.accept()
    assert (canvas.proposed, section.accept_button.isVisible()) == ([], False)


def test_discarding_keeps_nothing(qtbot, proposed, section, canvas, session):
    qtbot.mouseClick(section.discard_button, LEFT)
    assert (canvas.proposed, outlined(session)) == ([], [])


def test_a_moved_slider_asks_anew_and_shows_fewer(proposed, section, engine, canvas):
    section.confidence.setValue(80)
    settings = asked(engine)
    engine.last.listener.done(FOUND[:1])
    assert (settings.confidence, canvas.proposed) == (0.8, FOUND[:1])
    assert section.accept_button.text() == "Accept all 1"


def test_before_anything_is_proposed_sliders_ask_nothing(everything, section, engine):
    section.confidence.setValue(80)
    assert engine.asked == []


def test_while_an_answer_is_on_its_way_sliders_ask_once_for_where_they_stop(
    proposed, section, engine
):
    section.confidence.setValue(60)
    section.confidence.setValue(70)
    section.confidence.setValue(80)
    engine.last.listener.done(FOUND)
    assert [each.arguments["settings"].confidence for each in engine.asked] == [0.5, 0.6, 0.8]


def test_quick_answers_do_not_flash_in_the_progress_row(proposed, section, engine, busy):
    section.edges.setChecked(False)
    engine.last.listener.progress(Progress(1, 2, "Choosing"))
    assert (asked(engine).touching_edge, busy._running) == (False, [])


def test_an_answer_that_takes_long_can_be_followed_and_cancelled(
    qtbot, proposed, section, engine, workbench, monkeypatch
):
    section.edges.setChecked(False)
    monkeypatch.setattr(everything_controller, "QUICK_SECONDS", -1.0)
    engine.last.listener.progress(Progress(1, 2, "Choosing"))
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    assert engine.cancelled == [2]


def test_no_limit_is_asked_for_until_the_largest_is_lowered(proposed, section, engine):
    first = asked(engine).largest_px
    section.largest.field.setValue(40)
    assert (first, asked(engine).largest_px) == (None, 40)


def test_a_calibrated_micrograph_is_asked_for_in_micrometres(proposed, section, engine, session):
    session.project.set_pixel_size(session.image_id, PixelSize.square(50), ScaleSource.USER)
    section.smallest.field.setValue(1.5)
    assert (section.smallest.field.suffix(), asked(engine).smallest_px) == (" µm", 30)


def test_only_the_analysed_part_is_outlined(proposed, engine, session):
    assert asked(engine).region == session.micrograph.region


def test_accepted_crystals_are_neither_proposed_again_nor_touched(
    everything, engine, session, crystals, canvas
):
    before = outlined(session)
    everything.propose()
    engine.last.listener.done([square(5, 5), square(32, 52)])
    everything.accept()
    assert outlined(session) == [*before, square(32, 52)]


def test_a_proposal_gives_way_where_it_meets_an_accepted_crystal(
    everything, engine, session, crystals
):
    everything.propose()
    engine.last.listener.done([square(15, 20)])  # meets the crystal at row 4, column 4 ... 23
    everything.accept()
    areas = [mask.overlap(outlined(session)[0]) for mask in outlined(session)[1:]]
    assert areas == [0, 0, 0]


def test_a_crystal_accepted_meanwhile_leaves_the_proposals(proposed, outline, canvas):
    outline(places=((4, 4),))
    assert canvas.proposed == [square(30, 30)]


def test_finding_nothing_is_a_normal_answer(everything, engine, told, section):
    everything.propose()
    engine.last.listener.done([])
    assert told[-1][1].startswith("Nothing was found")
    assert (section._said.text(), section.accept_button.isEnabled()) == (
        "No crystal is proposed.",
        False,
    )


def test_what_was_found_waits_on_its_own_micrograph(everything, engine, session, canvas, other):
    first = session.image_id
    everything.propose()
    request = engine.last
    other()
    request.listener.done(FOUND)
    elsewhere = canvas.proposed
    session.show(first)
    assert (elsewhere, canvas.proposed) == ([], FOUND)


def test_an_answer_for_the_micrograph_before_is_not_taken_for_this_one(
    everything, engine, canvas, other
):
    everything.propose()
    first = engine.last
    other()
    everything.propose()
    first.listener.done(FOUND)
    assert canvas.proposed == []


def test_on_other_pages_the_proposals_are_out_of_sight(proposed, canvas):
    proposed.activate(False)
    away = canvas.proposed
    proposed.activate(True)
    assert (away, canvas.proposed) == ([], FOUND)


def test_another_engine_begins_afresh(proposed, session, canvas):
    session.engine = "vit_b"
    assert canvas.proposed == []


def test_while_it_works_it_can_be_cancelled(qtbot, everything, engine, workbench):
    everything.propose()
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    assert engine.cancelled == [len(engine.asked)]


def test_a_killed_engine_is_told_and_can_be_asked_again(everything, engine, busy, told):
    everything.propose()
    engine.last.listener.failed(EngineError("The segmentation engine stopped."))
    everything.propose()
    assert told == [("warning", "The segmentation engine stopped.")]
    assert len(engine.asked) == 2


def test_an_answer_that_comes_after_cancel_is_not_shown(
    qtbot, everything, engine, workbench, canvas
):
    everything.propose()
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    engine.last.listener.done(FOUND)
    assert canvas.proposed == []


def test_an_answer_of_the_engine_before_is_not_shown(everything, engine, session, canvas):
    everything.propose()
    session.engine = "vit_b"
    engine.last.listener.done(FOUND)
    assert canvas.proposed == []


def test_a_late_refusal_is_not_taken_for_the_answer_to_a_newer_question(
    everything, engine, canvas, told
):
    everything.propose()
    older = engine.last.listener
    everything.propose()
    older.failed(EngineError("The segmentation engine stopped."))
    engine.last.listener.done(FOUND)
    assert (told, canvas.proposed) == ([], FOUND)


def test_a_killed_engine_leaves_what_was_proposed(proposed, section, engine, canvas):
    section.edges.setChecked(False)
    engine.last.listener.failed(EngineError("The segmentation engine stopped."))
    assert canvas.proposed == FOUND


def test_without_a_micrograph_it_says_so(everything, session, told):
    session.show(None)
    everything.propose()
    assert told[-1][1].startswith("Open a micrograph")


def test_closing_the_project_cancels_what_runs(everything, engine, session):
    everything.propose()
    session.close()
    assert engine.cancelled == [len(engine.asked)]


def test_closing_lets_go_of_the_session(section, session, canvas, engine, busy, workbench):
    before = listeners(session, canvas)
    EverythingController(
        section, session, canvas, engine, prepare=lambda: None, busy=busy, owner=workbench
    ).close()
    assert listeners(session, canvas) == before


def test_what_is_accepted_keeps_the_filters_it_was_found_with(everything, engine, session):
    session.recipe = PRESETS["light"]
    everything.propose()
    engine.last.listener.done(FOUND)
    session.recipe = PRESETS["none"]
    everything.accept()
    assert {each.made.preset for each in session.crystals.values()} == {"light"}
