"""Work on a thread of its own."""

import threading

import pytest

from microcrystalnet.errors import AgreementError
from napari_mcn.background import Background
from napari_mcn.jobs import Job


@pytest.fixture
def background():
    made = Background()
    yield made
    made.close()


def test_an_answer_comes_on_another_thread(qtbot, background):
    job = Job()
    with qtbot.waitSignal(job.finished) as told:
        background.run(threading.get_ident, job)
    assert told.args[0] != threading.get_ident()


def test_a_refusal_is_passed_on(qtbot, background):
    job = Job()

    def refuse():
        raise AgreementError("No.")

    with qtbot.waitSignal(job.refused) as told:
        background.run(refuse, job)
    assert str(told.args[0]) == "No."


def test_only_the_newest_of_the_waiting_questions_is_answered(qtbot, background):
    job, begun, go_on, answers = Job(), threading.Event(), threading.Event(), []
    job.finished.connect(answers.append)

    def first():
        begun.set()
        go_on.wait(5)
        return "first"

    background.run(first, job)
    begun.wait(5)
    background.run(lambda: "second", job)
    background.run(lambda: "third", job)
    go_on.set()
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert answers == ["first", "third"]
