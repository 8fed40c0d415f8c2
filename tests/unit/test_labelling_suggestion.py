"""What the answers on many crystals suggest of one of them."""

from collections import Counter

from microcrystalnet.domain.label import NOT_A_CRYSTAL, UNCLEAR, Answer, Label
from microcrystalnet.labelling.suggestion import pattern_of, weigh

RES, PES = Answer("RES"), Answer("PES")


def votes(**crystals):
    return {
        crystal_id: {
            expert: Label(f"{crystal_id}{expert}", crystal_id, expert, answer, "m")
            for expert, answer in zip("ABC", answers, strict=False)
        }
        for crystal_id, answers in crystals.items()
    }


def suggest(crystals):
    """Give the likely answers of each crystal."""
    patterns = {each: pattern_of(labels) for each, labels in crystals.items()}
    weighed = weigh(Counter(patterns.values()))
    return {each: weighed[pattern] for each, pattern in patterns.items()}


ALIKE = {f"r{number}": (RES, RES, RES) for number in range(8)} | {
    f"p{number}": (PES, PES, PES) for number in range(8)
}


def test_a_disputed_crystal_is_more_doubtful_than_an_agreed_one():
    found = suggest(votes(**ALIKE, odd=(RES, PES)))
    assert max(found["odd"].values()) < max(found["r0"].values())


def test_the_likeliest_answer_is_named_first():
    found = suggest(votes(**ALIKE, odd=(RES, RES, PES)))
    assert next(iter(found["odd"])) == "RES"


def test_what_an_unreliable_expert_says_weighs_less():
    habits = {f"c{number}": (RES, RES, PES) for number in range(4)}
    found = suggest(votes(**ALIKE, **habits, odd=(PES, PES, RES), even=(PES, RES)))
    assert found["odd"]["PES"] > 0.5


def test_unclear_and_not_a_crystal_are_answers_too():
    found = suggest(votes(odd=(UNCLEAR, NOT_A_CRYSTAL)))
    assert set(found["odd"]) == {"unclear", "not_crystal"}


def test_without_labels_nothing_is_suggested():
    assert suggest({}) == {}
