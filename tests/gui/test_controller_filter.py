"""Filters against noise: fields, presets, the window that follows them."""

import numpy as np
import pytest
from qtpy.QtCore import Qt

from microcrystalnet.domain.micrograph import Region
from microcrystalnet.errors import EngineError
from microcrystalnet.imaging.noise import SNR_WORDS
from microcrystalnet.imaging.preprocess import PRESETS, Filtered, Gain, Recipe
from napari_mcn.controllers.filter_controller import FilterController
from napari_mcn.panels.filter_section import FilterSection

LEFT = Qt.MouseButton.LeftButton


class FakeFilterClient:
    def __init__(self):
        self.asked = []

    def request(self, method, arguments, listener, lane=None):
        self.asked.append((arguments, listener))
        return len(self.asked)

    def close(self):
        self.closed = True


@pytest.fixture
def client():
    return FakeFilterClient()


@pytest.fixture
def panel(qtbot):
    made = FilterSection()
    qtbot.addWidget(made)
    made.fold.heading.click()
    made.show()
    return made


@pytest.fixture
def filters(panel, session, canvas, client, workbench):
    controller = FilterController(panel, session, canvas, client, owner=workbench)
    yield controller
    controller.close()


def choose(panel, qtbot, name):
    with qtbot.waitSignal(panel.filters_changed):
        panel.preset.setCurrentIndex(panel.preset.findData(name))


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_becomes_the_recipe(filters, panel, session, qtbot, name):
    session.recipe = Recipe(closing_px=7)
    choose(panel, qtbot, name)
    assert session.recipe == PRESETS[name]


def test_a_step_by_itself_is_an_own_recipe(filters, panel, session, qtbot):
    with qtbot.waitSignal(panel.filters_changed):
        panel.opening.setValue(5)
    assert session.recipe == Recipe(opening_px=5)
    assert panel.preset.currentText() == "Own settings"


def test_without_the_tick_no_preview_is_made(filters, panel, session, client):
    session.recipe = PRESETS["light"]
    assert client.asked == []


def test_the_preview_filters_the_middle_of_the_view_without_noise2void(
    filters, panel, session, client, qtbot
):
    session.recipe = PRESETS["paper"]
    panel.preview.click()
    (arguments, _) = client.asked[-1]
    assert not arguments["recipe"].blind_spot
    assert max(arguments["pixels"].shape) <= 512


def answer(client, region_shape=(8, 8)):
    _, listener = client.asked[-1]
    gains = (Gain("recorded", 10.0), Gain("non-local means", 21.4))
    listener.done(Filtered(np.zeros(region_shape, np.uint8), gains))


def test_the_filtered_window_and_its_gain_are_shown(filters, panel, session, canvas, client, qtbot):
    session.recipe = PRESETS["light"]
    panel.preview.click()
    answer(client)
    qtbot.waitUntil(lambda: canvas.sheet.filtered.shown is not None)
    assert isinstance(canvas.sheet.filtered.shown[1], Region)
    assert "non-local means: 21.4 dB" in panel.gains.text()
    assert panel.definition.isVisible()
    assert panel.definition.text() == SNR_WORDS


def test_an_answer_to_older_settings_is_not_shown(filters, panel, session, canvas, client, qtbot):
    session.recipe = PRESETS["light"]
    panel.preview.click()
    _, late = client.asked[-1]
    session.recipe = PRESETS["none"]
    late.done(Filtered(np.zeros((8, 8), np.uint8), ()))
    qtbot.wait(1)
    assert canvas.sheet.filtered.shown is None


def test_why_there_is_no_preview_can_be_read(filters, panel, session, client, qtbot):
    session.recipe = PRESETS["light"]
    panel.preview.click()
    client.asked[-1][1].failed(EngineError("The filter engine stopped; try again."))
    qtbot.waitUntil(lambda: "stopped" in panel.gains.text())
