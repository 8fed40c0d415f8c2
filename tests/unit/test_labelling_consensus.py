from microcrystalnet.domain.label import NOT_A_CRYSTAL, UNCLEAR, Answer, Flag, Label
from microcrystalnet.domain.verdict import State
from microcrystalnet.labelling.consensus import settle, settle_all

RES, PES = Answer("RES"), Answer("PES")


def labels(*answers, blind=True):
    experts = "ABC"
    return {
        expert: Label(f"l{expert}", "c1", expert, answer, "m", blind=blind)
        for expert, answer in zip(experts, answers, strict=False)
    }


def test_a_crystal_nobody_labelled_is_unlabelled():
    verdict = settle("c1", {})
    assert (verdict.state, verdict.cls, verdict.votes) == (State.UNLABELLED, None, 0)


def test_one_label_alone_settles_nothing():
    verdict = settle("c1", labels(RES))
    assert (verdict.state, verdict.cls, verdict.settled) == (State.SINGLE, "RES", False)


def test_two_experts_of_one_mind_agree():
    verdict = settle("c1", labels(RES, RES))
    assert (verdict.state, verdict.cls, verdict.votes) == (State.AGREED, "RES", 2)
    assert verdict.settled


def test_a_majority_does_not_overrule_a_dissenter():
    verdict = settle("c1", labels(RES, RES, PES))
    assert (verdict.state, verdict.cls, verdict.votes) == (State.DISPUTED, None, 3)


def test_unclear_is_an_answer_that_differs_from_every_class():
    assert settle("c1", labels(RES, UNCLEAR)).state is State.DISPUTED


def test_two_experts_who_both_find_it_unclear_leave_it_to_a_person():
    assert settle("c1", labels(UNCLEAR, UNCLEAR)).state is State.DISPUTED


def test_a_crystal_two_experts_discard_is_excluded_only_by_a_person():
    assert settle("c1", labels(NOT_A_CRYSTAL, NOT_A_CRYSTAL)).state is State.DISPUTED


def test_an_unsure_expert_sends_the_crystal_to_a_person():
    unsure = Answer("RES", frozenset({Flag.UNSURE}))
    assert settle("c1", labels(RES, unsure)).state is State.DISPUTED


def test_an_occluded_crystal_may_still_be_agreed_on():
    occluded = Answer("RES", frozenset({Flag.OCCLUDED}))
    assert settle("c1", labels(RES, occluded)).state is State.AGREED


def test_a_label_given_after_seeing_the_others_confirms_nothing():
    seen = labels(RES, RES) | {"B": labels(RES, RES, blind=False)["B"]}
    verdict = settle("c1", seen)
    assert (verdict.state, verdict.cls) == (State.SINGLE, "RES")


def test_a_label_given_after_seeing_the_others_can_still_dispute():
    seen = labels(RES, RES, PES) | {"C": labels(RES, RES, PES, blind=False)["C"]}
    assert settle("c1", seen).state is State.DISPUTED


def test_all_crystals_are_settled_in_their_order():
    verdicts = settle_all({"c2": labels(RES, PES), "c1": labels(PES, PES)})
    assert [(name, verdict.state) for name, verdict in verdicts.items()] == [
        ("c2", State.DISPUTED),
        ("c1", State.AGREED),
    ]
