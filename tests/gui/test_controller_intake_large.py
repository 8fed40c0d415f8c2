"""Many or large micrographs are added one after the other, and the window answers in between."""

import pytest
from window_material import NoDialogs

from microcrystalnet.storage.project_store import ProjectStore
from napari_mcn import slices
from napari_mcn.controllers import intake_controller
from napari_mcn.controllers.intake_controller import IntakeController
from napari_mcn.panels.project_panel import ProjectPanel
from napari_mcn.slices import Slices


@pytest.fixture
def intake(qtbot, session, canvas, busy, workbench, monkeypatch):
    """A page for which every file is large."""
    monkeypatch.setattr(intake_controller, "AT_ONCE_BYTES", 0)
    monkeypatch.setattr(intake_controller, "SOON_MS", 10)
    monkeypatch.setattr(slices, "SLICE_S", 0)
    panel = ProjectPanel()
    qtbot.addWidget(panel)
    controller = IntakeController(
        panel,
        session,
        canvas,
        dialogs=NoDialogs(),
        open_project=print,
        owner=workbench,
        slices=Slices(busy.task()),
    )
    yield controller
    controller.close()


@pytest.fixture
def files(draw):
    return [draw(f"{name}.tif", seed) for seed, name in enumerate("abc", 1)]


def names(session):
    return [each.file_name for each in session.project.state.micrographs.values()]


def test_the_window_answers_between_two_files(intake, files, session, qtbot, told):
    intake.add(files)
    at_once = names(session)
    qtbot.waitUntil(lambda: told != [])
    assert (at_once, told) == (["chalk.tif", "a.tif"], [("info", "3 micrographs added.")])
    assert session.micrograph.file_name == "a.tif"


def test_the_progress_row_says_how_far_it_is(intake, files, busy):
    intake.add(files)
    assert busy._running[-1].progress.message in {"", "Adding 3 micrographs"}
    busy.cancel()


def test_adding_can_be_cancelled_and_says_what_was_added(intake, files, session, busy, told):
    intake.add(files)
    busy.cancel()
    assert (names(session), told) == (["chalk.tif", "a.tif"], [("info", "1 micrograph added.")])


def test_who_went_to_another_micrograph_meanwhile_stays_there(intake, files, session, qtbot, told):
    intake.add(files[:2])
    session.show(None)
    qtbot.waitUntil(lambda: told != [])
    assert session.image_id is None


def test_files_dropped_meanwhile_are_added_afterwards(intake, files, session, canvas, qtbot, told):
    intake.add(files[:2])
    canvas.files_dropped.emit(files[2:])
    intake._take_dropped()
    qtbot.waitUntil(lambda: len(told) == 2)
    assert (names(session)[1:], canvas.taken) == (["a.tif", "b.tif", "c.tif"], files[2:])


def test_more_cannot_be_added_by_the_button_meanwhile(intake, files, told, busy):
    intake.add(files[:2])
    intake.add(files[2:])
    busy.cancel()
    assert told[0] == ("warning", "Micrographs are still being added; add these after that.")


def test_a_project_that_is_closed_meanwhile_gets_no_more(
    intake, files, session, store, tmp_path, qtbot
):
    intake.add(files)
    session.open(ProjectStore.create(tmp_path / "next", "AY", mirror_root=tmp_path / "m"))
    qtbot.wait(20)
    assert (len(store.state.micrographs), names(session)) == (2, [])
