"""What those who decide know: all labels they may see, and none that are closed to them."""

import pytest
from storage_scene import IMAGE, create, outline, reopen

from microcrystalnet.domain.decision import Case, Outcome, Ruling
from microcrystalnet.domain.label import Answer
from microcrystalnet.errors import BlindError
from microcrystalnet.labelling.rounds import third_expert
from microcrystalnet.storage import reading_desk

RES, PES = Answer("RES"), Answer("PES")
DECIDED = Ruling(Outcome.CLASS, "RES")


@pytest.fixture
def sitting(tmp_path):
    """CM's sitting in a project in which AY and BK differ on its crystal."""
    first = create(tmp_path)
    crystal_id = outline(first)
    first.label(crystal_id, RES)
    second = reopen(first, "BK")
    second.label(crystal_id, PES)
    opened = reopen(second, "CM")
    yield opened
    opened.close()


@pytest.fixture
def crystal(sitting):
    return sitting.state.crystal_ids(IMAGE)[0]


def blind_round(store, *experts):
    store.rounds.open([IMAGE], experts, min_labels=len(experts), repeat_frac=0.0)


def basis_of(store, crystal_id):
    store.label(crystal_id, Answer("SA"))
    people = ["AY", "BK", store.actor]
    return len(store.adjudication.decide(crystal_id, DECIDED, people, "seen from above").basis)


def test_an_expert_who_takes_the_keyboard_decides_on_all_labels(sitting, crystal):
    blind_round(sitting, "CM", "DD")
    with pytest.raises(BlindError):
        sitting.adjudication.decide(crystal, DECIDED, ["CM", "BK"])
    sitting.become("BK")
    assert len(sitting.adjudication.decide(crystal, DECIDED, ["AY", "BK"]).basis) == 2


def test_after_the_seal_a_decision_rests_on_all_labels(sitting, crystal):
    blind_round(sitting, "CM", "DD")
    with pytest.raises(BlindError):
        sitting.adjudication.decide(crystal, DECIDED, ["CM", "BK"])
    sitting.rounds.seal(IMAGE)
    assert basis_of(sitting, crystal) == 3


def test_what_was_read_halfway_when_another_expert_sat_down_is_read_again(
    sitting, crystal, monkeypatch
):
    monkeypatch.setattr(reading_desk, "_AT_ONCE", 1)
    collecting = sitting.collecting_votes()
    next(collecting)
    sitting.become("DD")
    list(collecting)
    sitting.become("CM")
    assert basis_of(sitting, crystal) == 3


def decided(store, crystal_id):
    """Let AY and BK decide, and BK, who saw it, ask CM and DD for their own answer."""
    store.become("BK")
    store.adjudication.decide(crystal_id, DECIDED, ["AY", "BK"])
    blind_round(store, "CM", "DD")


def test_what_was_decided_is_closed_to_who_labels_blind(sitting, crystal):
    decided(sitting, crystal)
    sitting.become("CM")
    assert (sitting.adjudication.cases(), sitting.adjudication.case(crystal)) == ({}, Case())


def test_after_the_seal_it_is_seen_what_was_decided(sitting, crystal):
    decided(sitting, crystal)
    sitting.become("CM")
    sitting.rounds.seal(IMAGE)
    assert sitting.adjudication.case(crystal).latest[-1].ruling == DECIDED


def test_who_labels_blind_sees_the_own_wish_to_discuss_a_crystal(sitting, crystal):
    decided(sitting, crystal)
    sitting.become("CM")
    sitting.adjudication.object_to(crystal, "hidden by another")
    assert [each.by for each in sitting.adjudication.case(crystal).acts] == ["CM"]


@pytest.mark.parametrize("act", ["decide", "sign", "reopen"])
def test_who_labels_blind_does_not_take_part_in_decisions(sitting, crystal, act):
    decided(sitting, crystal)
    sitting.become("CM")
    sitting.label(crystal, PES)
    more = (DECIDED, ["CM", "AY"]) if act == "decide" else ()
    with pytest.raises(BlindError, match="until you seal"):
        getattr(sitting.adjudication, act)(crystal, *more)


def test_who_may_be_asked_for_the_deciding_label_does_not_decide(tmp_path):
    store = create(tmp_path)
    crystal_id = outline(store)
    round_ = store.rounds.open([IMAGE], ["AY", "BK", "CM"], order_seed=3, repeat_frac=0.0)
    third = third_expert(round_, crystal_id)
    store.become(third)
    store.rounds.seal(IMAGE)
    with pytest.raises(BlindError, match="deciding label"):
        store.adjudication.decide(crystal_id, DECIDED, ["AY", "BK", "CM"])
    store.close()
