import errno
import os
import shutil
import threading

import pytest
from storage_scene import IMAGE, create, outline, reopen

from microcrystalnet.domain.label import Answer
from microcrystalnet.storage import files, recorder, replica


class Refusal:
    """Stands in for `os.write` or `os.fsync`; refuses wherever a path begins with ``folder``."""

    def __init__(self, monkeypatch, name, code=errno.ENOSPC):
        self.folder, self.code, self.real = None, code, getattr(os, name)
        self.open, self.opened = os.open, {}
        monkeypatch.setattr(files.os, "open", self._open)
        self.partial = self.real if name == "write" else lambda descriptor: None
        monkeypatch.setattr(files.os, name, self)

    def _open(self, path, *how, **more):
        descriptor = self.open(path, *how, **more)
        self.opened[descriptor] = str(path)
        return descriptor

    def __call__(self, descriptor, *content):
        where = self.opened.get(descriptor, "")
        if self.folder is not None and where.startswith(str(self.folder)):
            self.partial(descriptor, *(bytes(each[:7]) for each in content))
            raise OSError(self.code, os.strerror(self.code))
        return self.real(descriptor, *content)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr(recorder, "_FIRST_PAUSE", 0.005)
    monkeypatch.setattr(replica, "_FIRST_PAUSE", 0.005)


@pytest.fixture
def store(tmp_path):
    made = create(tmp_path)
    made.crystal = outline(made)
    made.flush()
    yield made
    made.close()


@pytest.fixture
def waiting(store):
    """Give a function that waits until what is pending fits."""
    changed = threading.Condition()

    def told(pending):
        with changed:
            changed.notify_all()

    store.on_saved = told

    def wait(wanted):
        with changed:
            assert changed.wait_for(lambda: wanted(store.pending()), 20), store.pending()
        return store.pending()

    return wait


def labels_of(store, mirror="mirror"):
    return [each.answer.cls for each in reopen(store, mirror=mirror).state.labels().values()]


def test_a_saved_edit_is_told_with_the_counts_at_zero(store, waiting):
    store.label(store.crystal, Answer("RES"))
    pending = waiting(lambda pending: not (pending.unsaved or pending.only_here))
    assert pending == recorder.Pending(0, 0, None)


def test_a_full_share_leaves_the_edit_on_this_computer_and_says_so(store, waiting, monkeypatch):
    refusal = Refusal(monkeypatch, "write")
    refusal.folder = store.folder
    store.label(store.crystal, Answer("RES"))
    pending = waiting(lambda pending: pending.trouble)
    assert (pending.unsaved, pending.only_here) == (0, 1)
    assert pending.trouble == (
        "1 change is only on this computer: "
        "the project folder cannot be written (No space left on device)."
    )


def test_a_share_that_comes_back_gets_what_it_missed(store, waiting, monkeypatch):
    refusal = Refusal(monkeypatch, "write")
    refusal.folder = store.folder
    store.label(store.crystal, Answer("RES"))
    waiting(lambda pending: pending.trouble)
    refusal.folder = None
    assert store.flush()
    assert store.pending().trouble is None
    assert labels_of(store, "another computer") == ["RES"]


def test_a_share_that_does_not_confirm_gets_the_journal_under_another_name(
    store, waiting, monkeypatch
):
    store.label(store.crystal, Answer("PES"))
    store.flush()
    refusal = Refusal(monkeypatch, "fsync", errno.EIO)
    refusal.folder = store.folder
    store.label(store.crystal, Answer("RES"))
    waiting(lambda pending: pending.trouble)
    refusal.folder = None
    assert store.flush()
    assert [path.name for path in store.folder.rglob("*label~1.jsonl")]
    assert labels_of(store, "another computer") == ["RES"]


@pytest.mark.parametrize(("name", "code"), [("write", errno.ENOSPC), ("fsync", errno.EIO)])
def test_after_an_error_here_a_new_session_file_is_begun(store, monkeypatch, name, code):
    store.label(store.crystal, Answer("PES"))
    store.flush()
    refusal = Refusal(monkeypatch, name, code)
    mirror = store.folder.parent / "mirror"
    (first,) = mirror.rglob("*.label.jsonl")
    before = first.read_bytes()
    refusal.folder = first
    store.label(store.crystal, Answer("RES"))
    assert store.flush()
    refusal.folder = None
    assert len(list(mirror.rglob("*.label.jsonl"))) == 2
    assert first.read_bytes().startswith(before)
    assert labels_of(store) == ["RES"]


def test_a_full_disk_here_sends_the_work_straight_to_the_project(store, waiting, monkeypatch):
    refusal = Refusal(monkeypatch, "write")
    refusal.folder = store.folder.parent / "mirror"
    store.label(store.crystal, Answer("RES"))
    pending = waiting(lambda pending: not pending.unsaved)
    assert pending.trouble.startswith("Your work goes straight into the project folder")
    assert labels_of(store, "another computer") == ["RES"]


