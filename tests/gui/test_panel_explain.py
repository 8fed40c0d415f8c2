"""The explain panel: the crystal, the prediction, and the overlay."""

import pytest
from qtpy.QtCore import Qt

from napari_mcn.panels.explain_panel import ExplainPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    """A panel with a model and a selected crystal."""
    panel = ExplainPanel()
    qtbot.addWidget(panel)
    panel.set_model("paper")
    panel.set_crystal("Crystal 12")
    panel.show()
    return panel


def test_asking_why_is_told(panel, qtbot):
    with qtbot.waitSignal(panel.explain_requested):
        qtbot.mouseClick(panel.explain_button, LEFT)


def test_why_cannot_be_asked_without_a_model(panel):
    panel.set_model(None)
    assert "Model tab" in panel.explain_button.toolTip()
    assert not panel.explain_button.isEnabled()


def test_why_cannot_be_asked_without_a_crystal(panel):
    panel.set_crystal(None)
    assert not panel.explain_button.isEnabled()


def test_why_cannot_be_asked_twice_at_once(panel):
    panel.set_busy(True)
    assert not panel.explain_button.isEnabled()


def test_the_predicted_class_is_told_as_none(panel, qtbot):
    with qtbot.waitSignal(panel.target_chosen) as told:
        panel.target.activated.emit(0)
    assert told.args == [None]


def test_a_class_is_told_by_its_code(panel, qtbot):
    with qtbot.waitSignal(panel.target_chosen) as told:
        panel.target.activated.emit(2)
    assert told.args == ["PES"]


def test_the_opacity_is_told_between_zero_and_one(panel, qtbot):
    with qtbot.waitSignal(panel.opacity_changed) as told:
        panel.opacity.setValue(25)
    assert told.args == [0.25]


def test_hiding_the_overlay_is_told(panel, qtbot):
    panel.set_legend("Bright pixels matter.")
    with qtbot.waitSignal(panel.hidden_changed) as told:
        panel.hidden.click()
    assert told.args == [True]


def test_controls_of_the_overlay_are_absent_without_one(panel):
    assert not panel.overlay.isVisible()


def test_the_prediction_is_drawn(panel):
    panel.set_prediction([("RES", 0.7), ("PES", 0.3)])
    assert panel.bars.bars == (("RES", 0.7), ("PES", 0.3))


def test_no_prediction_leaves_no_bars(panel):
    panel.set_prediction(())
    assert not panel.bars.isVisible()
