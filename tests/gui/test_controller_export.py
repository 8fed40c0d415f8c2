"""The Export page: what is ticked is written by a child process, or nothing is."""

import zipfile

import pytest
import tifffile
from fakes import FakeClient
from qtpy.QtCore import QObject, Qt
from window_material import NoDialogs

from microcrystalnet.domain.label import Answer
from microcrystalnet.engines.client import EngineClient
from microcrystalnet.engines.publisher import Publisher
from microcrystalnet.errors import MicroCrystalError, SilentFolderError
from microcrystalnet.storage.project_store import ProjectStore
from napari_mcn import slices
from napari_mcn.controllers.export_controller import STOPPED, ExportController
from napari_mcn.panels.export_panel import SHOWN, ExportPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    made = ExportPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialogs(tmp_path):
    return NoDialogs(tmp_path / "out")


@pytest.fixture
def page(panel, session, crystals, dialogs, busy):
    """Give a function that makes the page's controller talk to an engine."""
    made = []

    def build(client):
        owner = QObject(panel)
        made.append(
            ExportController(panel, session, client, dialogs=dialogs, busy=busy, owner=owner)
        )
        return made[-1]

    yield build
    for each in made:
        each.close()


@pytest.fixture
def fake(page):
    client = FakeClient()
    page(client)
    return client


class HereAndNow:
    """Answers at once, in this process, what the child would answer."""

    def request(self, method, arguments, listener, *, lane=None):
        try:
            listener.done(getattr(Publisher(), method)(**arguments))
        except MicroCrystalError as error:
            listener.failed(error)

    def close(self):
        pass


@pytest.fixture
def press(page, panel, qtbot):
    """Give a function that presses a button and has it done at once."""
    page(HereAndNow())
    return lambda button: qtbot.mouseClick(button, LEFT)


def test_without_a_ticked_format_nothing_can_be_exported(panel, fake):
    assert not panel.export_button.isEnabled()
    panel.boxes["coco"].setChecked(True)
    assert panel.export_button.isEnabled()


def test_what_is_ticked_is_asked_for(panel, fake, qtbot, tmp_path, store):
    panel.boxes["coco"].setChecked(True)
    panel.boxes["csv"].setChecked(True)
    qtbot.mouseClick(panel.export_button, LEFT)
    asked = fake.last.arguments
    assert (asked["formats"], asked["folder"]) == (("csv", "coco"), tmp_path / "out")
    assert (asked["image_id"], asked["desk"].expert) == (None, "AY")


def test_the_shown_micrograph_alone_can_be_asked_for(panel, fake, qtbot, session):
    panel.boxes["csv"].setChecked(True)
    panel.chooser.setCurrentIndex(panel.chooser.findData(SHOWN))
    qtbot.mouseClick(panel.export_button, LEFT)
    assert fake.last.arguments["image_id"] == session.image_id


def test_while_it_writes_no_button_can_be_pressed_and_cancel_stops_it(
    panel, fake, qtbot, workbench
):
    panel.boxes["csv"].setChecked(True)
    qtbot.mouseClick(panel.export_button, LEFT)
    assert not panel.report_button.isEnabled()
    workbench.cancel_requested.emit()
    assert (fake.cancelled, fake.forgotten) == ([], [1])
    assert (panel.outcome.text(), panel.report_button.isEnabled()) == (STOPPED, True)


def test_a_closed_dialog_asks_for_nothing(panel, fake, qtbot, dialogs):
    dialogs.path = None
    qtbot.mouseClick(panel.report_button, LEFT)
    qtbot.mouseClick(panel.snapshot_button, LEFT)
    assert fake.asked == []


@pytest.fixture
def written(panel, fake, qtbot):
    """Give a function that tells the page that a file was written for the latest wish."""
    panel.boxes["csv"].setChecked(True)
    qtbot.mouseClick(panel.export_button, LEFT)
    return lambda: fake.last.listener.done(1)


def test_what_was_written_before_the_cancel_is_told(written, panel, fake, workbench):
    fake.late = True
    workbench.cancel_requested.emit()
    waiting = panel.outcome.text()
    written()
    assert (waiting, panel.outcome.text().startswith("1 file written to")) == ("", True)


def test_what_was_written_just_when_the_project_closed_is_not_told_in_the_next(
    written, panel, session, store, tmp_path
):
    session.open(ProjectStore.create(tmp_path / "next", "AY", mirror_root=tmp_path / "mirror"))
    written()
    assert panel.outcome.text() == ""


