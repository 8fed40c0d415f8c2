import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from engines_listening import ask

from microcrystalnet.engines.client import EngineClient
from microcrystalnet.errors import EngineError

SERVICE = "engines_rehearsal:Rehearsal"
TESTS = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _the_child_finds_the_rehearsal(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(TESTS), prepend=os.pathsep)


@pytest.fixture
def client():
    client = EngineClient(SERVICE)
    yield client
    client.close()


def test_an_engine_killed_in_the_middle_of_a_request_says_so_once_and_recovers(client, tmp_path):
    job = ask(client, "wait_for", path=str(tmp_path / "never"))
    job.step()
    os.kill(client.process_id, signal.SIGKILL)
    error = job.outcome()
    assert isinstance(error, EngineError)
    assert "nothing you accepted is lost" in str(error)
    assert ask(client, "echo", value=1).outcome() == 1
    assert job.outcomes.empty()


def test_an_engine_that_dies_by_itself_fails_only_what_it_was_doing(client):
    culprit, behind = ask(client, "die"), ask(client, "echo", value="behind")
    assert isinstance(culprit.outcome(), EngineError)
    assert behind.outcome() == "behind"


def test_an_idle_engine_that_was_killed_is_replaced_without_a_word(client):
    pid = ask(client, "pid").outcome()
    os.kill(pid, signal.SIGKILL)
    assert ask(client, "pid").outcome() != pid


def test_no_zombie_is_left(client):
    pid = ask(client, "pid").outcome()
    os.kill(pid, signal.SIGKILL)
    ask(client, "pid").outcome()
    assert not psutil.pid_exists(pid)


def test_a_child_ends_when_its_parent_is_killed(tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "never")],
        stdout=subprocess.PIPE,
        text=True,
    )
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.communicate()
    assert psutil.wait_procs([child], timeout=10)[1] == []


PARENT = """
import sys
from engines_listening import Ear
from microcrystalnet.engines.client import EngineClient
client, ear, job = EngineClient("engines_rehearsal:Rehearsal"), Ear(), Ear()
client.request("pid", {}, ear)
pid = ear.outcome()
client.request("wait_for", {"path": sys.argv[1]}, job)
job.step()
print(pid, flush=True)
job.outcome()
"""


@pytest.mark.long
@pytest.mark.parametrize("trial", range(50))
def test_a_kill_at_any_moment_gives_an_answer_or_a_sentence(client, trial):
    ask(client, "pid").outcome()
    ears = [ask(client, "count", upto=200) for _ in range(5)]
    [ears[0].step() for _ in range(trial % 25)]
    os.kill(client.process_id, signal.SIGKILL)
    outcomes = [ear.outcome() for ear in ears]
    assert all(outcome == 200 or isinstance(outcome, EngineError) for outcome in outcomes)
