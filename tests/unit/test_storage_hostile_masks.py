"""A journal line that asks for more pixels than its micrograph has: left out and named, no more."""

import base64
import zlib

import pytest
from storage_scene import IMAGE, create, outline
from ulid import ULID

from microcrystalnet.storage.event import details_text, new_event
from microcrystalnet.storage.health import check
from microcrystalnet.storage.layout import MASKS, Stream
from microcrystalnet.storage.project_store import ProjectStore
from microcrystalnet.storage.writer import Entry, JournalWriter, Session

HUGE = [0, 0, 40_000, 40_000]
RUNS = base64.b64encode(zlib.compress(bytes([0, 128, 160, 248, 250, 5]))).decode()  # 1.6e9 set


@pytest.fixture
def folder(tmp_path):
    """A project with one crystal and a line, by another expert, about a huge one."""
    store = create(tmp_path)
    outline(store)
    store.close()
    details = {"crystal": "huge", "image": IMAGE, "bbox": HUGE, "rle": RUNS, "src": "sam", "z": 0}
    session, stream = Session("p", "Eve", "eve", str(ULID())), Stream(MASKS, IMAGE)
    entry = Entry(session, stream, None, new_event("mask.put", 9, details), details_text(details))
    JournalWriter(session, stream, None).write([entry], store.folder, ())
    return store.folder


def test_it_is_left_out_and_the_other_crystals_are_there(folder, tmp_path):
    store = ProjectStore.open(folder, "AY", mirror_root=tmp_path / "mirror")
    assert len(store.state.crystals(IMAGE)) == 1
    store.close()


def test_the_check_names_it_in_a_sentence(folder):
    (problem,) = check(folder).problems
    assert "lies outside its micrograph of 512 x 512 pixels; it is left out" in problem.text
