"""The engine of the Segment page: ready and refused."""

import pytest
from fakes import FakeEngine, listeners
from qtpy.QtCore import Qt
from window_material import NoDialogs

from microcrystalnet.errors import EngineError, WeightsError
from microcrystalnet.imaging.preprocess import PRESETS, Recipe
from microcrystalnet.progress import Progress
from napari_mcn.busy import Busy
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
def segment(panel, session, canvas, engine, workbench, weights):
    controller = SegmentController(
        panel,
        session,
        canvas,
        engine,
        dialogs=NoDialogs(weights),
        busy=Busy(workbench),
        owner=workbench,
    )
    yield controller
    controller.close()


@pytest.fixture
def ready(segment, engine):
    """The page is in front and the engine has looked at the micrograph."""
    segment.activate(True)
    engine.last.listener.done(None)
    return segment


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


def test_an_engine_that_dies_while_preparing_is_asked_again(segment, panel, engine):
    segment.activate(True)
    engine.last.listener.failed(EngineError("The segmentation engine stopped."))
    segment.prepare()
    assert [each.method for each in engine.asked] == ["prepare", "prepare"]


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


def test_closing_lets_go_of_the_session(panel, session, canvas, engine, workbench):
    before = listeners(session, canvas)
    SegmentController(
        panel,
        session,
        canvas,
        engine,
        dialogs=NoDialogs(),
        busy=Busy(workbench),
        owner=workbench,
    ).close()
    assert listeners(session, canvas) == before


def test_other_filters_prepare_the_micrograph_anew(ready, engine, session):
    session.recipe = PRESETS["light"]
    assert engine.last.arguments["recipe"] == PRESETS["light"]
    assert len(engine.asked) == 2


def test_cancelling_noise2void_prepares_without_it(ready, engine, session, workbench):
    session.recipe = PRESETS["paper"]
    workbench.cancel_requested.emit()
    assert not session.recipe.blind_spot
    assert engine.last.arguments["recipe"] == session.recipe


def test_filters_that_learn_nothing_show_no_progress_row(ready, session, workbench):
    session.recipe = Recipe(opening_px=5)
    assert workbench._progress_row.isHidden()


def test_a_micrograph_that_was_prepared_too_late_is_not_called_ready(
    segment, panel, engine, session
):
    segment.activate(True)
    session.close()
    engine.last.listener.done(None)
    assert not panel.everything_button.isEnabled()


def test_what_went_wrong_with_a_micrograph_that_was_left_is_not_told(
    segment, engine, session, told
):
    segment.activate(True)
    session.close()
    engine.last.listener.failed(EngineError("The segmentation engine stopped."))
    assert told == []
