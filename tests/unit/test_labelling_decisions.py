from collections import Counter
from dataclasses import replace

import pytest

from microcrystalnet.domain.decision import Case, Decision, Method, Objection, Outcome, Ruling
from microcrystalnet.domain.label import NOT_A_CRYSTAL, Answer, Flag, Label
from microcrystalnet.domain.verdict import State
from microcrystalnet.labelling.consensus import settle, settle_all
from microcrystalnet.labelling.urgency import Urgency, classes_named, disagreement, shares_of

RES, PES, SA = Answer("RES"), Answer("PES"), Answer("SA")
UNSURE = Answer("RES", frozenset({Flag.UNSURE}))


def labels(*answers):
    return {
        expert: Label(f"l{expert}", "c1", expert, answer, "m")
        for expert, answer in zip("ABC", answers, strict=False)
    }


def decided(ruling="RES", act_id="d1", **changes):
    ruling = Ruling(Outcome.CLASS, ruling) if isinstance(ruling, str) else ruling
    decision = Decision(
        act_id,
        "c1",
        "A",
        0,
        ruling,
        Method.TOGETHER,
        ("A", "B"),
        frozenset({"lA", "lB"}),
        "m",
        frozenset(),
        ("B",),
    )
    return replace(decision, **changes)


DISPUTED = labels(RES, PES)
OBJECTION = Objection("o1", "c1", "B", 0, False, "look at the edge")


@pytest.mark.parametrize(
    ("ruling", "state", "cls"),
    [
        (Ruling(Outcome.CLASS, "PES"), State.ADJUDICATED, "PES"),
        (Ruling(Outcome.EXCLUDE), State.EXCLUDED, None),
        (Ruling(Outcome.UNDECIDABLE), State.UNDECIDABLE, None),
    ],
)
def test_a_decision_settles_a_dispute(ruling, state, cls):
    verdict = settle("c1", DISPUTED, Case((decided(ruling),)))
    assert (verdict.state, verdict.cls, verdict.history) == (state, cls, 1)
    assert verdict.decision.participants == ("A", "B")


def test_a_decided_class_may_be_taught():
    assert settle("c1", DISPUTED, Case((decided(),))).settled


def test_an_excluded_crystal_is_not_taught():
    assert not settle("c1", DISPUTED, Case((decided(Ruling(Outcome.EXCLUDE)),))).settled


def test_a_further_label_makes_a_decision_fall():
    verdict = settle("c1", labels(RES, PES, RES), Case((decided(),)))
    assert (verdict.state, verdict.decision, verdict.history) == (State.DISPUTED, None, 1)
    assert verdict.reason == "The labels have changed since the decision."


def test_a_withdrawn_label_makes_a_decision_fall():
    assert settle("c1", labels(RES), Case((decided(),))).state is State.DISPUTED


def test_a_fallen_decision_leaves_a_dispute_even_where_the_labels_agree_now():
    case = Case((decided(basis=frozenset({"old"})),))
    assert settle("c1", labels(RES, RES), case).state is State.DISPUTED


def test_another_outline_makes_a_decision_fall():
    verdict = settle("c1", DISPUTED, Case((decided(),), frozenset({"d1"})))
    assert verdict.reason == "The outline has changed since the decision."


def test_an_objection_makes_a_decision_fall_and_gives_its_reason():
    verdict = settle("c1", DISPUTED, Case((decided(), OBJECTION)))
    assert (verdict.state, verdict.history) == (State.DISPUTED, 2)
    assert verdict.reason == "B wants it discussed: look at the edge"


def test_a_reopening_makes_a_decision_fall():
    verdict = settle("c1", DISPUTED, Case((decided(), replace(OBJECTION, reopens=True))))
    assert verdict.reason.startswith("B has taken it up again")


def test_a_decision_that_knew_the_objection_answers_it():
    again = decided("PES", "d2", seen=frozenset({"d1", "o1"}))
    verdict = settle("c1", DISPUTED, Case((decided(), OBJECTION, again)))
    assert (verdict.state, verdict.cls) == (State.ADJUDICATED, "PES")


def test_a_decision_that_did_not_know_the_objection_does_not_answer_it():
    verdict = settle("c1", DISPUTED, Case((OBJECTION, decided())))
    assert verdict.state is State.DISPUTED


