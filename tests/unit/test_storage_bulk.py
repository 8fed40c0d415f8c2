"""Projects with very many labels."""

import gc

import pytest
from storage_scene import IMAGE, create, outline, reopen

from microcrystalnet.domain.label import Answer
from microcrystalnet.storage import desk
from microcrystalnet.storage.bulk import collector_at_rest
from microcrystalnet.storage.state import Tally


def test_the_collector_works_again_after_reading():
    with collector_at_rest():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_works_again_after_an_error():
    with pytest.raises(ValueError, match="no"), collector_at_rest():
        raise ValueError("no")
    assert gc.isenabled()


def test_what_was_revealed_in_several_parts_is_remembered(tmp_path, monkeypatch):
    monkeypatch.setattr(desk, "_REVEALED", 1)
    store = create(tmp_path)
    crystals = [outline(store), outline(store, 200)]
    for crystal_id in crystals:
        store.label(crystal_id, Answer("RES"))
    second = reopen(store, "BK")
    outline(second, 300)
    second.votes()
    third = reopen(second)
    blind = [third.label(each, Answer("PES")).blind for each in crystals]
    third.close()
    assert blind == [False, False]


def test_crystals_and_own_labels_are_counted(tmp_path):
    store = create(tmp_path)
    crystals = [outline(store), outline(store, 200), outline(store, 300)]
    store.label(crystals[0], Answer("RES"))
    store.delete_crystals(crystals[2:])
    again = reopen(store)
    tally = again.state.tally(IMAGE)
    again.close()
    assert tally == Tally(crystals=2, labelled=1)
