"""A fixture, for tests of the window, that hears what the user is told."""

import pytest


@pytest.fixture
def told():
    """Every notification, as (severity, sentence)."""
    from napari.utils.notifications import notification_manager

    said = []

    def hear(notification):
        said.append((str(notification.severity), notification.message))

    notification_manager.notification_ready.connect(hear)
    yield said
    notification_manager.notification_ready.disconnect(hear)
