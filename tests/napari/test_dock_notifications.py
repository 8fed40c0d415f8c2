"""Notifications in the real window: read to the end, and the keyboard stays where it is."""

import pytest
from napari._qt.dialogs.qt_notification import NapariQtNotification
from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QApplication, QLabel
from user import make_project

from microcrystalnet.errors import ProjectError
from napari_mcn.notify import refuse, tell

LONG = "No crystal has a settled label yet; a crystal is settled when two experts agree on it."


@pytest.fixture
def user(open_user, tmp_path):
    yield open_user(make_project(tmp_path / "project"))
    [popup.close() for popup in list(NapariQtNotification._instances)]


def newest():
    return NapariQtNotification._instances[-1]


def test_a_long_sentence_is_unfolded(qtbot, user):
    refuse(ProjectError(LONG))
    qtbot.waitUntil(lambda: newest().property("expanded") is True)
    qtbot.waitUntil(lambda: newest().height() >= newest().sizeHint().height())


def test_a_long_sentence_is_shown_to_its_last_word(qtbot, user):
    refuse(ProjectError(LONG + " Whatever else there is to say takes a line of its own."))
    qtbot.waitUntil(lambda: newest().property("expanded") is True)
    qtbot.waitUntil(lambda: newest().height() >= newest().sizeHint().height())
    assert QLabel.text(newest().message).endswith("a line of its own.")


def test_a_short_sentence_stays_one_line(user):
    tell("Saved.")
    assert newest().findChildren(QTimer) == []


def test_a_notification_that_fades_leaves_the_keyboard_with_the_name(qtbot, user):
    user.go_to("Label")
    user.click(user.dock.labelling.naming.new_button)
    tell("Saved.")
    newest().close_with_fade()
    qtbot.waitUntil(lambda: not NapariQtNotification._instances)
    assert QApplication.focusWidget() is user.dock.labelling.naming.new_expert


def test_a_sentence_that_is_still_in_view_is_not_said_twice(user, told):
    refuse(ProjectError(LONG))
    refuse(ProjectError(LONG))
    assert told == [("warning", LONG)]