def test_two_full_disks_keep_the_edit_in_memory_and_say_so(store, waiting, monkeypatch):
    refusal = Refusal(monkeypatch, "write")
    refusal.folder = store.folder.parent
    store.label(store.crystal, Answer("RES"))
    pending = waiting(lambda pending: pending.trouble)
    assert pending.unsaved == 1
    assert pending.trouble.startswith("1 change is not saved yet: ")
    refusal.folder = None
    assert store.flush()
    assert labels_of(store) == ["RES"]


def test_a_disk_here_that_has_room_again_is_used_again(store, waiting, monkeypatch):
    refusal = Refusal(monkeypatch, "write")
    refusal.folder = store.folder.parent / "mirror"
    store.label(store.crystal, Answer("PES"))
    waiting(lambda pending: not pending.unsaved)
    refusal.folder = None
    store.label(store.crystal, Answer("RES"))
    assert store.flush()
    assert store.pending().trouble is None
    assert labels_of(store) == ["RES"]


def test_a_full_disk_is_not_filled_with_beginnings_of_journals(store, waiting, monkeypatch):
    refusal = Refusal(monkeypatch, "write")
    refusal.folder = store.folder.parent
    store.label(store.crystal, Answer("RES"))
    waiting(lambda pending: pending.trouble)
    [store.flush(0.03) for _ in range(5)]
    assert len(list(store.folder.parent.rglob("*.label.jsonl"))) <= 2
    refusal.folder = None


def test_a_drive_pulled_out_is_noticed_and_nothing_is_written_in_its_place(store, waiting):
    away = store.folder.with_name("pulled out")
    store.folder.rename(away)
    store.label(store.crystal, Answer("RES"))
    pending = waiting(lambda pending: pending.trouble)
    assert (pending.only_here, store.folder.exists()) == (1, False)
    away.rename(store.folder)
    assert store.flush()


def test_another_drive_in_its_place_is_left_alone(store, waiting, tmp_path):
    away = store.folder.with_name("pulled out")
    store.folder.rename(away)
    create(tmp_path).close()
    names = sorted(store.folder.rglob("*"))
    store.label(store.crystal, Answer("RES"))
    pending = waiting(lambda pending: pending.trouble)
    assert "another project is in its place" in pending.trouble
    assert sorted(store.folder.rglob("*")) == names
    shutil.rmtree(store.folder)
    away.rename(store.folder)


def test_a_share_that_hangs_holds_up_neither_the_caller_nor_this_computers_disk(
    store, waiting, monkeypatch
):
    wakes, real = threading.Event(), replica.check_there
    monkeypatch.setattr(replica, "check_there", lambda *where: (wakes.wait(20), real(*where)))
    store.label(store.crystal, Answer("PES"))
    waiting(lambda pending: (pending.unsaved, pending.only_here) == (0, 1))
    store.label(store.crystal, Answer("RES"))
    waiting(lambda pending: (pending.unsaved, pending.only_here) == (0, 2))
    wakes.set()
    assert store.flush()


def test_a_listener_that_fails_stops_nothing(store):
    store.on_saved = lambda pending: 1 / 0
    store.label(store.crystal, Answer("RES"))
    assert store.flush()


def test_closing_does_not_wait_for_a_share_in_trouble(store, waiting):
    away = store.folder.with_name("pulled out")
    store.folder.rename(away)
    store.label(store.crystal, Answer("RES"))
    waiting(lambda pending: pending.trouble)
    store.close(timeout=60)
    away.rename(store.folder)
    assert labels_of(store) == ["RES"]


def test_a_session_names_the_one_before_it(store):
    again = reopen(store)
    outline(again, 200)
    again.close()
    first, second = sorted(
        path.name.split(".")[1] for path in (store.folder / "masks" / IMAGE).iterdir()
    )
    newest = next((store.folder / "masks" / IMAGE).glob(f"*.{second}.jsonl"))
    assert f'"prev":"{first}"' in newest.read_text().splitlines()[0]


def test_a_journal_that_grows_too_large_is_continued_in_a_new_one(store, monkeypatch):
    monkeypatch.setattr("microcrystalnet.storage.writer.LARGEST", 100)
    outline(store, 200)
    store.flush()
    outline(store, 300)
    assert len(reopen(store).state.crystals(IMAGE)) == 3
    assert len(list((store.folder / "masks" / IMAGE).iterdir())) >= 2


def test_lines_of_a_session_are_chained(store):
    store.label(store.crystal, Answer("RES"))
    store.label(store.crystal, Answer("PES"))
    store.close()
    (journal,) = store.folder.rglob("*.label.jsonl")
    lines = journal.read_text().splitlines()
    hashes = [line[-18:-2] for line in lines]
    assert [line.split('"p":"')[1][:16] for line in lines] == ["0" * 16, *hashes[:-1]]
