from dataclasses import replace

import pytest
from round_scene import PES, RES, answer_all, round_of, said, store  # noqa: F401  fixtures
from storage_scene import IMAGE, disc, reopen

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.domain.round import Blindness
from microcrystalnet.errors import ProjectError
from microcrystalnet.labelling.rounds import order, planned_experts
from microcrystalnet.storage import agenda


def test_a_round_reads_back_as_it_was_opened(store):
    made = round_of(store, min_labels=3, third_on_dispute=False, blind=Blindness.STRICT)
    assert reopen(store).rounds.all() == (made,)


def test_a_round_gives_each_expert_their_own_order(store):
    made = round_of(store, min_labels=3)
    everything = store.state.crystals(IMAGE)
    assert store.rounds.queue(IMAGE) == order(everything, made.order_seed, "AY")
    store.become("BK")
    assert store.rounds.queue(IMAGE) == order(everything, made.order_seed, "BK")


def test_outside_a_round_there_is_no_order_and_nothing_is_closed(store):
    assert (store.rounds.queue(IMAGE), store.rounds.work(IMAGE)) == (None, ())
    assert store.rounds.may_reveal(IMAGE)


def test_two_of_three_experts_are_asked_about_a_crystal(store):
    made = round_of(store)
    mine = {each for each in store.state.crystals(IMAGE) if "AY" in planned_experts(made, each)}
    assert set(store.rounds.work(IMAGE)) == mine
    assert 0 < len(mine) < 40


def test_a_label_says_in_which_round_it_was_given_and_under_which_classes(store):
    made = round_of(store)
    label = store.label(store.rounds.work(IMAGE)[0], RES)
    assert (label.round_id, label.turn, label.blind) == (made.round_id, 0, True)
    assert label.scheme_version == store.state.scheme.version


def test_what_was_said_before_a_round_does_not_count_in_it(store):
    crystal = next(iter(store.state.crystals(IMAGE)))
    store.label(crystal, RES)
    round_of(store, min_labels=3)
    assert store.state.label(crystal) is None
    assert crystal in store.rounds.work(IMAGE)


def test_nobodys_answers_are_given_before_the_seal_and_all_after_it(store):
    round_of(store, min_labels=3)
    answer_all(store, RES)
    store.become("BK")
    crystal = answer_all(store, PES)[0]
    assert said(store.votes()[crystal]) == {"BK": "PES"}
    store.rounds.seal(IMAGE)
    assert said(store.votes()[crystal]) == {"AY": "RES", "BK": "PES"}


def test_an_answer_after_the_seal_is_not_blind_and_the_sealed_one_is_kept(store):
    round_of(store, min_labels=3)
    crystal = answer_all(store, RES)[0]
    store.rounds.seal(IMAGE)
    assert not store.label(crystal, PES).blind
    again = reopen(store)
    assert said(again.votes()[crystal]) == {"AY": "PES"}
    assert said(again.votes(blind=True)[crystal]) == {"AY": "RES"}


def test_an_undo_after_the_seal_leaves_the_sealed_answer_and_can_be_redone(store):
    round_of(store, min_labels=3)
    crystal = answer_all(store, RES)[-1]
    store.rounds.seal(IMAGE)
    store.undo()
    assert store.state.label(crystal) is None
    assert said(store.votes(blind=True)[crystal]) == {"AY": "RES"}
    store.redo()
    assert (store.state.label(crystal).answer, store.state.label(crystal).blind) == (RES, False)
    store.undo()
    assert store.state.label(crystal) is None


def test_undo_and_redo_in_a_round_leave_it_as_it_was(store):
    made = round_of(store)
    crystal = store.rounds.work(IMAGE)[0]
    store.label(crystal, RES)
    store.undo()
    assert crystal in store.rounds.work(IMAGE)
    store.redo()
    label = store.state.label(crystal)
    assert (label.round_id, label.blind, label.answer) == (made.round_id, True, RES)


def test_a_seal_counts_and_fixes_the_labels_before_it(store):
    round_of(store)
    asked = answer_all(store, RES)
    seal = store.rounds.seal(IMAGE)
    store.label(asked[0], PES)
    assert seal.labels == len(asked)
    assert reopen(store).rounds.sealed(IMAGE)


def test_a_micrograph_is_sealed_once_and_only_by_those_who_are_asked(store):
    round_of(store, ("AY", "BK"))
    store.rounds.seal(IMAGE)
    with pytest.raises(ProjectError, match="cannot be sealed: you have done so already"):
        store.rounds.seal(IMAGE)
    store.become("CL")
    with pytest.raises(ProjectError, match="no round asks CL about it"):
        store.rounds.seal(IMAGE)


