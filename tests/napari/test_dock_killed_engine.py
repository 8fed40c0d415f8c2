"""An engine killed in the middle of a request: a sentence, nothing lost, and asking again works."""

import os
import signal
from pathlib import Path

import pytest
from engines_dying import FOUND, TRAP
from qtpy.QtCore import Qt
from user import PLACES, at_work, make_project

from microcrystalnet.engines.client import EngineClient
from napari_mcn import docks

TESTS = Path(__file__).parents[1]
PATIENCE = 60_000


@pytest.fixture
def trap(tmp_path, monkeypatch):
    """The file that makes the engine hang."""
    path = tmp_path / "trap"
    path.touch()
    monkeypatch.setenv("PYTHONPATH", str(TESTS), prepend=os.pathsep)
    monkeypatch.setenv(TRAP, str(path))
    return path


@pytest.fixture
def user(viewer, tmp_path, trap, qtbot, monkeypatch):
    """A user whose engine hangs at the first question, ready on the Segment page."""
    monkeypatch.setattr(docks, "EngineClient", lambda _name: EngineClient("engines_dying:Dying"))
    with at_work(viewer, tmp_path) as open_one:
        made = open_one(make_project(tmp_path / "project"))
        made.press(Qt.Key.Key_K, Qt.Key.Key_1)
        made.go_to("Segment")
        button = made.dock.outlining.panel.everything_button
        qtbot.waitUntil(button.isEnabled, timeout=PATIENCE)
        yield made


def kill(qtbot, user, trap):
    """Kill the engine in the middle of its work, and let the next one work unharmed."""
    qtbot.waitUntil(trap.with_suffix(".caught").exists, timeout=PATIENCE)
    trap.unlink()
    os.kill(user.dock.segmentation.process_id, signal.SIGKILL)


def test_the_automatic_pass_says_so_and_can_be_asked_again(qtbot, user, trap, told):
    user.click(user.dock.outlining.panel.everything_button)
    kill(qtbot, user, trap)
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    first = told.pop()
    kept = len(user.session.crystals)
    user.click(user.dock.outlining.panel.everything_button)
    accept = user.dock.outlining.panel.everything.accept_button
    qtbot.waitUntil(accept.isVisible, timeout=PATIENCE)
    user.click(accept)
    assert ("stopped in the middle" in first[1], kept, len(user.session.crystals)) == (
        True,
        len(PLACES),
        len(PLACES) + 1,
    )


def test_a_click_says_so_and_the_next_click_is_answered(qtbot, user, trap, told):
    user.press(Qt.Key.Key_S)
    user.click_at(124, 6)
    kill(qtbot, user, trap)
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    user.click_at(124, 7)
    qtbot.waitUntil(lambda: user.dock.canvas.sheet.preview.mask is not None, timeout=PATIENCE)
    user.press(Qt.Key.Key_C)
    assert (len(told), user.session.crystal.mask) == (1, FOUND)


def test_labels_are_taken_while_the_engine_hangs(qtbot, user, trap):
    user.click(user.dock.outlining.panel.everything_button)
    qtbot.waitUntil(trap.with_suffix(".caught").exists, timeout=PATIENCE)
    user.press(Qt.Key.Key_2, Qt.Key.Key_3)
    assert user.answers == ["RES", "PES", "AA"]


def test_cancel_ends_a_hanging_engine_at_once(qtbot, user, trap, told):
    user.click(user.dock.outlining.panel.everything_button)
    qtbot.waitUntil(trap.with_suffix(".caught").exists, timeout=PATIENCE)
    user.click(user.dock.cancel_button)
    qtbot.waitUntil(lambda: not user.dock.segmentation.running, timeout=PATIENCE)
    assert (told, user.dock.cancel_button.isVisible()) == ([], False)
