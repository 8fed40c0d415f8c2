"""Everyone's answers read a little at a time, with work on the project in the pauses."""

import pytest
from storage_scene import IMAGE, create, outline, reopen

from microcrystalnet.domain.label import Answer
from microcrystalnet.storage import reading_desk
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture(autouse=True)
def _many_pauses(monkeypatch):
    monkeypatch.setattr(reading_desk, "_AT_ONCE", 1)


@pytest.fixture
def store(tmp_path):
    """BK's sitting on a project in which AY has labelled three crystals."""
    first = create(tmp_path)
    for crystal_id in [outline(first, row) for row in (0, 100, 200)]:
        first.label(crystal_id, Answer("PES"))
    opened = reopen(first, "BK")
    yield opened
    opened.close()


def begun(store, pauses=3):
    """Begin to collect, and stop in a pause while AY's labels are read."""
    collecting = store.collecting_votes()
    [next(collecting) for _ in range(pauses)]
    return collecting


def finished(collecting):
    """Go on to the end; gives what was collected."""
    while True:
        try:
            next(collecting)
        except StopIteration as end:
            return end.value


def labelled(store):
    return {each: dict(labels) for each, labels in store.votes(reveal=False).items()}


def test_the_same_is_collected_as_in_one_go(store):
    assert finished(store.collecting_votes()) == labelled(store)


def test_reading_all_in_a_pause_changes_nothing(store):
    collecting = begun(store)
    at_once = labelled(store)
    assert (finished(collecting), store.problems()) == (at_once, ())


def test_a_label_given_in_a_pause_is_kept_and_blind(store):
    collecting = begun(store)
    crystal_id = store.state.crystal_ids(IMAGE)[0]
    given = store.label(crystal_id, Answer("RES"))
    finished(collecting)
    assert (given.blind, labelled(store)[crystal_id]["BK"].answer.cls) == (True, "RES")


def test_labels_are_not_blind_once_all_was_collected(store):
    finished(store.collecting_votes())
    assert not store.label(store.state.crystal_ids(IMAGE)[0], Answer("RES")).blind


def test_labels_stay_blind_where_it_was_given_up(store):
    begun(store).close()
    assert store.label(store.state.crystal_ids(IMAGE)[0], Answer("RES")).blind


def test_nothing_is_given_to_an_expert_who_took_the_keyboard_in_a_pause(store):
    collecting = begun(store)
    store.become("CM")
    assert finished(collecting) == {}
    assert store.label(store.state.crystal_ids(IMAGE)[0], Answer("RES")).blind


def test_a_round_opened_in_a_pause_closes_what_was_not_read(store):
    collecting = begun(store)
    store.rounds.open([IMAGE], ["AY", "BK"])
    assert finished(collecting) == {}


def test_an_outline_put_in_a_pause_is_there_once(store):
    collecting = begun(store)
    drawn = outline(store, 300)
    finished(collecting)
    assert [*store.state.crystal_ids(IMAGE)].count(drawn) == 1


def test_a_label_given_in_a_pause_of_a_refresh_is_kept(store, tmp_path):
    crystals = store.state.crystal_ids(IMAGE)
    other = ProjectStore.open(store.folder, "CM", mirror_root=tmp_path / "mirror-of-cm")
    added = {outline(other, row) for row in (300, 350)}
    other.close()
    refreshing = store.refreshing()
    next(refreshing)
    store.label(crystals[1], Answer("RES"))
    assert list(refreshing)
    assert (added <= {*store.state.crystal_ids(IMAGE)}, [*store.state.labels()]) == (
        True,
        [crystals[1]],
    )


def test_boxes_are_those_of_the_masks(store):
    crystals = store.state.crystals(IMAGE)
    assert store.state.boxes(IMAGE) == {each: c.mask.region for each, c in crystals.items()}
