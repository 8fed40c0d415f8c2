"""The correction section: what its tools and buttons tell."""

import pytest
from qtpy.QtCore import Qt

from napari_mcn.panels.correct_section import CorrectSection
from napari_mcn.panels.segment_panel import SegmentPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def section(qtbot):
    """A section with one crystal chosen."""
    made = CorrectSection()
    qtbot.addWidget(made)
    made.set_chosen(1)
    made.show()
    return made


@pytest.mark.parametrize(
    ("button", "signal"),
    [
        ("reopen_button", "reopen_requested"),
        ("fill_button", "fill_requested"),
        ("smooth_button", "smooth_requested"),
        ("front_button", "front_requested"),
        ("back_button", "back_requested"),
    ],
)
def test_a_button_tells_what_the_user_wants(section, qtbot, button, signal):
    with qtbot.waitSignal(getattr(section, signal)):
        qtbot.mouseClick(getattr(section, button), LEFT)


@pytest.mark.parametrize("tool", ["lasso", "merge", "cut"])
def test_a_tool_is_told_by_its_name(section, qtbot, tool):
    with qtbot.waitSignal(section.tool_chosen) as told:
        qtbot.mouseClick(section.tools[tool], LEFT)
    assert told.args == [tool]


@pytest.mark.parametrize(("button", "pixels"), [("grow_button", 3), ("shrink_button", -3)])
def test_growing_and_shrinking_tell_by_how_much(section, qtbot, button, pixels):
    section.pixels.setValue(3)
    with qtbot.waitSignal(section.grow_requested) as told:
        qtbot.mouseClick(getattr(section, button), LEFT)
    assert told.args == [pixels]


def test_smoothing_tells_its_radius(section, qtbot):
    section.pixels.setValue(4)
    with qtbot.waitSignal(section.smooth_requested) as told:
        qtbot.mouseClick(section.smooth_button, LEFT)
    assert told.args == [4]


def test_without_a_crystal_only_the_tools_can_be_used(section):
    section.set_chosen(0)
    buttons = (section.fill_button, section.grow_button, section.front_button)
    assert not any(each.isEnabled() for each in (*buttons, section.reopen_button))
    assert all(each.isEnabled() for each in section.tools.values())


def test_a_tool_of_the_section_puts_the_pages_other_tools_away(qtbot):
    panel = SegmentPanel()
    qtbot.addWidget(panel)
    panel.set_tool("look")
    panel.set_tool("cut")
    assert [key for key, button in panel.tools.items() if button.isChecked()] == ["cut"]


def test_the_page_passes_the_sections_tools_on(qtbot):
    panel = SegmentPanel()
    qtbot.addWidget(panel)
    with qtbot.waitSignal(panel.tool_chosen) as told:
        qtbot.mouseClick(panel.correct.tools["lasso"], LEFT)
    assert told.args == ["lasso"]
