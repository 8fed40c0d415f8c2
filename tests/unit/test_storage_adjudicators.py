"""Who may decide: two people at least, one of them at the keyboard, or who was appointed."""

import pytest
from adjudication_scene import PES, RES, crystal, say, store, verdict  # noqa: F401  fixtures
from storage_scene import outline, reopen

from microcrystalnet.domain.decision import Method
from microcrystalnet.domain.label import Answer, Flag
from microcrystalnet.domain.verdict import State
from microcrystalnet.errors import DecisionError


def test_nobody_decides_alone_where_there_are_others(store, crystal):
    with pytest.raises(DecisionError, match="at least two people"):
        store.adjudication.decide(crystal, PES, ["BK", "BK"])


def test_who_is_at_the_keyboard_takes_part(store, crystal):
    store.become("CM")
    with pytest.raises(DecisionError, match="CM is at the keyboard"):
        store.adjudication.decide(crystal, PES, ["AY", "BK"])


def test_only_experts_of_the_project_decide(store, crystal):
    with pytest.raises(DecisionError, match="ZZ does not work on this project"):
        store.adjudication.decide(crystal, PES, ["BK", "ZZ"])


def test_the_only_expert_of_a_project_reviews_alone(store):
    crystal_id = outline(store)
    say(store, "AY", crystal_id, "RES", Flag.UNSURE)
    decision = store.adjudication.decide(crystal_id, RES, ["AY"])
    assert (decision.method, verdict(store, crystal_id).state) == (
        Method.ALONE,
        State.SELF_REVIEWED,
    )


def test_where_somebody_is_appointed_the_others_do_not_decide_without(store, crystal):
    say(store, "CM", crystal, "PES")
    store.become("AY")
    store.adjudication.appoint("CM")
    store.become("BK")
    store.label(outline(store, 300), Answer("RES"))
    say(store, "DN", outline(store, 400), "RES")
    with pytest.raises(DecisionError, match="One of CM, AY takes part"):
        store.adjudication.decide(crystal, PES, ["BK", "DN"])
    store.become("BK")
    store.adjudication.decide(crystal, PES, ["BK", "CM"])
    assert verdict(store, crystal).cls == "PES"


def test_an_appointment_is_kept_and_taken_back(store, crystal):
    store.become("AY")
    store.adjudication.appoint("BK")
    again = reopen(store)
    kept = again.adjudication.adjudicators
    again.adjudication.appoint("BK", adjudicates=False)
    assert (kept, again.adjudication.adjudicators) == (("BK",), ())


def test_only_the_owner_appoints(store, crystal):
    with pytest.raises(DecisionError, match="AY owns this project"):
        store.adjudication.appoint("BK")
    assert store.adjudication.adjudicators == ()
