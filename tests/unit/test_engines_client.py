import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from engines_listening import Ear, ask

from microcrystalnet.engines.call import call
from microcrystalnet.engines.client import EngineClient
from microcrystalnet.errors import EngineError, WeightsError
from microcrystalnet.progress import CancelledError

TESTS = Path(__file__).parents[1]
SERVICE = "engines_rehearsal:Rehearsal"


@pytest.fixture(autouse=True)
def _the_child_finds_the_rehearsal(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(TESTS), prepend=os.pathsep)


@pytest.fixture
def client():
    client = EngineClient(SERVICE)
    yield client
    client.close()


def test_no_process_runs_before_the_first_request():
    assert not EngineClient(SERVICE).running


def test_an_array_travels_there_and_back(client):
    image = np.arange(12, dtype=np.uint16).reshape(3, 4)
    np.testing.assert_array_equal(ask(client, "echo", value=image).outcome(), image)


def test_every_step_with_values_is_heard(client):
    ear = ask(client, "count", upto=3)
    assert ear.outcome() == 3
    assert [ear.step().values["step"] for _ in range(3)] == [0, 1, 2]


def test_a_refusal_keeps_its_class_and_its_sentence(client):
    error = ask(client, "refuse").outcome()
    assert isinstance(error, WeightsError)
    assert str(error) == "These weights are of another architecture."


def test_a_fault_of_the_engine_becomes_a_sentence(client):
    error = ask(client, "fail").outcome()
    assert isinstance(error, EngineError)
    assert "ZeroDivisionError: by nought" in str(error)


def test_a_method_that_is_not_listed_is_refused(client):
    assert "no method 'hidden'" in str(ask(client, "hidden").outcome())


def test_an_argument_that_cannot_travel_is_refused(client):
    assert "cannot be sent" in str(ask(client, "echo", value=lambda: None).outcome())


class Unbearable:
    """Runs out of memory on its way."""

    def __reduce__(self):
        raise MemoryError


def test_a_request_that_memory_does_not_hold_is_refused_and_the_next_is_answered(client):
    refused = ask(client, "echo", value=Unbearable()).outcome()
    assert "there is not enough memory" in str(refused)
    assert ask(client, "echo", value=7).outcome() == 7


def test_a_start_that_fails_unexpectedly_is_a_sentence():
    def start(service):
        raise RuntimeError("can't start new thread")

    assert "can't start new thread" in str(ask(EngineClient("x", start), "echo").outcome())


class Garbled:
    """Cannot be unpacked where it arrives."""

    def __reduce__(self):
        return int, ("no number",)


def test_a_request_that_the_engine_cannot_unpack_is_refused_and_the_next_is_answered(client):
    assert "stopped in the middle" in str(ask(client, "echo", value=Garbled()).outcome())
    assert ask(client, "echo", value=7).outcome() == 7


class Deaf(Ear):
    """Belongs to a window that is gone."""

    def failed(self, error):
        super().failed(error)
        raise RuntimeError("wrapped C/C++ object has been deleted")


def test_a_listener_that_is_gone_does_not_keep_the_next_from_its_answer(client):
    gone = Deaf()
    client.request("echo", {"value": lambda: None}, gone)
    gone.outcome()
    assert ask(client, "echo", value=7).outcome() == 7


def test_a_result_that_cannot_travel_is_refused(client):
    assert isinstance(ask(client, "unsendable").outcome(), EngineError)


def test_an_unknown_engine_is_refused_by_name():
    with pytest.raises(EngineError, match="no engine 'nonsense'"):
        call("nonsense", "echo", {})


def test_requests_are_answered_in_order_by_one_process(client):
    first, second = ask(client, "pid"), ask(client, "pid")
    assert first.outcome() == second.outcome() == client.process_id


