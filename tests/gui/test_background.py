"""The thread for what takes too long for a click."""

import threading

import pytest

from napari_mcn.background import FAILED, Background


class Listening:
    """Remembers what it was told."""

    def __init__(self):
        self.heard, self.told = [], threading.Semaphore(0)

    def done(self, result):
        self.heard.append(result)
        self.told.release()

    def failed(self, error):
        self.heard.append(str(error))
        self.told.release()


@pytest.fixture
def ask():
    """Ask questions while the thread is still busy with the first; give all answers."""

    def ask_all(background, *questions):
        listener, gate = Listening(), threading.Event()
        begun = threading.Event()
        background.run(lambda: (begun.set(), gate.wait(10)), listener)
        begun.wait(10)
        for question in questions:
            background.run(question, listener)
        gate.set()
        listener.told.acquire(timeout=10)
        while listener.told.acquire(timeout=0.5):
            pass
        background.close()
        return listener.heard[1:]

    return ask_all


def test_only_the_newest_question_is_answered(ask):
    assert ask(Background(), lambda: 1, lambda: 2) == [2]


def test_every_question_is_answered_where_each_matters(ask):
    assert ask(Background(newest_only=False), lambda: 1, lambda: 2) == [1, 2]


def test_what_nobody_expected_is_told_and_the_next_question_answered(ask):
    assert ask(Background(newest_only=False), lambda: 1 / 0, lambda: 2) == [FAILED, 2]
