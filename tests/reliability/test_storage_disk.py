import errno
import os
import random

import pytest
from storage_scene import create, outline

from microcrystalnet.domain.label import Answer
from microcrystalnet.storage import files, recorder, replica
from microcrystalnet.storage.layout import LABEL
from microcrystalnet.storage.shelf import Shelf

LABELS = 12


class WeakDisk:
    """Refuses some writes and some confirmations at random, after writing a part."""

    def __init__(self, rng, monkeypatch):
        self.rng, self.weakness = rng, 0.0
        self.write, self.fsync = os.write, os.fsync
        monkeypatch.setattr(files.os, "write", self._write)
        monkeypatch.setattr(files.os, "fsync", self._fsync)

    def _fails(self):
        return self.rng.random() < self.weakness

    def _write(self, descriptor, content):
        if self._fails():
            self.write(descriptor, bytes(content[: self.rng.randrange(len(content) + 1)]))
            raise OSError(errno.ENOSPC, "No space left on device")
        return self.write(descriptor, content)

    def _fsync(self, descriptor):
        if self._fails():
            raise OSError(errno.EIO, "Input/output error")
        return self.fsync(descriptor)


def lost_labels(folder, disk):
    """Label on a weak disk; give the labels that were acknowledged and are not there."""
    folder.mkdir()
    disk.weakness = 0.0
    store = create(folder)
    crystal = outline(store)
    store.flush()
    disk.weakness = disk.rng.choice([0.1, 0.3, 0.6])
    for number in range(LABELS):
        store.label(crystal, Answer("RES", note=str(number)))
        store.flush(disk.rng.choice([0, 0, 0.002]))
    acknowledged = LABELS - store.pending().unsaved
    disk.weakness = disk.rng.choice([0.0, 0.0, 0.3])
    store.close(timeout=1)
    disk.weakness = 0.0
    found = labels_in(folder / "mirror" / store.project_id, store.folder)
    return set(range(acknowledged)) - found


def labels_in(*roots):
    events = Shelf(roots).read(lambda name: name.stream.kind == LABEL)
    return {int(event.d["note"]) for event, *_ in events if event.t == "label.set"}


def lost_in(trials, tmp_path, monkeypatch):
    monkeypatch.setattr(recorder, "_FIRST_PAUSE", 0.001)
    monkeypatch.setattr(replica, "_FIRST_PAUSE", 0.001)
    disk = WeakDisk(random.Random(3), monkeypatch)
    return set().union(*(lost_labels(tmp_path / str(n), disk) for n in range(trials)))


def test_no_acknowledged_label_is_lost_on_60_weak_disks(tmp_path, monkeypatch):
    assert not lost_in(60, tmp_path, monkeypatch)


@pytest.mark.long
def test_no_acknowledged_label_is_lost_on_600_weak_disks(tmp_path, monkeypatch):
    assert not lost_in(600, tmp_path, monkeypatch)
