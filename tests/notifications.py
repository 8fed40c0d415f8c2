"""A fixture, for tests of the window, that hears what the user is told."""

import pytest


@pytest.fixture
def told(monkeypatch):
    """Every notification, as (severity, sentence); none is still in view from a test before."""
    from napari._qt.dialogs.qt_notification import NapariQtNotification
    from napari.utils.notifications import notification_manager

    monkeypatch.setattr(NapariQtNotification, "_instances", [])
    said = []

    def hear(notification):
        said.append((str(notification.severity), notification.message))

    notification_manager.notification_ready.connect(hear)
    yield said
    notification_manager.notification_ready.disconnect(hear)