def test_only_the_latest_prompt_of_a_lane_is_answered(client, tmp_path):
    gate = tmp_path / "open"
    busy = ask(client, "wait_for", path=str(gate))
    busy.step()
    older = [ask(client, "echo", lane="prompt", value=number) for number in range(5)]
    latest = ask(client, "echo", lane="prompt", value="latest")
    gate.touch()
    assert latest.outcome() == "latest"
    assert all(ear.outcomes.empty() for ear in older)


def test_a_stale_job_ends_at_its_next_step_in_the_same_process(client, tmp_path):
    pid = ask(client, "pid").outcome()
    stale = ask(client, "wait_for", lane="show", path=str(tmp_path / "never"))
    stale.step()
    assert ask(client, "echo", lane="show", value=1).outcome() == 1
    assert ask(client, "pid").outcome() == pid
    assert stale.outcomes.empty()


def test_cancel_ends_the_process_of_a_running_job_and_the_next_request_starts_another(
    client, tmp_path
):
    pid = ask(client, "pid").outcome()
    job = ask(client, "wait_for", path=str(tmp_path / "never"))
    job.step()
    client.cancel(job.number)
    assert ask(client, "pid").outcome() != pid
    assert job.outcomes.empty()


def test_a_running_job_is_cancelled_or_forgotten_in_time(client, tmp_path):
    jobs = [ask(client, "wait_for", path=str(tmp_path / "never")) for _ in range(2)]
    jobs[0].step()
    assert (client.forget(jobs[0].number), client.cancel(jobs[1].number)) == (True, True)


def test_once_the_answer_was_told_it_is_too_late_to_cancel_or_forget(client):
    job = ask(client, "pid")
    job.outcome()
    assert (client.forget(job.number), client.cancel(job.number)) == (False, False)


def test_what_waits_behind_a_cancelled_job_is_answered_by_the_next_process(client, tmp_path):
    job = ask(client, "wait_for", path=str(tmp_path / "never"))
    job.step()
    waiting = ask(client, "echo", value="still wanted")
    client.cancel(job.number)
    assert waiting.outcome() == "still wanted"


def test_cancel_of_a_waiting_request_leaves_the_running_job_alone(client, tmp_path):
    gate = tmp_path / "open"
    job = ask(client, "wait_for", path=str(gate))
    job.step()
    waiting = ask(client, "echo", value=1)
    client.cancel(waiting.number)
    gate.touch()
    assert job.outcome() == "seen"
    assert ask(client, "echo", value=2).outcome() == 2
    assert waiting.outcomes.empty()


def test_a_closed_client_refuses_and_leaves_no_process(client):
    ask(client, "pid").outcome()
    client.close()
    assert not client.running
    with pytest.raises(EngineError, match="closed"):
        ask(client, "pid")


def test_a_child_that_cannot_start_is_a_sentence():
    def start(service):
        raise EngineError("It could not be started.")

    assert str(ask(EngineClient("x", start), "echo").outcome()) == "It could not be started."


def test_call_waits_for_the_answer_and_reports():
    steps = []
    assert call(SERVICE, "count", {"upto": 2}, steps.append) == 2
    assert [step.done for step in steps] == [1, 2]


def test_call_raises_what_the_engine_refuses():
    with pytest.raises(WeightsError, match="another architecture"):
        call(SERVICE, "refuse", {})


def test_a_report_that_cancels_ends_the_call(tmp_path):
    def stop(progress):
        raise CancelledError

    with pytest.raises(CancelledError):
        call(SERVICE, "wait_for", {"path": str(tmp_path / "never")}, stop)


def test_the_client_imports_no_framework():
    code = (
        "import sys, microcrystalnet.engines.call, microcrystalnet.engines.client;"
        "sys.exit(bool({'torch', 'tensorflow', 'keras', 'onnxruntime'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_file_in_the_current_folder_is_not_imported_by_the_child(tmp_path, monkeypatch):
    Path(tmp_path / "pickle.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    assert call(SERVICE, "echo", {"value": 7}) == 7
