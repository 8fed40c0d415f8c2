"""The Exchange page: labels out, labels in, and what a check says."""

import shutil
import zipfile

import pytest
from qtpy.QtCore import QObject, Qt
from window_material import NoDialogs

from microcrystalnet.domain.label import Answer
from microcrystalnet.errors import ProjectError
from microcrystalnet.storage.exchange import send
from microcrystalnet.storage.project_store import ProjectStore
from napari_mcn.background import Background
from napari_mcn.controllers.exchange_controller import ExchangeController
from napari_mcn.panels.exchange_panel import ExchangePanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    made = ExchangePanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialogs():
    return NoDialogs()


@pytest.fixture
def exchange(panel, session, crystals, dialogs, busy):
    controller = ExchangeController(
        panel, session, Background(), dialogs=dialogs, busy=busy, owner=QObject(panel)
    )
    yield controller
    controller.close()


@pytest.fixture
def press(qtbot, panel, exchange):
    """Give a function that presses a button and waits for what happened."""

    def wait(button):
        with qtbot.waitSignal(exchange._job.finished, timeout=10_000):
            qtbot.mouseClick(button, LEFT)

    return wait


@pytest.fixture
def theirs(store, tmp_path, crystals):
    """A zip with a label and a new crystal of BK."""
    store.flush()
    shutil.copytree(store.folder, tmp_path / "bk")
    other = ProjectStore.open(tmp_path / "bk", "BK", mirror_root=tmp_path / "mirror-of-bk")
    other.label(crystals[0], Answer("PES"))
    other.delete_crystals([crystals[2]])
    other.close()
    return send(other.folder, other.mirror, "BK", tmp_path / "of-bk.zip").target


def test_my_labels_go_into_a_zip(press, panel, session, dialogs, tmp_path, crystals):
    session.store.label(crystals[0], Answer("RES"))
    dialogs.path, written = tmp_path / "labels v1.2", tmp_path / "labels v1.2.zip"
    press(panel.send_zip)
    assert f"1 label of yours are now in {written}." == panel.outcome.text()
    assert any("label" in each for each in zipfile.ZipFile(written).namelist())


def test_my_labels_go_into_a_folder(press, panel, session, dialogs, tmp_path, crystals):
    session.store.label(crystals[0], Answer("RES"))
    dialogs.path = tmp_path / "usb"
    press(panel.send_folder)
    assert (next((tmp_path / "usb").iterdir()) / "project.json").exists()


def test_what_another_sent_is_brought_in_and_shown(
    press, panel, session, canvas, dialogs, theirs, crystals
):
    dialogs.path = theirs
    press(panel.bring_zip)
    assert panel.outcome.text().startswith("Brought in 1 label of BK")
    assert set(session.crystals) == set(canvas.crystals) == set(crystals[:2])
    assert session.store.votes()[crystals[0]]["BK"].answer.cls == "PES"


def test_what_came_in_is_not_shown_before_it_is_asked_for(press, panel, session, dialogs, theirs):
    session.answers_open = True
    dialogs.path = theirs
    press(panel.bring_zip)
    assert not session.answers_open


def test_the_same_again_is_nothing_new(press, panel, dialogs, theirs):
    dialogs.path = theirs
    press(panel.bring_zip)
    press(panel.bring_zip)
    assert panel.outcome.text() == "Nothing new: everything in it was here already."


def test_what_cannot_be_brought_in_is_told_in_a_sentence(
    exchange, panel, dialogs, tmp_path, told, qtbot
):
    dialogs.path = tmp_path / "letter.zip"
    dialogs.path.write_text("Dear all")
    with qtbot.waitSignal(exchange._job.refused, timeout=10_000):
        qtbot.mouseClick(panel.bring_zip, LEFT)
    assert "is not a zip file that can be read" in panel.outcome.text()
    assert panel.bring_zip.isEnabled()


def test_nothing_happens_where_the_user_changes_their_mind(exchange, panel, qtbot):
    qtbot.mouseClick(panel.send_zip, LEFT)
    assert (panel.outcome.text(), panel.send_zip.isEnabled()) == ("", True)


def test_a_whole_project_is_said_to_be_whole(press, panel):
    press(panel.check_button)
    assert panel.summary.text().startswith("Nothing is damaged or missing")


def test_one_label_of_one_expert_is_counted_as_one(press, panel, session, crystals):
    session.store.label(crystals[0], Answer("RES"))
    session.store.flush()
    press(panel.check_button)
    assert "1 label of 1 expert on " in panel.summary.text()


def test_a_check_lists_what_is_wrong_in_sentences(press, panel, session, crystals):
    session.store.label(crystals[0], Answer("RES"))
    session.store.flush()
    (journal,) = session.store.folder.rglob("*.label.jsonl")
    journal.write_bytes(journal.read_bytes().replace(b"RES", b"PES"))
    press(panel.check_button)
    said = [panel._findings.itemAt(at).widget().text() for at in range(panel._findings.count())]
    assert panel.summary.text().startswith("2 things are wrong; the rest is whole")
    assert any(each.startswith("The hash does not fit the text") for each in said)


class Later:
    """Keeps the work until it is to be done."""

    def __init__(self):
        self.asked = []

    def run(self, work, listener):
        self.asked.append((work, listener))

    def answer(self):
        """Do the oldest work that waits."""
        work, listener = self.asked.pop(0)
        try:
            answer = work()
        except ProjectError as error:
            listener.failed(error)
        else:
            listener.done(answer)

    def close(self):
        pass


@pytest.fixture
def later(panel, session, busy, theirs):
    """The thread of a page on which labels are being brought in."""
    later = Later()
    controller = ExchangeController(
        panel, session, later, dialogs=NoDialogs(theirs), busy=busy, owner=QObject(panel)
    )
    panel.bring_zip.click()
    yield later
    controller.close()


@pytest.fixture
def next_project(tmp_path):
    """Another project of AY."""
    made = ProjectStore.create(tmp_path / "next", "AY", mirror_root=tmp_path / "next-mirror")
    yield made
    made.close()


def journals_of_bk(store):
    return list(store.folder.glob("log/*bk*/*.label.jsonl"))


def test_cancel_stops_and_says_that_nothing_is_lost(panel, busy, later):
    busy.cancel()
    later.answer()
    assert panel.outcome.text().startswith("Stopped.")


def test_until_it_has_stopped_the_row_says_so(busy, later, workbench):
    busy.cancel()
    stopping = workbench._message.text()
    later.answer()
    assert (stopping, workbench.cancel_button.isVisible()) == ("Stopping …", False)


def test_what_the_project_before_was_still_doing_is_stopped(
    session, later, store, next_project, busy
):
    session.open(next_project)
    later.answer()
    assert (journals_of_bk(store), busy._running) == ([], [])


def test_the_project_before_says_nothing_in_the_next_one(panel, session, later, next_project, told):
    session.open(next_project)
    later.answer()
    assert (panel.outcome.text(), panel.check_button.isEnabled(), told) == ("", True, [])


def test_what_was_done_just_when_the_project_closed_is_not_told_in_the_next(
    panel, session, later, next_project
):
    work, listener = later.asked[0]
    answer = work()
    session.open(next_project)
    panel.check_button.click()
    listener.done(answer)
    assert (panel.outcome.text(), panel.check_button.isEnabled()) == ("", False)


def test_the_next_project_does_not_let_a_stopped_errand_go_on(
    panel, session, later, store, next_project
):
    session.open(next_project)
    panel.check_button.click()
    later.answer()
    assert journals_of_bk(store) == []
    later.answer()
    assert panel.summary.text().startswith("Nothing is damaged or missing")
