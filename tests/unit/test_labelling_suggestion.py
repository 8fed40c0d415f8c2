"""Crystals in doubt come first."""

from microcrystalnet.domain.label import NOT_A_CRYSTAL, UNCLEAR, Answer, Label
from microcrystalnet.labelling.suggestion import by_doubt, posteriors, suggest
from microcrystalnet.labelling.urgency import by_urgency

RES, PES = Answer("RES"), Answer("PES")


def votes(**crystals):
    return {
        crystal_id: {
            expert: Label(f"{crystal_id}{expert}", crystal_id, expert, answer, "m")
            for expert, answer in zip("ABC", answers, strict=False)
        }
        for crystal_id, answers in crystals.items()
    }


ALIKE = {f"r{number}": (RES, RES, RES) for number in range(8)} | {
    f"p{number}": (PES, PES, PES) for number in range(8)
}


def test_a_disputed_crystal_is_more_doubtful_than_an_agreed_one():
    found = suggest(votes(**ALIKE, odd=(RES, PES)))
    assert found["odd"].doubt > found["r0"].doubt


def test_the_likeliest_answer_is_named_first():
    found = suggest(votes(**ALIKE, odd=(RES, RES, PES)))
    assert next(iter(found["odd"].likely)) == "RES"


def test_what_an_unreliable_expert_says_weighs_less():
    habits = {f"c{number}": (RES, RES, PES) for number in range(4)}
    found = suggest(votes(**ALIKE, **habits, odd=(PES, PES, RES), even=(PES, RES)))
    assert found["odd"].likely["PES"] > 0.5


def test_unclear_and_not_a_crystal_are_answers_too():
    found = suggest(votes(odd=(UNCLEAR, NOT_A_CRYSTAL)))
    assert set(found["odd"].likely) == {"unclear", "not_crystal"}


def test_without_labels_nothing_is_suggested():
    assert suggest({}) == {}


def test_crystals_come_from_the_most_doubtful_on():
    found = suggest(votes(**ALIKE, odd=(RES, PES)))
    assert by_doubt(["r0", "odd", "p0"], found)[0] == "odd"


def test_crystals_of_equal_doubt_keep_their_order():
    found = suggest(votes(**ALIKE))
    assert by_doubt(["r3", "r1", "r2"], found) == ("r3", "r1", "r2")


def test_crystals_nobody_labelled_come_first():
    found = suggest(votes(**ALIKE, odd=(RES, PES)))
    assert by_doubt(["odd", "new"], found) == ("new", "odd")


def test_the_queue_of_disputes_begins_where_the_experts_reliability_tells_least():
    known = votes(**ALIKE, odd=(RES, PES), told=(RES, RES, PES))
    order = by_urgency(["told", "odd"], known, posteriors=posteriors(known))
    assert order == ("odd", "told")
