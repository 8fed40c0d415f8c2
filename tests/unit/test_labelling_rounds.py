from collections import Counter
from dataclasses import replace

import pytest

from microcrystalnet.domain.round import Round
from microcrystalnet.labelling.rounds import (
    due,
    order,
    planned_experts,
    ranked_experts,
    repeated,
    third_expert,
)

CRYSTALS = [f"c{n}" for n in range(200)]
ROUND = Round("r", ("i",), ("AY", "BK", "CL"), order_seed=7)


def test_every_expert_has_an_order_of_their_own():
    assert order(CRYSTALS, 7, "AY") != order(CRYSTALS, 7, "BK")


def test_an_order_holds_every_crystal_once_and_is_the_same_on_every_computer():
    assert sorted(order(CRYSTALS, 7, "AY")) == sorted(CRYSTALS)
    assert order(reversed(CRYSTALS), 7, "AY") == order(CRYSTALS, 7, "AY")
    assert order(["a", "b", "c", "d", "e"], 3, "AY") == ("b", "c", "e", "d", "a")


def test_another_seed_gives_another_order():
    assert order(CRYSTALS, 7, "AY") != order(CRYSTALS, 8, "AY")


def test_a_crystal_outlined_later_moves_no_other_one():
    without = [each for each in order([*CRYSTALS, "late"], 7, "AY") if each != "late"]
    assert tuple(without) == order(CRYSTALS, 7, "AY")


def test_two_experts_are_planned_for_every_crystal_and_a_third_waits():
    assert {len(planned_experts(ROUND, each)) for each in CRYSTALS} == {2}
    assert all(
        {*planned_experts(ROUND, each), third_expert(ROUND, each)} == {"AY", "BK", "CL"}
        for each in CRYSTALS
    )


def test_the_work_is_shared_out_evenly():
    shares = Counter(each for crystal in CRYSTALS for each in planned_experts(ROUND, crystal))
    assert min(shares.values()) > 110
    assert sum(shares.values()) == 400


@pytest.mark.parametrize(
    "without_a_third",
    [replace(ROUND, third_on_dispute=False), replace(ROUND, experts=("AY", "BK"))],
)
def test_nobody_is_asked_as_third_where_nobody_can_or_shall_be(without_a_third):
    assert third_expert(without_a_third, "c1") is None


def test_the_order_of_asking_holds_every_expert():
    assert sorted(ranked_experts(ROUND, "c1")) == ["AY", "BK", "CL"]


def test_five_percent_come_a_second_time_and_all_from_the_first_half():
    mine = order(CRYSTALS, 7, "AY")
    again = repeated(mine, ROUND, "AY")
    assert len(again) == 10
    assert {*again} <= {*mine[:100]}


def test_repeats_come_late_and_one_after_the_other():
    again = ("a", "b")
    assert [due(again, answered, 10) for answered in (7, 8, 9, 10)] == [(), (), ("a",), ("a", "b")]


def test_without_repeats_nothing_is_ever_due():
    assert due((), 10, 10) == ()