@pytest.mark.parametrize(
    ("experts", "more", "sentence"),
    [
        (["AY", "ay"], {}, "Two experts of a round cannot both be called AY"),
        (["AY", " AY "], {}, "cannot both be called AY"),
        (["AY"], {}, "1 expert cannot give 2 labels"),
        (["AY", "BK"], {"min_labels": 0}, "choose between 1 and 2 labels"),
        (["AY", "BK"], {"repeat_frac": 0.9}, "can come a second time, not 90 %"),
        (["AY", "  "], {}, "Give your name"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused_and_nothing_changes(store, experts, more, sentence):
    with pytest.raises(ProjectError, match=sentence):
        store.rounds.open([IMAGE], experts, **more)
    assert store.rounds.all() == ()


@pytest.mark.parametrize("images", [[], ["0" * 20]])
def test_a_round_needs_micrographs_of_the_project(store, images):
    with pytest.raises(ProjectError):
        store.rounds.open(images, ["AY", "BK"])


def test_repeats_come_late_unasked_and_as_a_second_pass(store):
    store.rounds.open([IMAGE], ["AY"], min_labels=1, order_seed=3)
    asked = store.rounds.work(IMAGE)
    [store.label(each, RES) for each in asked]
    again = store.rounds.work(IMAGE)
    assert (len(asked), len(again)) == (40, 2)
    assert store.state.label(again[0]) is None
    assert store.label(again[0], PES).turn == 1
    assert store.state.label(again[0]).answer == PES
    assert said(store.votes()[again[0]]) == {"AY": "RES"}
    assert said(store.votes(turn=1)[again[0]]) == {"AY": "PES"}


def test_a_second_answer_can_be_undone(store):
    store.rounds.open([IMAGE], ["AY"], min_labels=1, order_seed=3)
    [store.label(each, RES) for each in store.rounds.work(IMAGE)]
    again = store.rounds.work(IMAGE)
    store.label(again[0], PES)
    store.undo()
    assert store.rounds.work(IMAGE) == again
    assert store.votes(turn=1) == {}


def test_the_count_of_what_is_asked_does_not_betray_the_repeats(store):
    made = store.rounds.open([IMAGE], ["AY"], min_labels=1, order_seed=3)
    before = store.rounds.progress(made)[0]
    [store.label(each, RES) for each in store.rounds.work(IMAGE)]
    after = store.rounds.progress(made)[0]
    assert (before.asked, after.asked, after.answered) == (42, 42, 40)


def test_own_counts_only_while_blind(store):
    made = round_of(store)
    answer_all(store, RES)
    store.become("BK")
    shares = {each.expert: each for each in store.rounds.progress(made)}
    assert (shares["AY"].answered, shares["BK"].answered) == (None, 0)
    assert shares["AY"].asked > 0


def test_counts_of_all_after_the_seal(store):
    made = round_of(store)
    asked = answer_all(store, RES)
    store.become("BK")
    store.rounds.seal(IMAGE)
    store.votes()
    shares = {each.expert: each for each in store.rounds.progress(made)}
    assert (shares["AY"].answered, shares["BK"].sealed) == (len(asked), True)


def test_counting_again_after_a_label_plans_nothing_anew(store, monkeypatch):
    made = round_of(store, min_labels=3)
    store.rounds.progress(made)
    planned = []
    monkeypatch.setattr(agenda, "order", lambda *asked: planned.append(asked) or ())
    store.label(store.rounds.work(IMAGE)[0], RES)
    assert [each.answered for each in store.rounds.progress(made)] == [1, None, None]
    assert planned == []


def test_predictions_are_closed_until_the_seal(store):
    store.write_predictions("m", IMAGE, [Prediction("c1", "m", ("RES", "PES"), (0.25, 0.75))])
    round_of(store)
    assert store.predictions("m", IMAGE) == {}
    store.rounds.seal(IMAGE)
    assert store.predictions("m", IMAGE) != {}


def test_an_outline_changed_after_labelling_is_counted(store):
    made = round_of(store)
    crystal = store.rounds.work(IMAGE)[0]
    store.label(crystal, RES)
    store.put_mask(IMAGE, disc(300, 300, 15), MaskSource.MANUAL, crystal_id=crystal)
    assert next(s for s in store.rounds.progress(made) if s.expert == "AY").changed == 1
    assert store.state.label(crystal).answer == RES


def test_a_deleted_crystal_is_asked_for_no_more_and_its_label_comes_back_with_it(store):
    round_of(store)
    first, second, *_ = store.rounds.work(IMAGE)
    store.label(first, RES)
    store.delete_crystals([first, second])
    assert not {first, second} & {*store.rounds.work(IMAGE)}
    store.undo()
    assert store.state.label(first).answer == RES


def test_classes_changed_in_the_middle_leave_the_version_on_every_label(store):
    made = round_of(store)
    first, second, *_ = store.rounds.work(IMAGE)
    store.label(first, RES)
    changed = replace(store.state.scheme, version=store.state.scheme.version + 1)
    store.set_scheme(changed)
    assert store.label(second, RES).scheme_version == store.state.scheme.version
    assert store.state.label(first).scheme_version == made.scheme_version
    share = next(s for s in store.rounds.progress(made) if s.expert == "AY")
    assert (share.older_scheme, share.answered) == (1, 2)


def test_the_latest_round_counts(store):
    round_of(store)
    store.rounds.seal(IMAGE)
    later = round_of(store)
    assert store.rounds.current(IMAGE) == later
    assert store.rounds.blind_on(IMAGE)


def test_what_a_new_expert_saw_before_the_first_label_is_known_after_reopening(store):
    first, second, *_ = store.state.crystals(IMAGE)
    store.label(first, RES)
    again = reopen(store, "Zoe")
    again.votes()
    again.label(second, PES)
    later = reopen(again)
    blind = later.label(first, PES).blind
    later.close()
    assert not blind
