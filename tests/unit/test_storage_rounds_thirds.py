"""The third expert, who is asked where two sealed labels differ."""

import pytest
from round_scene import PES, RES, answer_all, round_of, store  # noqa: F401  fixtures
from storage_scene import IMAGE

from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.errors import BlindError
from microcrystalnet.labelling.rounds import planned_experts, third_expert
from microcrystalnet.review import Reviewer
from microcrystalnet.storage.health import check


def sealed_by_all(store):
    """Let the experts answer what they are asked, AY otherwise than the others, and seal."""
    for expert, answer in (("AY", RES), ("BK", PES), ("CL", PES)):
        store.become(expert)
        answer_all(store, answer)
        store.rounds.seal(IMAGE)


def disputed_round(store):
    """Two experts seal a micrograph on which they differ everywhere; gives the third's crystals."""
    made = round_of(store)
    sealed_by_all(store)
    crystals = store.state.crystals(IMAGE)
    return [c for c in crystals if {*planned_experts(made, c)} == {"AY", "BK"}], made


def test_a_third_expert_is_asked_where_two_sealed_labels_differ_and_only_there(store):
    crystals, made = disputed_round(store)
    store.votes()
    store.rounds.ask_thirds()
    store.become("CL")
    assert set(store.rounds.work(IMAGE)) == set(crystals)
    assert {third_expert(made, each) for each in crystals} == {"CL"}


def test_asking_for_thirds_again_asks_for_nothing_new(store):
    disputed_round(store)
    store.votes()
    assert store.rounds.ask_thirds() > 0
    assert store.rounds.ask_thirds() == 0


def test_the_third_expert_sees_nobodys_answer_before_giving_theirs(store):
    crystals, _ = disputed_round(store)
    store.votes()
    store.rounds.ask_thirds()
    store.become("CL")
    assert not {*store.votes()} & {*crystals}
    assert store.label(crystals[0], RES).blind
    assert len(store.votes()[crystals[0]]) == 3


def test_an_answer_the_third_expert_sealed_unasked_is_not_replaced_by_a_blind_one(store):
    made = round_of(store)
    everything = store.state.crystal_ids(IMAGE)
    crystal_id = next(each for each in everything if third_expert(made, each) == "CL")
    store.become("CL")
    store.label(crystal_id, RES)
    sealed_by_all(store)
    store.rounds.ask_thirds()
    store.become("CL")
    assert not store.label(crystal_id, PES).blind
    store.close()
    assert check(store.folder).problems == ()


def test_the_third_expert_corrects_the_deciding_label_blind(store):
    crystals, _ = disputed_round(store)
    store.votes()
    store.rounds.ask_thirds()
    store.become("CL")
    store.label(crystals[0], RES)
    assert store.label(crystals[0], PES).blind


def answered(store, *experts):
    """Let experts answer what they are asked, all alike, and seal; the last stays."""
    for expert in experts:
        store.become(expert)
        answer_all(store, RES)
        store.rounds.sealed(IMAGE) or store.rounds.seal(IMAGE)


def predicted(store):
    """Let a model name every crystal; gives them."""
    crystals = store.state.crystal_ids(IMAGE)
    store.write_predictions("m", IMAGE, [Prediction(c, "m", ("RES",), (1.0,)) for c in crystals])
    return {*crystals}


def test_who_may_be_asked_sees_no_prediction_before_the_answer(store):
    crystals, _ = disputed_round(store)
    predicted(store)
    store.votes()
    store.become("CL")
    store.votes()
    assert not {*store.predictions("m", IMAGE)} & {*crystals}
    store.label(crystals[0], RES)
    assert {*store.predictions("m", IMAGE)} & {*crystals} == {crystals[0]}


def test_where_the_planned_experts_agree_the_third_sees_the_prediction(store):
    made = round_of(store)
    everything = predicted(store)
    answered(store, "CL")
    mine = {each for each in everything if third_expert(made, each) == "CL"}
    assert {*store.predictions("m", IMAGE)} == everything - mine
    answered(store, "AY", "BK", "CL")
    store.votes()
    assert {*store.predictions("m", IMAGE)} == everything


def test_saliency_of_a_crystal_one_may_be_asked_about_is_refused(store):
    crystals, _ = disputed_round(store)
    store.become("CL")
    with pytest.raises(BlindError, match="You may be asked for the deciding label"):
        store.rounds.require_revealed(IMAGE, crystals[0])


def test_the_gallery_leaves_out_crystals_one_may_be_asked_about(store):
    crystals, _ = disputed_round(store)
    store.become("CL")
    shown = Reviewer(store, None).show(store.state.crystal_ids(IMAGE))
    assert not {each.crystal_id for each in shown.entries} & {*crystals}
    assert shown.withheld > 0
