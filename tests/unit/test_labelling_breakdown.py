"""Agreement with oneself, micrograph by micrograph, and as the work goes on."""

import pytest

from microcrystalnet.labelling.agreement import compare_experts
from microcrystalnet.labelling.answer_table import arrange
from microcrystalnet.labelling.answers import GivenAnswer


def given(*said, turn=0, image="i"):
    """Give answers from words such as ``A1x``: expert, crystal and label."""
    return [GivenAnswer(image, each[1], each[0], each[2], turn) for each in said]


def timed(expert, labels, start=0):
    return [
        GivenAnswer("i", f"{number:02}", expert, label, time_ms=start + number)
        for number, label in enumerate(labels)
    ]


def test_an_expert_who_repeats_every_answer_agrees_fully_with_themselves():
    table = arrange(given("A1x", "A2y", "B1x") + given("A1x", "A2y", turn=1))
    again = compare_experts(table).intra_rater["A"]
    assert (again.n_repeats, again.agreement.value, again.cohen_kappa.value) == (2, 1, 1)


def test_a_changed_mind_is_counted_from_the_first_answer_to_the_repeat():
    table = arrange(given("A1x", "A2x", "B1x") + given("A1x", "A2z", turn=1))
    again = compare_experts(table).intra_rater["A"]
    assert (again.classes, again.confusion) == (("x", "z"), ((1, 1), (0, 0)))


def test_experts_without_repeats_are_left_out():
    table = arrange(given("A1x", "B1x") + given("A1x", turn=1))
    assert list(compare_experts(table).intra_rater) == ["A"]


def test_a_repeat_without_a_first_answer_says_nothing():
    table = arrange(given("A1x", "B1x", "B2x") + given("A2x", turn=1))
    assert compare_experts(table).intra_rater == {}


def test_repeats_change_no_agreement_between_experts():
    first = given("A1x", "A2y", "B1x", "B2x")
    alone = compare_experts(arrange(first))
    both = compare_experts(arrange(first + given("A1z", "B2z", turn=1)))
    assert (both.gwet_ac1, both.krippendorff_alpha) == (alone.gwet_ac1, alone.krippendorff_alpha)


def test_every_micrograph_has_its_own_agreement():
    table = arrange(given("A1x", "B1x", image="i") + given("A1x", "B1y", "A2y", image="j"))
    found = compare_experts(table).by_image
    assert {image: (each.n_crystals, each.percent_agreement) for image, each in found.items()} == {
        "i": (1, 1),
        "j": (1, 0),
    }


def test_a_micrograph_with_one_experts_answers_only_has_no_agreement():
    table = arrange(given("A1x", "B1x", image="i") + given("A1x", image="j"))
    assert compare_experts(table).by_image["j"].percent_agreement is None


def test_an_expert_who_tires_agrees_less_in_the_last_stretch():
    answers = timed("A", "xxxxxyyyyy") + timed("B", "x" * 10)
    first, last = compare_experts(arrange(answers)).over_time["A"]
    assert (first.first, first.last, first.agreement) == (1, 5, 1)
    assert (last.first, last.last, last.agreement) == (6, 10, 0)


def test_stretches_follow_each_experts_own_order():
    backwards = [
        GivenAnswer("i", f"{number:02}", "A", "x" if number < 5 else "y", time_ms=100 - number)
        for number in range(10)
    ]
    found = compare_experts(arrange(backwards + timed("B", "x" * 10))).over_time["A"]
    assert [stretch.agreement for stretch in found] == [0, 1]


def test_a_clock_that_is_years_off_moves_no_stretch():
    right = arrange(timed("A", "xxxxxyyyyy") + timed("B", "x" * 10))
    wrong = arrange(timed("A", "xxxxxyyyyy", start=10**12) + timed("B", "x" * 10))
    shares = [
        [stretch.agreement for stretch in compare_experts(table).over_time["A"]]
        for table in (right, wrong)
    ]
    assert shares[0] == shares[1]


def test_without_times_nothing_is_said_about_time():
    assert compare_experts(arrange(given("A1x", "B1x"))).over_time == {}


def test_the_experts_reliability_is_estimated():
    letters = "xyz" * 8
    answers = [
        *timed("A", letters),
        *timed("B", letters),
        *timed("C", "".join("y" if place % 4 == 0 else a for place, a in enumerate(letters))),
    ]
    accuracy = compare_experts(arrange(answers)).dawid_skene.accuracy
    assert accuracy["A"] == pytest.approx(accuracy["B"])
    assert accuracy["C"] < accuracy["A"]
