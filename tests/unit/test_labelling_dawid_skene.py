"""Beliefs and habits against the paper's own example, a slow second opinion and simulations."""

import math

import numpy as np
import pytest

from microcrystalnet.labelling.answer_table import arrange
from microcrystalnet.labelling.answers import GivenAnswer
from microcrystalnet.labelling.dawid_skene import (
    Habits,
    believe,
    infer,
    learn_habits,
    shares,
    tally,
)

# Dawid and Skene (1979), table 1: the grades of 45 patients by five anaesthetists, of whom the
# first graded everyone three times.
ANAESTHETISTS = """
1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343
1111111 2223212 1211111 1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222
1111111 1111111 2322222 1111111 1111111 1121121 1111111 3333233 1111111 2222222 2223232 4334343
2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 2222222
"""
GRADERS = [0, 0, 0, 1, 2, 3, 4]


def paper():
    answers = np.zeros((45, 5, 4), np.int64)
    grades = np.array([[int(grade) - 1 for grade in row] for row in ANAESTHETISTS.split()])
    np.add.at(answers, (np.arange(45)[:, np.newaxis], GRADERS, grades), 1)
    return answers


def slow(answers, rounds):
    """Give the beliefs by the paper's equations, crystal by crystal and without logarithms."""
    experts, classes = range(answers.shape[1]), range(answers.shape[2])
    belief = [total / total.sum() for total in answers.sum(axis=1)]
    for _ in range(rounds):
        prior = sum(belief) / len(belief)
        seen = sum(np.multiply.outer(b, a) for b, a in zip(belief, answers, strict=True))
        error = [[seen[k, e] / seen[k, e].sum() for k in classes] for e in experts]
        belief = [
            np.array([prior[k] * math.prod(chances(error, a, k)) for k in classes]) for a in answers
        ]
        belief = [joint / joint.sum() for joint in belief]
    return np.array(belief)


def chances(error, answers, truth):
    return [np.prod(error[e][truth] ** given) for e, given in enumerate(answers)]


def test_the_papers_prevalences_come_out():
    prevalence = infer(paper(), spread=0).habits.prevalence
    assert prevalence == pytest.approx([0.40, 0.42, 0.11, 0.07], abs=0.005)


def test_the_steps_are_the_papers_equations():
    fast = shares(paper())
    for _ in range(25):
        fast = believe(paper(), learn_habits(paper(), fast, spread=0))
    assert fast == pytest.approx(slow(paper(), 25), abs=1e-9)


@pytest.fixture(scope="module")
def simulated():
    """2,000 crystals of four classes and three experts whose habits are known."""
    generator = np.random.default_rng(7)
    truth = generator.choice(4, 2000, p=[0.4, 0.3, 0.2, 0.1])
    hits = np.array([0.9, 0.8, 0.6])
    confusion = np.array(
        [np.full((4, 4), (1 - h) / 3) + np.eye(4) * (h - (1 - h) / 3) for h in hits]
    )
    drawn = np.array([[generator.choice(4, p=rows[k]) for rows in confusion] for k in truth])
    return truth, confusion, np.eye(4, dtype=np.int64)[drawn]


def test_the_habits_of_simulated_experts_are_found(simulated):
    _, confusion, answers = simulated
    assert infer(answers).habits.confusion == pytest.approx(confusion, abs=0.08)


def test_their_accuracies_are_found(simulated):
    _, _, answers = simulated
    assert infer(answers).habits.accuracy == pytest.approx([0.9, 0.8, 0.6], abs=0.04)


def test_the_likeliest_class_is_right_more_often_than_the_best_expert(simulated):
    truth, _, answers = simulated
    found = (infer(answers).posterior.argmax(axis=1) == truth).mean()
    assert found > (answers[:, 0].argmax(axis=1) == truth).mean()


def test_a_good_expert_outweighs_a_poor_one():
    habits = Habits(
        np.array([0.5, 0.5]), np.array([[[0.9, 0.1], [0.1, 0.9]], [[0.6, 0.4], [0.4, 0.6]]])
    )
    disputed = np.array([[[1, 0], [0, 1]]])
    assert believe(disputed, habits)[0] == pytest.approx([0.36 / 0.42, 0.06 / 0.42])


def test_a_crystal_without_an_answer_is_believed_to_be_like_the_others():
    habits = Habits(np.array([0.7, 0.3]), np.full((1, 2, 2), 0.5))
    assert believe(np.zeros((1, 1, 2), np.int64), habits)[0] == pytest.approx([0.7, 0.3])


def test_an_answer_that_never_happened_rules_a_class_out():
    habits = Habits(np.array([0.5, 0.5]), np.array([[[1.0, 0.0], [0.5, 0.5]]]))
    assert believe(np.array([[[0, 1]]]), habits)[0] == pytest.approx([0, 1])


def test_the_order_of_crystals_changes_no_belief(simulated):
    answers = simulated[2][:200]
    assert infer(answers[::-1]).posterior[::-1] == pytest.approx(infer(answers).posterior, abs=1e-6)


def test_a_table_is_tallied_with_its_gaps():
    given = [GivenAnswer("i", *said) for said in ("1Ax", "1By", "2Bx")]
    assert tally(arrange(given)).tolist() == [[[1, 0], [0, 1]], [[0, 0], [1, 0]]]