def test_two_computers_that_decide_differently_leave_a_dispute():
    verdict = settle("c1", DISPUTED, Case((decided(), decided("PES", "d2"))))
    assert verdict.reason == "It was decided in two ways on two computers."


def test_two_computers_that_decide_alike_settle_it():
    verdict = settle("c1", DISPUTED, Case((decided(), decided("RES", "d2"))))
    assert verdict.state is State.ADJUDICATED


def test_an_objection_disputes_a_crystal_that_was_agreed_on():
    assert settle("c1", labels(RES, RES), Case((OBJECTION,))).state is State.DISPUTED


def test_an_objection_to_a_crystal_without_labels_waits_for_them():
    assert settle("c1", {}, Case((OBJECTION,))).state is State.UNLABELLED


def test_agreed_labels_about_another_outline_are_disputed():
    verdict = settle("c1", labels(RES, RES), Case((), frozenset({"lB"})))
    assert (verdict.state, verdict.reason) == (
        State.DISPUTED,
        "The outline has changed since an expert named it.",
    )


def test_the_only_expert_reviews_the_own_label():
    alone = decided(participants=("A",), basis=frozenset({"lA"}), method=Method.ALONE)
    verdict = settle("c1", labels(UNSURE), Case((alone,)))
    assert (verdict.state, verdict.settled) == (State.SELF_REVIEWED, True)


def test_one_person_alone_does_not_settle_a_dispute_with_others():
    alone = decided(participants=("A",), method=Method.ALONE)
    verdict = settle("c1", DISPUTED, Case((alone,)))
    assert (verdict.state, verdict.decision) == (State.DISPUTED, None)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (UNSURE, "An expert is unsure."),
        (Answer("RES", frozenset({Flag.BAD_MASK})), "An expert calls the outline wrong."),
        (PES, "The experts name different classes."),
    ],
)
def test_a_dispute_says_what_it_is_about(answer, reason):
    assert settle("c1", labels(RES, answer)).reason == reason


def test_a_decision_outlives_the_loss_of_all_labels_as_a_dispute():
    verdicts = settle_all({}, {"c1": Case((decided(),))})
    assert verdicts["c1"].state is State.DISPUTED


def by_urgency(crystal_ids, votes, cases=None, doubts=None, posteriors=None):
    shares = shares_of(Counter(cls for each in votes.values() for cls in classes_named(each)))
    scale = Urgency(votes, shares, cases or {}, doubts or {}, posteriors or {})
    return tuple(sorted(crystal_ids, key=scale.of, reverse=True))


def test_three_different_answers_come_before_two_against_one():
    votes = {"c1": labels(RES, RES, PES), "c2": labels(RES, PES, SA)}
    assert by_urgency(["c1", "c2"], votes) == ("c2", "c1")


def test_what_people_asked_for_comes_first():
    votes = {"c1": labels(RES, PES, SA), "c2": labels(RES, RES)}
    assert by_urgency(["c1", "c2"], votes, {"c2": Case((OBJECTION,))}) == ("c2", "c1")


def test_a_rare_class_comes_before_a_frequent_one():
    votes = {"c0": labels(RES, RES, RES), "c1": labels(RES, PES), "c2": labels(SA, RES, RES)}
    votes |= {"c3": labels(PES, SA), "c4": labels(RES, PES)}
    assert by_urgency(["c1", "c3"], votes) == ("c3", "c1")


def test_the_doubt_of_the_classifier_decides_between_equals():
    votes = {"c1": labels(RES, PES), "c2": labels(RES, PES)}
    assert by_urgency(["c1", "c2"], votes, doubts={"c1": 0.1, "c2": 0.6}) == ("c2", "c1")


def test_a_doubtful_posterior_comes_first():
    votes = {"c1": labels(RES, PES), "c2": labels(RES, PES)}
    posteriors = {"c1": {"RES": 0.9, "PES": 0.1}, "c2": {"RES": 0.5, "PES": 0.5}}
    assert by_urgency(["c1", "c2"], votes, posteriors=posteriors) == ("c2", "c1")


def test_a_remark_counts_as_an_answer_of_its_own():
    assert disagreement(labels(RES, UNSURE)) == pytest.approx(0.6365, abs=1e-4)


def test_not_a_crystal_is_counted_once():
    assert disagreement(labels(RES, NOT_A_CRYSTAL)) == pytest.approx(0.6931, abs=1e-4)
