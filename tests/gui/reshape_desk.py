"""Three squares to be corrected, and a hand that draws with a tool."""

import pytest

from napari_mcn.controllers.reshape_controller import ReshapeController
from napari_mcn.layers.stroke import Stroke
from napari_mcn.panels.correct_section import CorrectSection


@pytest.fixture
def correct_section(qtbot):
    made = CorrectSection()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def reshape(correct_section, session, canvas, crystals):
    """Three squares of 20 px at (4, 4), (4, 40), (30, 4); the first is selected."""
    controller = ReshapeController(correct_section, session, canvas)
    session.crystal_id = crystals[0]
    yield controller
    controller.close()


@pytest.fixture
def draw_with(canvas):
    """Draw with a tool."""

    def draw(tool, stroke):
        canvas.use_tool(tool)
        canvas.drawn.emit(stroke)

    return draw


def click(row, col):
    return Stroke(((float(row), float(col)),))
