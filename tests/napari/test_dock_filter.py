"""Noise filters in the real window, with the real child processes."""

import numpy as np
import pytest
from user import at_work, make_project

from napari_mcn.layers.roles import Role, find


@pytest.fixture
def user(viewer, tmp_path):
    with at_work(viewer, tmp_path) as open_one:
        yield open_one(make_project(tmp_path / "project"))


def test_the_middle_of_the_view_is_shown_filtered_and_outlined_on(user, qtbot):
    panel = user.dock.outlining.panel
    user.go_to("Segment")
    user.click(panel.filters.fold.heading)
    user.click(panel.filters.preview)
    panel.filters.preset.setCurrentIndex(panel.filters.preset.findData("light"))
    qtbot.waitUntil(lambda: "dB" in panel.filters.gains.text(), timeout=60_000)
    layer = find(user.dock.canvas.viewer, Role.FILTERED)
    qtbot.waitUntil(panel.everything_button.isEnabled, timeout=60_000)
    assert layer.visible
    assert layer.bounding_box.visible
    assert np.std(layer.data) < np.std(user.dock.canvas.pixels)
    assert user.dock.segmentation._shown.recipe == user.session.recipe


def test_the_recorded_pixels_are_back_when_the_tick_goes(user, qtbot):
    panel = user.dock.outlining.panel
    user.go_to("Segment")
    user.click(panel.filters.fold.heading)
    panel.filters.preset.setCurrentIndex(panel.filters.preset.findData("light"))
    user.click(panel.filters.preview)
    layer = user.dock.canvas.sheet.filtered.layer
    qtbot.waitUntil(lambda: layer.visible, timeout=60_000)
    user.click(panel.filters.preview)
    assert not layer.visible
