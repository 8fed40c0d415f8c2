"""The label panel: experts, the crystal, its answer, and the way on."""

import numpy as np
import pytest
from qtpy.QtCore import Qt

from microcrystalnet.domain.label import NOT_A_CRYSTAL, UNCLEAR, Answer
from microcrystalnet.domain.scheme import FOUR_CLASSES, CrystalClass, Scheme
from microcrystalnet.domain.scheme_rules import with_retired
from napari_mcn.panels.label_panel import CropView, LabelPanel

LEFT = Qt.MouseButton.LeftButton
PIXELS = np.full((40, 50), 90, np.uint8)


def crop(answer=None):
    return CropView(PIXELS, "Crystal 12 of 180", answer, PIXELS > 0)


@pytest.fixture
def panel(qtbot):
    """AY labels a crystal that has no answer yet."""
    panel = LabelPanel()
    qtbot.addWidget(panel)
    panel.set_scheme(FOUR_CLASSES)
    panel.set_experts(("AY", "BK"), "AY")
    panel.set_counts({"RES": 2}, 2, 180)
    panel.set_crystal(crop())
    panel.show()
    return panel


@pytest.mark.parametrize("code", FOUR_CLASSES.codes)
def test_a_class_button_tells_its_code(panel, qtbot, code):
    with qtbot.waitSignal(panel.class_chosen) as told:
        qtbot.mouseClick(panel.buttons[code], LEFT)
    assert told.args == [code]


@pytest.mark.parametrize(
    ("button", "signal"),
    [
        ("unclear_button", "unclear_chosen"),
        ("discard_button", "discard_chosen"),
        ("clear_button", "cleared"),
        ("previous_button", "previous_requested"),
        ("next_button", "next_requested"),
        ("unlabelled_button", "next_unlabelled_requested"),
    ],
)
def test_a_button_tells_what_the_expert_says(panel, qtbot, button, signal):
    panel.set_crystal(crop(Answer("PES")))
    with qtbot.waitSignal(getattr(panel, signal)):
        qtbot.mouseClick(getattr(panel, button), LEFT)


def test_the_answer_of_the_crystal_is_down(panel):
    panel.set_crystal(crop(Answer("PES")))
    assert [code for code, button in panel.buttons.items() if button.isChecked()] == ["PES"]


def test_an_answer_that_is_not_offered_any_more_is_named(panel):
    panel.set_scheme(with_retired(FOUR_CLASSES, "AA"))
    panel.set_crystal(crop(Answer("AA")))
    assert "AA, Amorphous anhedral: a class that is not offered" in panel._retired.text()


def test_unclear_says_which_key_it_is(panel):
    panel.set_scheme(FOUR_CLASSES, "I")
    assert (panel.unclear_button.text(), "(I)" in panel.unclear_button.toolTip()) == (
        "I  Unclear",
        True,
    )


def test_the_next_crystal_shows_no_answer_of_the_last(panel):
    panel.set_crystal(crop(Answer("PES")))
    panel.set_crystal(crop())
    assert not panel.buttons["PES"].isChecked()


def test_unclear_is_not_the_same_as_not_a_crystal(panel):
    panel.set_crystal(crop(UNCLEAR))
    unclear = panel.unclear_button.isChecked(), panel.discard_button.isChecked()
    panel.set_crystal(crop(NOT_A_CRYSTAL))
    discard = panel.unclear_button.isChecked(), panel.discard_button.isChecked()
    assert (unclear, discard) == ((True, False), (False, True))


def test_the_outline_takes_the_colour_of_the_answer(panel):
    panel.set_crystal(crop(Answer("PES")))
    assert panel.picture.colour == FOUR_CLASSES["PES"].colour


def test_nobody_labels_before_an_expert_is_chosen(panel):
    panel.set_experts(("AY",), None)
    assert not panel.buttons["RES"].isEnabled()
    assert panel.buttons["RES"].toolTip() == "Choose or add your name first."


def test_nothing_can_be_answered_without_a_crystal(panel):
    panel.set_crystal(None)
    assert not panel.unclear_button.isEnabled()


def test_there_is_nothing_to_clear_before_an_answer(panel):
    assert not panel.clear_button.isEnabled()


def test_a_new_name_is_told_on_enter(panel, qtbot):
    qtbot.mouseClick(panel.new_button, LEFT)
    qtbot.keyClicks(panel.new_expert, " CM ")
    with qtbot.waitSignal(panel.expert_added) as told:
        qtbot.keyClick(panel.new_expert, Qt.Key.Key_Return)
    assert told.args == ["CM"]


def test_an_empty_name_is_not_told(panel, qtbot):
    qtbot.mouseClick(panel.new_button, LEFT)
    with qtbot.assertNotEmitted(panel.expert_added):
        qtbot.keyClick(panel.new_expert, Qt.Key.Key_Return)


def test_the_first_expert_is_asked_for_a_name_at_once(panel):
    panel.set_experts((), None)
    assert panel.new_expert.isVisible()


def test_a_chosen_expert_is_told(panel, qtbot):
    with qtbot.waitSignal(panel.expert_chosen) as told:
        panel.experts.activated.emit(1)
    assert told.args == ["BK"]


def test_progress_says_how_many_are_labelled(panel):
    panel.set_counts({"RES": 42}, 65, 180)
    assert panel.progress.text() == "65 of 180 labelled"


def test_a_class_shows_how_often_it_was_given(panel):
    panel.set_counts({"RES": 1203}, 1203, 1300)
    assert panel.buttons["RES"].count.text() == "1,203"


def test_who_labels_is_named_before_the_first_answer(panel):
    panel.set_experts((), "root")
    assert panel.experts.currentText() == "root"


def test_nothing_is_left_to_fly_to_when_all_are_labelled(panel):
    panel.set_counts({}, 180, 180)
    assert not panel.unlabelled_button.isEnabled()


def test_another_scheme_replaces_the_buttons(panel):
    panel.set_scheme(Scheme("Two", 1, (CrystalClass("Q", "Quartz", "#112233", "1"),)))
    assert list(panel.buttons) == ["Q"]


def test_counts_given_before_the_scheme_are_not_an_error(qtbot):
    panel = LabelPanel()
    qtbot.addWidget(panel)
    panel.set_counts({"RES": 3}, 3, 10)
    assert panel.progress.value() == 3
