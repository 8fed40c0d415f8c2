import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from storage_scene import IMAGE, create, outline

from microcrystalnet.storage.health import check
from microcrystalnet.storage.layout import LABEL
from microcrystalnet.storage.project_store import ProjectStore
from microcrystalnet.storage.shelf import Shelf

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="it forks")
ROUND = 20  # sessions on one project before a new one is begun


class Nursery:
    """Starts labelling sessions and kills them."""

    def __init__(self):
        here = Path(__file__).parents[1]
        self.process = subprocess.Popen(
            [sys.executable, "storage_nursery.py"],
            cwd=here,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def kill_one(self, words, seconds):
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        child = int(self.process.stdout.readline())
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        while Path(f"/proc/{child}").exists():
            time.sleep(0.001)

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)


@pytest.fixture(scope="module")
def nursery():
    made = Nursery()
    yield made
    made.close()


def numbers(*roots):
    """Give the numbers of all labels in the journals of some folders."""
    shelf = Shelf(roots)
    events = shelf.read(lambda name: name.stream.kind == LABEL)
    found = {int(e.d["note"]) for e, *_ in events if e.t == "label.set"}
    assert not shelf.problems
    return found


def last_number(path):
    lines = path.read_text().split() if path.exists() else []
    return int(lines[-1]) if lines else 0


def kill_sessions(nursery, folder, rng):
    """Kill session after session on one project; give the labels acknowledged and those lost."""
    folder.mkdir()
    store = create(folder)
    crystal = outline(store)
    store.close()
    project, mirror = store.folder, folder / "mirror"
    acknowledged, lost, first = 0, set(), 1
    for trial in range(ROUND):
        notes = folder / f"acknowledged {trial}"
        nursery.kill_one([project, mirror, notes, crystal, first], rng.uniform(0, 0.14))
        there = numbers(mirror / store.project_id)
        wanted = set(range(first, last_number(notes) + 1))
        acknowledged += len(wanted)
        lost |= wanted - there
        first = max(there, default=0) + 1
    lost |= numbers(mirror / store.project_id) - carried_over(project, mirror)
    return acknowledged, lost


def carried_over(project, mirror):
    """Open the project once more, and give the labels in its folder afterwards."""
    store = ProjectStore.open(project, "AY", mirror_root=mirror)
    assert len(store.state.crystals(IMAGE)) == 1
    store.close()
    assert not check(project).problems
    return numbers(project)


def kill_many(nursery, tmp_path, rounds):
    rng = random.Random(1)
    outcomes = [kill_sessions(nursery, tmp_path / str(n), rng) for n in range(rounds)]
    return sum(many for many, _ in outcomes), set().union(*(lost for _, lost in outcomes))


def test_no_acknowledged_label_is_lost_in_200_kills(nursery, tmp_path):
    acknowledged, lost = kill_many(nursery, tmp_path, 200 // ROUND)
    assert acknowledged > 200
    assert not lost


@pytest.mark.long
def test_no_acknowledged_label_is_lost_in_2000_kills(nursery, tmp_path):
    acknowledged, lost = kill_many(nursery, tmp_path, 2000 // ROUND)
    assert acknowledged > 2000
    assert not lost
