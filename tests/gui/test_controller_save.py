"""The save line: what is where, from whichever thread the news comes."""

import errno
import os
import threading

import pytest
from fakes import listeners
from lost_share import lost

from microcrystalnet.domain.label import Answer
from microcrystalnet.storage.recorder import Pending
from napari_mcn.controllers.save_controller import SaveController


@pytest.fixture
def save(workbench, session):
    controller = SaveController(workbench, session, workbench)
    yield controller
    controller.close()


@pytest.fixture
def saved(workbench):
    """Give what the line says now."""
    return lambda: workbench.saved.text()


def test_an_edit_ends_in_the_project_folder(qtbot, save, session, crystals, saved):
    session.project.label(crystals[0], Answer("RES"))
    qtbot.waitUntil(lambda: saved() == "✓  Saved in the project folder")


def test_news_of_the_writers_thread_arrives(qtbot, save, session, saved):
    session.project.flush()  # or the project's own news comes after ours
    qtbot.waitUntil(lambda: saved() == "✓  Saved in the project folder")
    news = threading.Thread(target=session.project.on_saved, args=(Pending(0, 2),))
    news.start()
    news.join()
    qtbot.waitUntil(lambda: saved() == "●  Saved on this computer")


def test_what_is_not_yet_safe_is_said(save, saved):
    save._show(Pending(3, 0))
    assert saved() == "●  Saving…"


def test_trouble_says_once_how_many_edits_are_only_here(qtbot, save, session, crystals, saved):
    session.project.flush()
    with lost(session.project.folder, errno.ENOTCONN):
        session.project.label(crystals[0], Answer("RES"))
        qtbot.waitUntil(lambda: saved().startswith("⚠"))
    assert saved() == (
        "⚠  1 change is only on this computer: the project folder cannot be written "
        f"({os.strerror(errno.ENOTCONN)})."
    )


def test_a_read_only_project_says_why(save, session, read_only, saved):
    session.open(read_only)
    assert saved() == f"⚠  {read_only.read_only_reason}"


def test_without_a_project_the_line_is_empty(save, session, saved):
    session.close()
    assert saved() == ""


def test_closing_lets_go_of_the_session(workbench, session, canvas):
    before = listeners(session, canvas)
    SaveController(workbench, session, workbench).close()
    assert listeners(session, canvas) == before


def test_labels_that_wait_for_a_seal_are_said_to_wait(save, saved):
    save._show(Pending(held=2))
    assert saved() == "●  Saved; 2 labels wait on this computer for your seal"
