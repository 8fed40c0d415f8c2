"""The engine of the Segment page: ready, refused, and every crystal at once."""

import pytest
from fakes import FakeEngine, listeners
from qtpy.QtCore import Qt
from window_material import NoDialogs, square

from microcrystalnet.errors import EngineError, WeightsError
from microcrystalnet.progress import Progress
from napari_mcn.controllers.segment_controller import SegmentController
from napari_mcn.panels.segment_panel import SegmentPanel
from napari_mcn.session import EMBEDDED

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    made = SegmentPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def engine():
    return FakeEngine()


@pytest.fixture
def weights(tmp_path):
    return tmp_path / "fine_tuned.pth"


@pytest.fixture
def segment(panel, session, canvas, engine, busy, workbench, weights):
    controller = SegmentController(
        panel, session, canvas, engine, busy=busy, dialogs=NoDialogs(weights), owner=workbench
    )
    yield controller
    controller.close()


@pytest.fixture
def ready(segment, engine):
    """The page is in front and the engine has looked at the micrograph."""
    segment.activate(True)
    engine.last.listener.done(None)
    return segment


def outlined(session):
    return [each.mask for each in session.crystals.values()]


def test_coming_to_the_page_prepares_the_micrograph(segment, engine, session):
    segment.activate(True)
    assert (engine.last.method, engine.last.arguments["image_id"]) == ("prepare", session.image_id)


def test_a_micrograph_is_prepared_once(ready, engine):
    ready.activate(False)
    ready.activate(True)
    assert len(engine.asked) == 1


def test_until_it_is_prepared_nothing_can_be_outlined(segment, panel):
    segment.activate(True)
    assert not panel.everything_button.isEnabled()


def test_once_it_is_prepared_everything_can_be_outlined(ready, panel):
    assert panel.everything_button.isEnabled()


def test_how_far_preparing_is_can_be_read(segment, panel, engine):
    segment.activate(True)
    engine.last.listener.progress(Progress(1, 4, "Looking for edges"))
    assert panel._ready.text() == "Looking for edges"


def test_everything_found_becomes_crystals(qtbot, ready, panel, engine, session, told):
    qtbot.mouseClick(panel.everything_button, LEFT)
    engine.last.listener.done([square(4, 4), square(30, 30)])
    assert (outlined(session), told[-1][1]) == (
        [square(4, 4), square(30, 30)],
        "2 crystals outlined: delete what is wrong, click what is missing.",
    )


def test_only_the_analysed_part_is_outlined(ready, engine, session):
    ready.everything(12)
    assert engine.last.arguments["settings"].region == session.micrograph.region


def test_accepted_crystals_are_not_outlined_twice(ready, engine, session, crystals, told):
    ready.everything(12)
    engine.last.listener.done([square(5, 5), square(32, 52)])
    assert (len(outlined(session)), told[-1][1]) == (
        4,
        "1 crystal added; the 3 there were are unchanged.",
    )


def test_everything_is_one_step_to_undo(ready, engine, session):
    ready.everything(12)
    engine.last.listener.done([square(4, 4), square(30, 30)])
    session.project.undo()
    assert outlined(session) == []


def test_finding_nothing_is_a_normal_answer(ready, engine, told):
    ready.everything(12)
    engine.last.listener.done([])
    assert told[-1][1].startswith("Nothing new was found")


def test_what_was_outlined_goes_to_its_own_micrograph(ready, engine, session, draw):
    from microcrystalnet.micrographs.reader import describe

    ready.everything(12)
    asked, first = engine.last, session.image_id
    path = draw("other.tif", seed=1)
    session.show(session.project.add_micrograph(path, describe(path)).image_id)
    asked.listener.done([square(4, 4)])
    assert len(session.project.state.crystals(first)) == 1


def test_two_micrographs_outlined_in_a_row_each_get_their_own(ready, engine, session, draw):
    from microcrystalnet.micrographs.reader import describe

    ready.everything(12)
    first, older = session.image_id, engine.last.listener
    path = draw("other.tif", seed=1)
    session.show(session.project.add_micrograph(path, describe(path)).image_id)
    ready.everything(12)
    older.done([square(4, 4)])
    assert (len(session.project.state.crystals(first)), session.crystals) == (1, {})


def test_while_it_works_it_can_be_cancelled(qtbot, ready, engine, workbench):
    ready.everything(12)
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    assert engine.cancelled == [len(engine.asked)]


def test_a_killed_engine_is_told_and_can_be_asked_again(ready, panel, engine, busy, told):
    ready.everything(12)
    engine.last.listener.failed(EngineError("The segmentation engine stopped."))
    assert (told, panel.everything_button.isEnabled(), busy._running) == (
        [("warning", "The segmentation engine stopped.")],
        True,
        [],
    )


def test_an_engine_that_dies_while_preparing_is_asked_again(segment, panel, engine):
    segment.activate(True)
    engine.last.listener.failed(EngineError("The segmentation engine stopped."))
    segment.everything(12)
    assert [each.method for each in engine.asked] == ["prepare", "prepare", "everything"]


def test_another_micrograph_is_prepared_when_it_is_shown(ready, engine, session, draw):
    from microcrystalnet.micrographs.reader import describe

    path = draw("other.tif", seed=1)
    session.show(session.project.add_micrograph(path, describe(path)).image_id)
    assert engine.last.arguments["image_id"] == session.image_id


def test_a_checkpoint_from_disk_is_used_at_once(ready, panel, engine, weights, session):
    panel.checkpoint_requested.emit()
    assert (engine.last.arguments["engine"], session.engine) == (str(weights), str(weights))


def test_a_checkpoint_of_another_architecture_leaves_the_embedded_engine(
    ready, panel, engine, session, told
):
    panel.checkpoint_requested.emit()
    engine.last.listener.failed(WeightsError("This is no SAM checkpoint."))
    assert (session.engine, panel.engine.currentData(), told) == (
        EMBEDDED,
        EMBEDDED,
        [("warning", "This is no SAM checkpoint.")],
    )


def test_changing_ones_mind_about_a_checkpoint_changes_nothing(ready, panel, session):
    ready._dialogs.path = None
    panel.checkpoint_requested.emit()
    assert session.engine == EMBEDDED


def test_without_a_micrograph_the_page_says_so(ready, panel, session):
    session.show(None)
    assert (panel.everything_button.isEnabled(), panel._ready.text()) == (
        False,
        "No micrograph is open.",
    )


def test_closing_the_project_cancels_what_runs(ready, engine, session):
    ready.everything(12)
    session.close()
    assert engine.cancelled == [len(engine.asked)]


def test_closing_lets_go_of_the_session(panel, session, canvas, engine, busy, workbench):
    before = listeners(session, canvas)
    SegmentController(
        panel, session, canvas, engine, busy=busy, dialogs=NoDialogs(), owner=workbench
    ).close()
    assert listeners(session, canvas) == before
