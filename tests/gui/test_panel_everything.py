"""The sliders of the automatic pass."""

import pytest
from qtpy.QtCore import QEvent, QPoint, QPointF, Qt
from qtpy.QtGui import QMouseEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication

from napari_mcn.panels.everything_section import Chosen, EverythingSection
from napari_mcn.panels.size_slider import STEPS

LEFT = Qt.MouseButton.LeftButton


def drag(widget, point):
    """Move with the button held, which QTest.mouseMove does not."""
    kind, none = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
    place, plain = QPointF(point), Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QMouseEvent(kind, place, place, none, LEFT, plain))


@pytest.fixture
def section(qtbot):
    made = EverythingSection()
    qtbot.addWidget(made)
    made.set_scale("px", 3, 1024, 12)
    made.set_proposed("7 crystals are proposed.", 7)
    made.show()
    return made


@pytest.mark.parametrize(
    ("button", "signal"),
    [
        ("propose_button", "proposals_requested"),
        ("accept_button", "accept_requested"),
        ("discard_button", "discard_requested"),
    ],
)
def test_a_button_tells_what_the_user_wants(section, qtbot, button, signal):
    with qtbot.waitSignal(getattr(section, signal)):
        qtbot.mouseClick(getattr(section, button), LEFT)


def test_at_first_the_usual_is_chosen(section):
    assert section.chosen == Chosen(12, None, 0.5, True)


def test_before_anything_is_proposed_the_sliders_are_put_away(section):
    section.set_proposed(None)
    assert (section.smallest.isVisible(), section.accept_button.isVisible()) == (False, False)


def test_the_slider_reaches_both_ends(section):
    section.smallest.slider.setValue(0)
    least = section.chosen.smallest
    section.smallest.slider.setValue(STEPS)
    assert (least, section.chosen.smallest) == (3, 1024)


def test_halfway_lies_the_geometric_mean(section):
    section.smallest.slider.setValue(STEPS // 2)
    assert section.chosen.smallest == pytest.approx((3 * 1024) ** 0.5, abs=1)


def test_a_typed_number_moves_the_slider(section):
    section.largest.field.setValue(55)
    assert section.largest.slider.value() == pytest.approx(STEPS / 2, abs=2)


def test_a_limit_is_written_with_its_unit_and_none_as_none(section):
    before = section.largest.field.text()
    section.largest.field.setValue(100)
    assert (before, section.largest.field.text()) == ("no limit", "100 px")


def test_dragging_a_slider_tells_at_every_step(section, qtbot):
    slider = section.confidence
    middle = QPoint(slider.width() // 2, slider.height() // 2)
    told = []
    section.settings_changed.connect(lambda: told.append(section.chosen.confidence))
    QTest.mousePress(slider, LEFT, pos=middle)
    drag(slider, middle + QPoint(20, 0))
    drag(slider, middle + QPoint(40, 0))
    QTest.mouseRelease(slider, LEFT, pos=middle + QPoint(40, 0))
    assert len(told) >= 2
    assert told[-1] > told[0]


def test_what_was_chosen_holds_on_the_next_micrograph_of_the_same_unit(section, qtbot):
    section.smallest.field.setValue(40)
    with qtbot.assertNotEmitted(section.settings_changed):
        section.set_scale("px", 3, 2048, 12)
    assert section.chosen == Chosen(40, None, 0.5, True)


def test_another_unit_begins_with_the_usual(section):
    section.smallest.field.setValue(40)
    section.set_scale("µm", 0.03, 10.24, 0.12)
    assert (section.chosen.smallest, section.smallest.field.text()) == (0.12, "0.120 µm")


def test_pixels_far_below_a_nanometre_have_lengths_too(section):
    section.set_scale("µm", 0.0003, 0.1024, 0.0012)
    section.smallest.slider.setValue(STEPS // 2)
    assert section.chosen.smallest == pytest.approx((0.0003 * 0.1024) ** 0.5, rel=0.01)
    assert section.largest.field.unlimited


def test_what_was_never_chosen_follows_the_scale_of_the_micrograph(section):
    section.set_scale("µm", 0.03, 10.24, 0.12)
    section.set_scale("µm", 0.3, 102.4, 1.2)
    assert section.chosen.smallest == 1.2


def test_nothing_can_be_accepted_where_nothing_is_proposed(section):
    section.set_proposed("No crystal is proposed.", 0)
    assert not section.accept_button.isEnabled()


def test_the_sliders_leave_the_keyboard_to_the_micrograph(section, qtbot):
    qtbot.mouseClick(section.confidence, LEFT)
    assert section.focusWidget() is not section.confidence
