"""The progress row: the newest of several jobs, and its Cancel."""

import pytest
from qtpy.QtCore import Qt

from microcrystalnet.progress import Progress


@pytest.fixture
def cancelled():
    return []


def start(busy, name, cancelled):
    task = busy.task()
    task.start(Progress(0, 10, name), lambda: cancelled.append(name))
    return task


def shown(workbench):
    return workbench._message.text() if workbench._progress_row.isVisible() else None


def test_nothing_is_shown_while_nothing_runs(workbench, busy):
    assert shown(workbench) is None


def test_a_job_that_begins_is_shown(workbench, busy, cancelled):
    start(busy, "training", cancelled)
    assert shown(workbench) == "training"


def test_a_step_moves_the_bar(workbench, busy, cancelled):
    start(busy, "training", cancelled).step(Progress(4, 10, "epoch 4"))
    assert (shown(workbench), workbench.bar.value()) == ("epoch 4", 4)


def test_when_the_newest_ends_the_one_before_is_shown_again(workbench, busy, cancelled):
    start(busy, "training", cancelled)
    start(busy, "outlining", cancelled).end()
    assert shown(workbench) == "training"


def test_an_older_job_that_ends_leaves_the_newest_in_view(workbench, busy, cancelled):
    older = start(busy, "training", cancelled)
    start(busy, "outlining", cancelled)
    older.end()
    assert shown(workbench) == "outlining"


def test_cancel_ends_the_job_in_view_only(qtbot, workbench, busy, cancelled):
    start(busy, "training", cancelled)
    start(busy, "outlining", cancelled)
    qtbot.mouseClick(workbench.cancel_button, Qt.MouseButton.LeftButton)
    assert (cancelled, shown(workbench)) == (["outlining"], "training")


def test_a_step_after_the_end_is_not_shown(workbench, busy, cancelled):
    task = start(busy, "training", cancelled)
    task.end()
    task.step(Progress(9, 10, "late"))
    assert shown(workbench) is None


def test_a_job_that_ended_is_not_cancelled(busy, cancelled):
    task = start(busy, "training", cancelled)
    task.end()
    task.cancel()
    assert cancelled == []


@pytest.fixture
def too_late(busy):
    """A job whose answer is on its way."""
    task = busy.task()
    task.start(Progress(0, 10, "writing"), lambda: False)
    return task


def test_a_job_that_is_cancelled_too_late_waits_for_its_answer(too_late, busy, workbench):
    busy.cancel()
    waiting = too_late.running, shown(workbench)
    too_late.end()
    assert (waiting, shown(workbench)) == ((True, "Stopping …"), None)


def test_an_abandoned_job_waits_for_nothing(too_late, workbench):
    too_late.abandon()
    assert (too_late.running, shown(workbench)) == (False, None)


def test_a_job_that_begins_anew_while_it_is_cancelled_stays_in_view(busy, workbench):
    task = busy.task()
    task.start(Progress(0, 0, "first"), lambda: task.start(Progress(0, 0, "second"), bool))
    busy.cancel()
    assert shown(workbench) == "second"
