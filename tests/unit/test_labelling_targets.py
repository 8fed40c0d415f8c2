"""What is taught of a crystal follows from its verdict and its votes."""

import numpy as np
import pytest

from microcrystalnet.domain.label import NOT_A_CRYSTAL, UNCLEAR, Answer, Flag, Label
from microcrystalnet.domain.verdict import State, Verdict
from microcrystalnet.labelling.targets import (
    TargetMode,
    first_disagreed,
    target_of,
)

CLASSES = ("RES", "PES", "AA", "SA")
RES, PES = Answer("RES"), Answer("PES")


def labels(*answers, blind=True):
    return {
        expert: Label(f"l{expert}", "c", expert, answer, "m", blind=blind)
        for expert, answer in zip("ABC", answers, strict=False)
    }


def verdict(state, cls="RES"):
    return Verdict("c", state, cls, 2)


def test_an_agreed_class_keeps_a_little_doubt():
    target = target_of(verdict(State.AGREED), labels(RES, RES), CLASSES)
    assert target.shares == pytest.approx([0.95, 0.05 / 3, 0.05 / 3, 0.05 / 3])
    assert (target.weight, target.hard, target.crystal_id) == (1, 0, "c")


def test_a_decided_class_is_shared_with_those_who_were_overruled():
    votes = labels(RES, PES, PES)
    target = target_of(verdict(State.ADJUDICATED, "PES"), votes, CLASSES)
    assert target.shares == pytest.approx([0.2 / 3, 0.8 + 0.4 / 3, 0, 0])
    assert target.weight == 1


def test_unclear_takes_no_share_of_a_decided_class():
    target = target_of(verdict(State.ADJUDICATED), labels(RES, UNCLEAR), CLASSES)
    assert target.shares == pytest.approx([1, 0, 0, 0])


def test_where_nobody_named_a_class_the_decision_keeps_even_doubt():
    target = target_of(verdict(State.ADJUDICATED), labels(UNCLEAR, NOT_A_CRYSTAL), CLASSES)
    assert target.shares == pytest.approx([0.85, 0.05, 0.05, 0.05])


def test_a_single_label_counts_half():
    target = target_of(verdict(State.SINGLE), labels(RES), CLASSES)
    assert (target.shares[0], target.weight) == (0.95, 0.5)


def test_a_single_label_with_a_remark_for_a_person_is_not_taught():
    unsure = Answer("RES", frozenset({Flag.UNSURE}))
    assert target_of(verdict(State.SINGLE), labels(unsure), CLASSES) is None


@pytest.mark.parametrize("mode", TargetMode)
@pytest.mark.parametrize(
    "state", [State.UNLABELLED, State.DISPUTED, State.EXCLUDED, State.UNDECIDABLE]
)
def test_what_is_open_or_excluded_is_not_taught(state, mode):
    assert target_of(verdict(state), labels(RES, RES), CLASSES, mode) is None


@pytest.mark.parametrize("state", [State.AGREED, State.ADJUDICATED])
def test_the_papers_mode_teaches_settled_classes_hard(state):
    target = target_of(verdict(state, "PES"), labels(RES, PES), CLASSES, TargetMode.PAPER)
    assert (target.shares.tolist(), target.weight) == ([0, 1, 0, 0], 1)


def test_the_papers_mode_knows_no_single_labels():
    assert target_of(verdict(State.SINGLE), labels(RES), CLASSES, TargetMode.PAPER) is None


def test_a_class_that_the_scheme_has_lost_is_not_taught():
    assert target_of(verdict(State.AGREED, "OLD"), labels(RES, RES), CLASSES) is None


def test_shares_cannot_be_changed_behind_the_models_back():
    target = target_of(verdict(State.AGREED), {}, CLASSES)
    with pytest.raises(ValueError, match="read-only"):
        target.shares[0] = 0


def test_every_target_sums_to_one():
    states = (State.AGREED, State.ADJUDICATED, State.SINGLE)
    made = [target_of(verdict(state), labels(RES), CLASSES) for state in states]
    assert np.array([each.shares.sum() for each in made]) == pytest.approx(1)


def test_experts_who_differed_blind_disagreed_at_first():
    assert first_disagreed(labels(RES, PES))


def test_a_word_given_after_the_reveal_is_no_first_disagreement():
    later = {"B": labels(RES, PES, blind=False)["B"]}
    assert not first_disagreed(labels(RES) | later)
