"""Naming a crystal again from the gallery: a line of the journal, never part of what was sealed."""

import pytest
from storage_scene import IMAGE, create, outline, reopen

from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.round import Blindness
from microcrystalnet.review import Reviewer
from microcrystalnet.storage.health import check

RES, PES = Answer("RES"), Answer("PES")


@pytest.fixture
def store(tmp_path):
    """A round in which AY and BK label blind; AY sits at the keyboard and has answered."""
    made = create(tmp_path)
    crystal_id = outline(made)
    made.rounds.open([IMAGE], ["AY", "BK"], repeat_frac=0.0)
    made.label(crystal_id, RES)
    made.become("BK")
    made.label(crystal_id, PES)
    made.rounds.seal(IMAGE)
    made.become("AY")
    yield made
    made.close()


@pytest.fixture
def crystal(store):
    return store.state.crystal_ids(IMAGE)[0]


def name_in_gallery(store, crystal_id, answer):
    """Name a crystal as the gallery does; gives the label."""
    (entry,) = Reviewer(store, None).show([crystal_id]).entries
    return store.label(entry.crystal_id, answer, assist="prediction")


def said(store, **how):
    return {
        (by, label.answer.cls)
        for labels in store.votes(reveal=False, **how).values()
        for by, label in labels.items()
    }


def test_naming_a_crystal_of_a_sealed_micrograph_leaves_the_sealed_answer(store, crystal):
    store.rounds.seal(IMAGE)
    label = name_in_gallery(store, crystal, PES)
    assert (label.blind, label.assist) == (False, "prediction")
    again = reopen(store)
    assert said(again) == {("AY", "PES"), ("BK", "PES")}
    assert said(again, blind=True) == {("AY", "RES"), ("BK", "PES")}
    again.close()


def test_the_seal_fits_the_labels_after_a_crystal_was_named_in_the_gallery(store, crystal):
    store.rounds.seal(IMAGE)
    name_in_gallery(store, crystal, PES)
    store.close()
    assert check(store.folder).problems == ()


def test_it_is_undone_and_done_again_like_every_label(store, crystal):
    store.rounds.seal(IMAGE)
    name_in_gallery(store, crystal, PES)
    store.undo()
    assert said(store) == {("AY", "RES"), ("BK", "PES")}
    store.redo()
    assert said(store) == {("AY", "PES"), ("BK", "PES")}


def test_a_crystal_that_is_labelled_blind_is_not_in_the_gallery(store, crystal):
    shown = Reviewer(store, None).show([crystal])
    assert (shown.entries, shown.withheld) == ((), 1)
    assert store.label(crystal, PES).blind


@pytest.mark.parametrize("blind", [Blindness.ON, Blindness.STRICT])
def test_who_saw_a_crystal_in_the_gallery_names_it_in_no_later_round_blind(store, crystal, blind):
    store.rounds.seal(IMAGE)
    shown = Reviewer(store, None).show([crystal]).entries
    store.rounds.open([IMAGE], ["AY", "BK"], repeat_frac=0.0, blind=blind)
    assert not store.label(shown[0].crystal_id, PES).blind
    assert store.rounds.seal(IMAGE).labels == 0
