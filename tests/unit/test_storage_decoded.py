"""Masks that are decoded a few at a time, while the project is worked on."""

import pytest
from storage_scene import IMAGE, create, disc, outline, reopen

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.storage import decoded
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture
def tries(monkeypatch):
    """The masks that were decoded; every one is followed by a pause."""
    known, decode = [], decoded.crystal_if_sound

    def counting(details, frame):
        known.append(details)
        return decode(details, frame)

    monkeypatch.setattr(decoded, "AT_ONCE", 1)
    monkeypatch.setattr(decoded, "crystal_if_sound", counting)
    return known


@pytest.fixture
def store(tmp_path, tries):
    """A project that was opened again, with three crystals nobody has looked at."""
    made = create(tmp_path)
    for row in (100, 200, 300):
        outline(made, row)
    again = reopen(made)
    tries.clear()
    yield again
    again.close()


@pytest.fixture
def begun(store, tries):
    """Outlines that are being decoded: one of them is."""
    work = store.reading_outlines(IMAGE)
    while not tries:
        next(work)
    return work


def test_a_pause_comes_before_all_masks_are_decoded(begun, tries):
    assert len(tries) == 1


def test_no_mask_is_decoded_twice(store, begun, tries):
    list(begun)
    assert (len(store.state.crystals(IMAGE)), len(tries)) == (3, 3)


def test_what_was_decoded_is_not_decoded_again(store, begun, tries):
    list(begun)
    list(store.reading_outlines(IMAGE))
    assert len(tries) == 3


def test_crystals_stay_in_the_order_of_creation(store, begun):
    list(begun)
    assert [each.mask.region.row0 for each in store.state.crystals(IMAGE).values()] == [
        100,
        200,
        300,
    ]


def test_a_crystal_outlined_in_the_pauses_is_there(store, begun):
    new = outline(store, 400)
    list(begun)
    assert new in store.state.crystals(IMAGE)


def test_a_crystal_deleted_in_the_pauses_is_gone(store, begun):
    first = store.state.crystal_ids(IMAGE)[0]
    store.delete_crystals([first])
    list(begun)
    assert first not in store.state.crystals(IMAGE)


def test_an_outline_mended_in_the_pauses_is_the_new_one(store, begun):
    first = store.state.crystal_ids(IMAGE)[0]
    store.put_mask(IMAGE, disc(30, 30), MaskSource.MANUAL, crystal_id=first)
    list(begun)
    assert store.state.crystals(IMAGE)[first].mask.region.row0 == 30


def test_an_outline_mended_elsewhere_in_the_pauses_is_the_new_one(store, begun):
    first = store.state.crystal_ids(IMAGE)[0]
    other = ProjectStore.open(store.folder, "BK", mirror_root=store.folder.parent / "elsewhere")
    other.put_mask(IMAGE, disc(30, 30), MaskSource.MANUAL, crystal_id=first)
    other.close()
    store.refresh()
    list(begun)
    assert store.state.crystals(IMAGE)[first].mask.region.row0 == 30
