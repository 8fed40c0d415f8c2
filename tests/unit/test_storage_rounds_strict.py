"""Strict rounds: no label leaves the computer before its micrograph is sealed."""

import hashlib
from dataclasses import replace

from round_scene import PES, RES, answer_all, round_of, store  # noqa: F401  fixtures
from storage_scene import IMAGE, MICROGRAPH, disc, reopen

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.round import Blindness
from microcrystalnet.storage.health import check
from microcrystalnet.storage.project_store import ProjectStore


def labels_in(folder):
    return sorted(each.name for each in folder.rglob("*.label.jsonl"))


def test_in_a_strict_round_labels_stay_on_this_computer_until_the_seal(store, tmp_path):
    round_of(store, blind=Blindness.STRICT)
    answer_all(store, RES)
    assert store.flush()
    assert store.pending().held > 0
    assert (labels_in(store.folder), len(labels_in(tmp_path / "mirror"))) == ([], 1)
    store.rounds.seal(IMAGE)
    assert store.flush()
    assert (len(labels_in(store.folder)), store.pending().held) == (1, 0)


def test_a_strict_round_holds_across_sittings(store, tmp_path):
    round_of(store, blind=Blindness.STRICT)
    asked = answer_all(store, RES)
    again = reopen(store)
    again.flush()
    assert (labels_in(store.folder), len(again.state.labels())) == ([], len(asked))
    again.rounds.seal(IMAGE)
    again.close()
    other = ProjectStore.open(store.folder, "Zoe", mirror_root=tmp_path / "other")
    assert len(other.votes()) == len(asked)
    other.close()


def test_another_experts_sitting_does_not_carry_strict_labels_away(store):
    round_of(store, blind=Blindness.STRICT)
    answer_all(store, RES)
    again = reopen(store, "Zoe")
    again.flush()
    again.close()
    assert labels_in(store.folder) == []


def test_a_label_outside_the_strict_round_does_not_wait_for_its_seal(store, tmp_path):
    crystal = next(iter(store.state.crystals(IMAGE)))
    store.label(crystal, RES)
    round_of(store, blind=Blindness.STRICT)
    answer_all(store, PES)
    store.flush()
    assert (len(labels_in(store.folder)), len(labels_in(tmp_path / "mirror"))) == (1, 2)


def test_the_seal_of_one_expert_does_not_release_the_labels_of_another(store):
    round_of(store, min_labels=3, blind=Blindness.STRICT)
    answer_all(store, RES)
    store.rounds.seal(IMAGE)
    store.become("BK")
    answer_all(store, PES)
    assert store.flush()
    assert (len(labels_in(store.folder)), store.pending().held) == (1, 40)


def test_one_batch_over_a_strict_round_and_beyond_goes_into_two_journals(store, tmp_path):
    (tmp_path / "other.tif").write_bytes(b"another micrograph")
    image_id = hashlib.sha256(b"another micrograph").hexdigest()[:20]
    store.add_micrograph(tmp_path / "other.tif", replace(MICROGRAPH, image_id=image_id))
    free = store.put_mask(image_id, disc(), MaskSource.MANUAL).crystal_id
    round_of(store, blind=Blindness.STRICT)
    store.label_many({store.rounds.work(IMAGE)[0]: RES, free: PES})
    assert store.flush()
    assert (len(labels_in(store.folder)), store.pending().held) == (1, 1)


def test_the_check_takes_labels_that_wait_for_their_seal_for_no_missing_session(store, tmp_path):
    (tmp_path / "other.tif").write_bytes(b"another micrograph")
    image_id = hashlib.sha256(b"another micrograph").hexdigest()[:20]
    other = replace(MICROGRAPH, image_id=image_id, file_name="other.tif")
    store.add_micrograph(tmp_path / "other.tif", other)
    free = store.put_mask(image_id, disc(), MaskSource.MANUAL).crystal_id
    round_of(store, blind=Blindness.STRICT)
    answer_all(store, RES)
    store.label(free, RES)
    store.flush()
    found = check(store.folder)
    (note,) = found.notes
    assert (found.problems, "labels of a strict round stay on the computer of AY" in note.text) == (
        (),
        True,
    )
    store.rounds.seal(IMAGE)
    store.flush()
    assert (check(store.folder).problems, check(store.folder).notes) == ((), ())
