"""Long work on the project, a slice at a time."""

import gc

import pytest

from microcrystalnet.errors import ProjectError
from microcrystalnet.progress import Progress
from napari_mcn.background import FAILED
from napari_mcn.slices import AT_LEAST, Slices


@pytest.fixture
def told_of():
    """What was done and stopped, in order."""
    return []


@pytest.fixture
def run(busy, told_of):
    """Give a function that works through a generator."""
    slices = Slices(busy.task())

    def begin(work):
        slices.run(work, lambda: told_of.append("done"), lambda: told_of.append("stopped"))
        return slices

    yield begin
    slices.stop()


def steps(number):
    return (Progress(at, number, "Counting …") for at in range(number))


def slow_steps(monkeypatch):
    monkeypatch.setattr("napari_mcn.slices.SLICE_S", 0)


def refusing():
    yield from steps(AT_LEAST + 2)
    raise ProjectError("The drive is gone.")


def test_short_work_is_done_at_once(run, told_of, workbench):
    run(steps(AT_LEAST - 1))
    assert (told_of, workbench.bar.isVisible()) == (["done"], False)


def test_long_work_pauses_and_is_done_later(qtbot, run, told_of, monkeypatch, workbench):
    slow_steps(monkeypatch)
    run(steps(AT_LEAST + 3))
    assert (told_of, workbench.bar.isVisible()) == ([], True)
    qtbot.waitUntil(lambda: told_of == ["done"])
    assert not workbench.bar.isVisible()


def test_cancel_stops_it(qtbot, run, told_of, monkeypatch, busy):
    slow_steps(monkeypatch)
    slices = run(steps(AT_LEAST + 3))
    busy.cancel()
    assert (told_of, slices.running) == (["stopped"], False)


def test_new_work_takes_the_place_of_the_old(qtbot, run, told_of, monkeypatch):
    slow_steps(monkeypatch)
    run(steps(AT_LEAST + 3))
    run(steps(AT_LEAST + 3))
    qtbot.waitUntil(lambda: told_of == ["done"])


def test_a_refusal_is_told_and_stops_it(qtbot, run, told_of, monkeypatch, told):
    slow_steps(monkeypatch)
    run(refusing())
    qtbot.waitUntil(lambda: told_of == ["stopped"])
    assert "The drive is gone." in told[-1]


def failing():
    yield from steps(AT_LEAST + 2)
    raise ConnectionAbortedError("103")


def test_a_fault_is_told_and_stops_it(qtbot, run, told_of, monkeypatch, told):
    slow_steps(monkeypatch)
    slices = run(failing())
    qtbot.waitUntil(lambda: told_of == ["stopped"])
    assert (told[-1][1], slices.running, gc.isenabled()) == (FAILED, False, True)


def test_a_fault_at_once_is_told_and_stops_it(run, told_of, told):
    slices = run(failing())
    assert (told_of, told[-1][1], slices.running) == (["stopped"], FAILED, False)


def interrupted():
    yield from steps(3)
    raise KeyboardInterrupt


def test_work_that_is_cut_off_never_counts_as_done(run, told_of):
    with pytest.raises(KeyboardInterrupt):
        run(interrupted())
    assert (told_of, gc.isenabled()) == (["stopped"], True)


def test_a_fault_in_old_work_leaves_the_new_alone(run, told_of, told):
    def asking():
        run(steps(AT_LEAST - 1))
        yield from failing()

    slices = run(asking())
    assert (told_of, told[-1][1], slices.running) == (["done"], FAILED, False)


def test_what_is_refused_once_it_is_done_is_told(qtbot, busy, monkeypatch, told):
    def refuse():
        raise ProjectError("The drive is gone.")

    slow_steps(monkeypatch)
    slices = Slices(busy.task())
    slices.run(steps(AT_LEAST + 3), refuse)
    qtbot.waitUntil(lambda: told != [])
    assert ("The drive is gone." in told[-1], slices.running) == (True, False)


def test_the_garbage_collector_works_again_afterwards(qtbot, run, told_of, monkeypatch):
    slow_steps(monkeypatch)
    run(steps(AT_LEAST + 3))
    assert not gc.isenabled()
    qtbot.waitUntil(lambda: told_of == ["done"])
    assert gc.isenabled()
