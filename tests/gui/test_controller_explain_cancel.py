"""Waiting for an explanation, and losing patience."""

from qtpy.QtCore import Qt

LEFT = Qt.MouseButton.LeftButton


def test_nobody_waits_for_a_quick_answer_in_the_progress_row(asked, workbench):
    assert not workbench.cancel_button.isVisible()


def test_a_slow_question_can_be_cancelled_and_its_child_lives(
    asked, explainer, workbench, explain_panel, qtbot
):
    qtbot.waitUntil(workbench.cancel_button.isVisible, timeout=3000)
    assert not explain_panel.explain_button.isEnabled()
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    assert (explainer.forgotten[-1], explainer.cancelled) == (len(explainer.asked), [])
    assert explain_panel.explain_button.isEnabled()
    assert explain_panel.next_step.text() == "Stopped. Press “Why this class?” to ask again."


def test_a_map_that_is_there_before_the_cancel_is_shown(
    asked, explainer, explanation, workbench, canvas, crystals, qtbot
):
    qtbot.waitUntil(workbench.cancel_button.isVisible, timeout=3000)
    explainer.late = True
    qtbot.mouseClick(workbench.cancel_button, LEFT)
    explainer.last.listener.done(explanation(crystals[0]))
    assert canvas.sheet.overlay.shown is not None
    assert not workbench.cancel_button.isVisible()
