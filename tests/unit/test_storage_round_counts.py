"""How far a round is, counted again only where something was said or drawn."""

import hashlib
from dataclasses import replace

import pytest
from storage_scene import IMAGE, MICROGRAPH, create, disc

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer

OTHER = hashlib.sha256(b"another micrograph").hexdigest()[:20]


@pytest.fixture
def store(tmp_path):
    """A round of AY and BK over two micrographs of three crystals."""
    made = create(tmp_path)
    (tmp_path / "other.tif").write_bytes(b"another micrograph")
    made.add_micrograph(tmp_path / "other.tif", replace(MICROGRAPH, image_id=OTHER))
    masks = [disc(40, 40 * col, 12) for col in range(3)]
    [made.put_masks(each, masks, MaskSource.AUTO) for each in (IMAGE, OTHER)]
    made.rounds.open([IMAGE, OTHER], ["AY", "BK"], order_seed=3, repeat_frac=0.0)
    yield made
    made.close()


def mine(store):
    (round_,) = store.rounds.all()
    shares = [each for each in store.rounds.progress(round_) if each.expert == store.actor]
    return [(each.answered, each.asked, each.sealed, each.changed) for each in shares]


def left(store):
    return [store.rounds.left(each) for each in (IMAGE, OTHER)]


def test_an_answer_is_counted_where_it_was_given(store):
    before = mine(store), left(store)
    store.label(store.rounds.work(IMAGE)[0], Answer("RES"))
    assert before == ([(0, 3, False, 0), (0, 3, False, 0)], [3, 3])
    assert (mine(store), left(store)) == ([(1, 3, False, 0), (0, 3, False, 0)], [2, 3])


def test_a_new_crystal_is_counted(store):
    assert left(store) == [3, 3]
    store.put_mask(OTHER, disc(200, 200), MaskSource.MANUAL)
    assert (mine(store)[1], left(store)) == ((0, 4, False, 0), [3, 4])


def test_a_changed_outline_is_counted(store):
    crystal = store.rounds.work(IMAGE)[0]
    store.label(crystal, Answer("RES"))
    assert mine(store)[0][3] == 0
    store.put_mask(IMAGE, disc(200, 200), MaskSource.MANUAL, crystal_id=crystal)
    assert mine(store)[0][3] == 1


def test_a_seal_and_another_expert_at_the_keyboard_are_counted(store):
    assert not mine(store)[0][2]
    store.rounds.seal(IMAGE)
    assert mine(store)[0][2]
    store.become("BK")
    assert (mine(store)[0][2], left(store)) == (False, [3, 3])


def test_an_edit_elsewhere_leaves_the_plan_of_a_micrograph_as_it_was(store):
    before = [store.state.agenda.plan(each, "AY") for each in (IMAGE, OTHER)]
    store.put_mask(OTHER, disc(200, 200), MaskSource.MANUAL)
    after = [store.state.agenda.plan(each, "AY") for each in (IMAGE, OTHER)]
    assert [one is two for one, two in zip(before, after, strict=True)] == [True, False]


def test_counting_pauses_after_every_experts_part(store):
    (round_,) = store.rounds.all()
    assert len(list(store.rounds.counting(round_))) == 6
