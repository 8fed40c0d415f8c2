"""The shared folder hangs: the window goes on, and shows the rest when the folder is back."""

import errno
import os

import pytest
from lost_share import lost
from qtpy.QtCore import Qt
from silent_share import SilentShare
from user import CTRL, PLACES, at_work, make_project

Key = Qt.Key


@pytest.fixture
def user(viewer, tmp_path):
    with at_work(viewer, tmp_path) as open_one:
        yield open_one(make_project(tmp_path / "project", micrographs=2)).start_over("BK")


@pytest.fixture
def share(user):
    return SilentShare(user.session.project.folder)


def test_labelling_never_asks_the_share(user, share):
    with share.silent():
        user.press(Key.Key_K, Key.Key_1, Key.Key_2, Key.Key_X, Key.Key_J, Key.Key_U)
        user.press(Key.Key_Z, modifier=CTRL)
    assert share.asked_by_window == []
    assert user.answers[:2] == ["RES", "PES"]


def test_going_to_another_micrograph_does_not_wait_and_says_so(user, share, told):
    with share.silent():
        user.press(Key.Key_N)
        _, said = told[-1]
    assert share.asked_by_window == []
    assert "does not answer" in said


def test_the_micrograph_appears_when_the_share_is_back(user, share, qtbot):
    with share.silent():
        user.press(Key.Key_N)
    qtbot.waitUntil(lambda: user.dock.canvas.sheet is not None, timeout=10_000)
    drawn = {user.dock.canvas.crystal_at(row + 9, col + 9) for row, col in PLACES}
    assert drawn == user.session.crystals.keys()


def test_what_was_labelled_meanwhile_reaches_the_share(user, share):
    with share.silent():
        user.press(Key.Key_K, Key.Key_1, Key.Key_2)
        here = user.session.project.pending().only_here
    assert here > 0
    assert user.session.project.flush(20)


def test_a_share_that_went_away_stops_no_labelling(user, told):
    with lost(user.session.project.folder, errno.ENOTCONN):
        user.press(Key.Key_K, Key.Key_1, Key.Key_2)
    assert (user.answers[:2], told) == (["RES", "PES"], [])
    assert user.session.project.flush(20)


def test_the_micrograph_appears_when_a_share_that_went_away_is_back(user, told, qtbot):
    with lost(user.session.project.folder, errno.ESTALE):
        user.press(Key.Key_N)
        _, said = told[-1]
    assert f"does not answer ({os.strerror(errno.ESTALE)})" in said
    qtbot.waitUntil(lambda: user.dock.canvas.sheet is not None, timeout=10_000)
    assert len(told) == 1