def test_a_large_project_is_read_again_while_the_window_answers(written, store, qtbot, monkeypatch):
    monkeypatch.setattr(slices, "SLICE_S", 0)
    monkeypatch.setattr(slices, "AT_LEAST", 1)
    finished = []

    def much():
        yield from range(9)
        finished.append("read")

    monkeypatch.setattr(store, "refreshing", much)
    written()
    at_once = list(finished)
    qtbot.waitUntil(lambda: finished == ["read"])
    assert at_once == []


def test_outlines_that_came_from_others_meanwhile_are_shown(
    written, session, canvas, store, tmp_path, crystals
):
    store.flush()
    other = ProjectStore.open(store.folder, "BK", mirror_root=tmp_path / "mirror-of-bk")
    other.delete_crystals(crystals[:1])
    other.close()
    written()
    assert list(canvas.crystals) == list(session.crystals) == crystals[1:]


def test_a_project_that_cannot_be_read_again_is_told_in_a_sentence(
    written, store, told, monkeypatch
):
    def silent():
        raise SilentFolderError("The folder does not answer.")
        yield

    monkeypatch.setattr(store, "refreshing", silent)
    written()
    assert told == [("warning", "The folder does not answer.")]


def test_without_a_project_the_page_says_so(panel, fake, session):
    session.close()
    assert not panel.report_button.isEnabled()
    assert panel.next_step.text() == "Open a project first."


def test_the_files_lie_in_the_folder_and_the_page_says_how_many(press, panel, tmp_path):
    panel.boxes["labels"].setChecked(True)
    panel.boxes["imagej"].setChecked(True)
    press(panel.export_button)
    assert panel.outcome.text() == f"3 files written to {tmp_path / 'out'}."
    assert tifffile.imread(tmp_path / "out" / "chalk_labels.tif").max() == 3


def test_what_was_just_labelled_is_in_it(press, panel, session, crystals, tmp_path):
    session.project.label(crystals[0], Answer("RES"))
    panel.boxes["csv"].setChecked(True)
    press(panel.export_button)
    assert ",RES," in (tmp_path / "out" / "crystals.csv").read_text()


def test_where_nothing_can_be_written_the_page_says_so(press, panel, tmp_path, told):
    (tmp_path / "out").write_text("a file, not a folder")
    panel.boxes["csv"].setChecked(True)
    press(panel.export_button)
    assert "choose another place" in panel.outcome.text()
    assert (told[-1][0], panel.open_button.isVisible()) == ("warning", False)


def test_the_report_gets_its_ending_and_can_be_shown(press, panel, dialogs, tmp_path, qtbot):
    press(panel.report_button)
    assert (tmp_path / "out.html").read_text().startswith("<!doctype html>")
    qtbot.mouseClick(panel.open_button, LEFT)
    assert dialogs.shown == tmp_path / "out.html"


def test_a_snapshot_opens_elsewhere_as_the_same_project(press, panel, crystals, tmp_path):
    press(panel.snapshot_button)
    zipfile.ZipFile(tmp_path / "out.zip").extractall(tmp_path / "elsewhere")
    opened = ProjectStore.open(tmp_path / "elsewhere", "BK", mirror_root=tmp_path / "other-mirror")
    (image_id,) = opened.state.micrographs
    found = list(opened.state.crystals(image_id))
    opened.close()
    assert found == crystals


def test_a_child_process_writes(page, panel, qtbot, tmp_path):
    page(EngineClient("publisher"))
    panel.boxes["geojson"].setChecked(True)
    qtbot.mouseClick(panel.export_button, LEFT)
    qtbot.waitUntil(panel.open_button.isVisible, timeout=60_000)
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["chalk.geojson"]


@pytest.mark.parametrize(("name", "blind"), [("csv", False), ("geojson", True)])
def test_what_is_labelled_after_the_answers_were_shown_is_not_blind(
    press, panel, session, crystals, name, blind
):
    project = session.project
    project.become("BK")
    project.label(crystals[0], Answer("RES"))
    project.become("AY")
    panel.boxes[name].setChecked(True)
    press(panel.export_button)
    project.label(crystals[0], Answer("SA"))
    assert project.state.label(crystals[0]).blind is blind
