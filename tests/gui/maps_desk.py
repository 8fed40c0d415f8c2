"""The page of maps with its controller, for the tests of both and of their window."""

import pytest

from napari_mcn.controllers.maps_controller import MapsController
from napari_mcn.panels.maps_page import MapsPage


@pytest.fixture
def opened():
    """What was to be shown in the gallery."""
    return []


@pytest.fixture
def page(qtbot):
    made = MapsPage()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def maps(page, session, canvas, named, opened, busy):
    controller = MapsController(
        page,
        session,
        canvas,
        busy=busy,
        show_classes=lambda shown: setattr(canvas.sheet.predicted, "visible", shown),
        open_gallery=lambda title, ids: opened.append(tuple(ids)),
    )
    controller.activate(True)
    yield controller
    controller.close()
