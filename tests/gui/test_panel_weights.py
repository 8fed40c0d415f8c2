"""The weights page: asked before anything is fetched, paused, resumed, used."""

import pytest
from qtpy.QtCore import Qt

from napari_mcn.panels.finetune_section import FinetuneSection
from napari_mcn.panels.weights_section import FETCHING, HERE, PAUSED, WeightsRow, WeightsSection

LEFT = Qt.MouseButton.LeftButton
SMALL = WeightsRow("vit_b", 375_000_000, "example.org", "Apache-2.0", "0123456789abcdef" * 4)
LARGE = WeightsRow("vit_h", 2_564_000_000, "example.org", "Apache-2.0", "f" * 64)


@pytest.fixture
def panel(qtbot):
    made = WeightsSection()
    qtbot.addWidget(made)
    made.set_weights([SMALL, LARGE])
    made.show()
    return made


def in_state(row, state, done=0):
    return WeightsRow(row.name, row.size, row.host, row.licence, row.sha256, state, done)


def texts(panel):
    return {name: label.text() for name, label in panel._states.items()}


def test_every_size_is_shown(panel):
    assert texts(panel) == {"vit_b": "375 MB", "vit_h": "2,564 MB"}


def test_fetching_is_asked_first(panel, qtbot):
    with qtbot.assertNotEmitted(panel.fetch_requested):
        qtbot.mouseClick(panel.buttons["vit_b"], LEFT)
    assert panel.fetch_button.isVisible()


def test_the_question_says_what_how_much_and_from_where(panel, qtbot):
    qtbot.mouseClick(panel.buttons["vit_b"], LEFT)
    said = panel.question.text()
    parts = ["375 MB", "example.org", "Apache-2.0", "0123456789abcdef 0123456789abcdef"]
    assert [part for part in parts if part not in said] == []


def test_agreeing_fetches_what_was_asked(panel, qtbot):
    qtbot.mouseClick(panel.buttons["vit_h"], LEFT)
    with qtbot.waitSignal(panel.fetch_requested) as told:
        qtbot.mouseClick(panel.fetch_button, LEFT)
    assert (told.args, panel.question.isVisible()) == (["vit_h"], False)


def test_declining_fetches_nothing(panel, qtbot):
    qtbot.mouseClick(panel.buttons["vit_h"], LEFT)
    with qtbot.assertNotEmitted(panel.fetch_requested):
        qtbot.mouseClick(panel.decline_button, LEFT)
    assert not panel.question.isVisible()


def test_what_is_being_fetched_can_be_paused(panel, qtbot):
    panel.set_weights([in_state(SMALL, FETCHING), LARGE])
    with qtbot.waitSignal(panel.pause_requested):
        qtbot.mouseClick(panel.buttons["vit_b"], LEFT)


def test_one_file_is_fetched_at_a_time(panel):
    panel.set_weights([in_state(SMALL, FETCHING), LARGE])
    assert not panel.buttons["vit_h"].isEnabled()


def test_what_was_paused_goes_on_without_being_asked_again(panel, qtbot):
    panel.set_weights([in_state(SMALL, PAUSED, 100_000_000), LARGE])
    with qtbot.waitSignal(panel.fetch_requested) as told:
        qtbot.mouseClick(panel.buttons["vit_b"], LEFT)
    assert (told.args, texts(panel)["vit_b"]) == (["vit_b"], "100 of 375 MB")


def test_what_is_here_can_be_used(panel, qtbot):
    panel.set_weights([in_state(SMALL, HERE), LARGE])
    with qtbot.waitSignal(panel.use_requested) as told:
        qtbot.mouseClick(panel.buttons["vit_b"], LEFT)
    assert told.args == ["vit_b"]


def test_how_far_it_is_can_be_read(panel):
    panel.set_progress("vit_b", "12 of 375 MB")
    assert texts(panel)["vit_b"] == "12 of 375 MB"


@pytest.fixture
def finetuning(qtbot):
    made = FinetuneSection()
    qtbot.addWidget(made)
    made.set_ready(True, "")
    made.show()
    return made


def test_fine_tuning_is_asked_for_by_a_button(finetuning, qtbot):
    with qtbot.waitSignal(finetuning.finetune_requested):
        qtbot.mouseClick(finetuning.finetune_button, LEFT)


def test_while_it_learns_it_can_only_be_cancelled(finetuning, qtbot):
    finetuning.set_running(True)
    assert not finetuning.finetune_button.isVisible()
    with qtbot.waitSignal(finetuning.cancel_requested):
        qtbot.mouseClick(finetuning.cancel_button, LEFT)


def test_what_was_learnt_is_used_only_on_request(finetuning, qtbot):
    finetuning.set_result("IoU 0.5 before, 0.8 after.")
    with qtbot.waitSignal(finetuning.use_requested):
        qtbot.mouseClick(finetuning.use_button, LEFT)


def test_without_a_result_nothing_can_be_used(finetuning):
    assert not finetuning.use_button.isVisible()
