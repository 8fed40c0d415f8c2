"""The segment panel: engine, tools, proposals, history."""

import pytest
from qtpy.QtCore import Qt

from napari_mcn.panels.segment_panel import SegmentPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    """A panel that is ready, with three proposals and a selected crystal."""
    panel = SegmentPanel()
    qtbot.addWidget(panel)
    panel.set_engines([("embedded", "Embedded"), ("vit_b", "SAM ViT-B")], "embedded")
    panel.set_ready(True, "Ready")
    panel.set_proposals(3, 1, (0.95, 0.91, 0.7))
    panel.set_counts(180, "crystal 12")
    panel.set_history(undo=True, redo=True)
    return panel


@pytest.mark.parametrize(
    ("button", "signal"),
    [
        ("checkpoint_button", "checkpoint_requested"),
        ("sign_button", "sign_toggled"),
        ("next_button", "next_proposal_requested"),
        ("commit_button", "commit_requested"),
        ("clear_button", "clear_requested"),
        ("delete_button", "delete_requested"),
        ("undo_button", "undo_requested"),
        ("redo_button", "redo_requested"),
    ],
)
def test_a_button_tells_what_the_user_wants(panel, qtbot, button, signal):
    with qtbot.waitSignal(getattr(panel, signal)):
        qtbot.mouseClick(getattr(panel, button), LEFT)


@pytest.mark.parametrize("tool", ["prompt", "box", "brush", "look"])
def test_a_tool_is_told_by_its_name(panel, qtbot, tool):
    with qtbot.waitSignal(panel.tool_chosen) as told:
        qtbot.mouseClick(panel.tools[tool], LEFT)
    assert told.args == [tool]


def test_only_one_tool_is_in_hand(panel):
    panel.set_tool("box")
    panel.set_tool("brush")
    assert [key for key, button in panel.tools.items() if button.isChecked()] == ["brush"]


def test_showing_a_tool_tells_nobody(panel, qtbot):
    with qtbot.assertNotEmitted(panel.tool_chosen):
        panel.set_tool("box")


def test_outlining_everything_tells_the_smallest_diameter(panel, qtbot):
    panel.smallest.setValue(20)
    with qtbot.waitSignal(panel.everything_requested) as told:
        qtbot.mouseClick(panel.everything_button, LEFT)
    assert told.args == [20]


def test_a_chosen_engine_is_told_by_its_key(panel, qtbot):
    with qtbot.waitSignal(panel.engine_chosen) as told:
        panel.engine.activated.emit(1)
    assert told.args == ["vit_b"]


def test_showing_engines_tells_nobody(panel, qtbot):
    with qtbot.assertNotEmitted(panel.engine_chosen):
        panel.set_engines([("vit_b", "SAM ViT-B")], "vit_b")


def test_a_button_that_cannot_be_pressed_says_why(panel):
    panel.set_ready(False, "The micrograph is being prepared.")
    assert not panel.everything_button.isEnabled()
    assert panel.everything_button.toolTip() == "The micrograph is being prepared."


def test_a_button_that_can_be_pressed_again_has_its_hint_back(panel):
    hint = panel.undo_button.toolTip()
    panel.set_history(undo=False, redo=False)
    panel.set_history(undo=True, redo=False)
    assert panel.undo_button.toolTip() == hint


def test_the_chosen_proposal_is_named_with_its_score(panel):
    assert panel.proposal.text() == "Outline 2 of 3, score 0.91"


def test_nothing_can_be_accepted_without_a_proposal(panel):
    panel.set_proposals(0, 0, ())
    assert not panel.commit_button.isEnabled()


def test_one_proposal_can_be_accepted_but_not_cycled(panel):
    panel.set_proposals(1, 0, (0.8,))
    assert panel.commit_button.isEnabled()
    assert not panel.next_button.isEnabled()


def test_nothing_can_be_deleted_without_a_selected_crystal(panel):
    panel.set_counts(180, None)
    assert not panel.delete_button.isEnabled()


def test_the_sign_of_the_next_click_is_shown(panel):
    panel.set_sign(False)
    assert panel.sign_button.text() == "− Cutting away"


def test_a_click_on_a_button_leaves_the_keyboard_to_the_micrograph(panel, qtbot):
    panel.show()
    qtbot.mouseClick(panel.tools["box"], LEFT)
    assert panel.focusWidget() is not panel.tools["box"]
