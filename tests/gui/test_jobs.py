"""Answers of other threads arrive on the thread of the window."""

import threading

import pytest
from qtpy.QtCore import QObject

from microcrystalnet.errors import EngineError
from microcrystalnet.progress import Progress
from napari_mcn.jobs import Tagged, listen


@pytest.fixture
def heard():
    """What arrived, and on which thread."""
    return []


@pytest.fixture
def job(qtbot, heard):
    owner = QObject()

    def hear(answer):
        heard.append((answer, threading.current_thread() is threading.main_thread()))

    yield listen(owner, hear, hear, hear)
    owner.deleteLater()


def from_another_thread(call, argument):
    thread = threading.Thread(target=call, args=(argument,))
    thread.start()
    thread.join()


@pytest.mark.parametrize(
    ("call", "argument"),
    [("progress", Progress(1, 2)), ("done", 7), ("failed", EngineError("It stopped."))],
)
def test_what_a_thread_says_is_heard_on_the_windows_thread(qtbot, job, heard, call, argument):
    from_another_thread(getattr(job, call), argument)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(argument, True)]


def test_a_tagged_answer_brings_its_tag(qtbot, job, heard):
    from_another_thread(Tagged(job, "first").done, 7)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(("first", 7), True)]


def test_a_tagged_refusal_brings_its_tag(qtbot, job, heard):
    error = EngineError("It stopped.")
    from_another_thread(Tagged(job, "first").failed, error)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(("first", error), True)]


def test_steps_of_a_tagged_request_are_plain(qtbot, job, heard):
    from_another_thread(Tagged(job, "first").progress, Progress(1, 2))
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(Progress(1, 2), True)]
