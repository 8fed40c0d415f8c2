"""Three simulated petrographers."""

from collections import Counter

import pytest

from microcrystalnet.synth.experts import EXPERTS, difficulty, simulate

MANY = ("RES", "PES", "AA", "SA") * 500


def wrong(truth, answers):
    return [
        (cls, answer.cls)
        for cls, answer in zip(truth, answers, strict=True)
        if answer.cls not in (None, cls)
    ]


def test_the_same_seed_gives_the_same_answers():
    assert simulate(MANY, 3) == simulate(MANY, 3)


def test_three_experts_answer_every_crystal():
    answers = simulate(("RES", "SA"), 0)
    assert {name: len(given) for name, given in answers.items()} == {"AY": 2, "MK": 2, "RS": 2}


@pytest.mark.parametrize("expert", [expert.name for expert in EXPERTS])
def test_an_expert_is_right_most_of_the_time_but_not_always(expert):
    share = len(wrong(MANY, simulate(MANY, 1)[expert])) / len(MANY)
    assert 0.04 < share < 0.25


def test_rhombs_are_taken_for_polyhedra_more_than_for_anything_else():
    missed = Counter(wrong(MANY, simulate(MANY, 1)["AY"]))
    assert missed["RES", "PES"] > 2 * (missed["RES", "AA"] + missed["RES", "SA"])


def test_amorphous_and_spherical_are_confused_with_each_other():
    missed = Counter(wrong(MANY, simulate(MANY, 1)["MK"]))
    assert missed["AA", "SA"] > missed["AA", "PES"] + missed["AA", "RES"]
    assert missed["SA", "AA"] > missed["SA", "PES"] + missed["SA", "RES"]


def test_hard_crystals_are_missed_more_often_than_easy_ones():
    easy = simulate(MANY, 1, [0.1] * len(MANY))["RS"]
    hard = simulate(MANY, 1, [0.6] * len(MANY))["RS"]
    assert len(wrong(MANY, hard)) > 3 * len(wrong(MANY, easy))


def test_now_and_then_an_expert_cannot_tell_or_sees_no_crystal():
    given = simulate(MANY, 1)["MK"]
    assert any(answer.cls is None and not answer.discards for answer in given)
    assert any(answer.discards for answer in given)


def test_a_small_hidden_crystal_is_harder_than_a_large_open_one():
    assert difficulty(0.5, 40, 0.2) > difficulty(1.0, 200, 0.2) + 0.2
