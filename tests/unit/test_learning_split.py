from types import SimpleNamespace

import numpy as np
import pytest

from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.records import TrainingRecord
from microcrystalnet.learning.split import LEAK, ONE_MICROGRAPH, UNEVEN, split

CONFIG = TrainConfig()


def divided(count, micrographs, config=CONFIG, classes=2):
    truth = np.arange(count) % classes
    images = [f"i{index // classes % micrographs}" for index in range(count)]
    return split(truth, images, config, np.random.default_rng(0)), np.array(images), truth


def everything(parts):
    return sorted([*parts.train, *parts.validation, *parts.test])


def test_every_crystal_is_in_exactly_one_part():
    parts, _, _ = divided(200, 10)
    assert everything(parts) == list(range(200))


def test_a_micrograph_is_never_divided():
    parts, images, _ = divided(200, 10)
    seen = [set(images[part]) for part in (parts.train, parts.validation, parts.test)]
    assert sum(map(len, seen)) == 10
    assert parts.notes == ()


def test_the_shares_are_about_what_was_asked():
    parts, _, _ = divided(400, 20)
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (320, 40, 40)


def test_few_crystals_leave_no_part_for_testing():
    parts, _, _ = divided(30, 3)
    assert parts.test.size == 0
    assert parts.judged is parts.validation


def test_two_micrographs_are_one_to_learn_from_and_one_to_judge_on():
    parts, _, _ = divided(100, 2)
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (50, 50, 0)


def test_one_micrograph_is_divided_by_crystal_and_the_user_is_told():
    parts, _, _ = divided(30, 1)
    assert parts.by == "crystal"
    assert parts.notes == (ONE_MICROGRAPH,)
    assert everything(parts) == list(range(30))


def test_a_class_on_one_micrograph_only_is_always_learned_from():
    truth = np.array([0, 1] * 10 + [2] * 5)
    images = [f"i{index % 4}" for index in range(20)] + ["i9"] * 5
    parts = split(truth, images, CONFIG, np.random.default_rng(0))
    assert set(truth[parts.train]) == {0, 1, 2}
    assert parts.by == "micrograph"


def test_classes_on_a_micrograph_each_are_divided_by_crystal_and_the_user_is_told():
    truth = np.repeat([0, 1], 10)
    parts = split(truth, ["i0"] * 10 + ["i1"] * 10, CONFIG, np.random.default_rng(0))
    assert parts.notes == (UNEVEN,)
    assert set(truth[parts.train]) == {0, 1}


def test_a_chosen_division_by_crystal_warns_of_the_leak():
    parts, images, _ = divided(200, 10, TrainConfig(split="crystal"))
    assert parts.notes == (LEAK,)
    assert set(images[parts.test]) & set(images[parts.train])


def test_ten_crystals_leave_one_to_judge_on():
    parts, _, _ = divided(10, 1)
    assert parts.validation.size >= 1
    assert parts.train.size >= 7


def test_a_rare_class_is_learned_from():
    truth = np.array([0] * 30 + [1])
    parts = split(truth, ["i0"] * 31, CONFIG, np.random.default_rng(0))
    assert 30 in parts.train


def test_the_same_seed_divides_alike():
    one, two = divided(200, 10)[0], divided(200, 10)[0]
    assert np.array_equal(one.validation, two.validation)


@pytest.mark.parametrize("seed", range(20))
def test_every_class_is_learned_from_whatever_the_seed(seed):
    truth = np.array([0] * 12 + [1] * 3 + [2, 2])
    parts = split(truth, ["i0"] * 17, CONFIG, np.random.default_rng(seed))
    assert set(truth[parts.train]) == {0, 1, 2}
    assert parts.validation.size >= 1


@pytest.mark.parametrize(("note", "by"), [(UNEVEN, "crystal"), ("Few are AA.", "micrograph")])
def test_a_record_tells_what_was_divided_in_fact(note, by):
    record = SimpleNamespace(config=CONFIG, notes=(note,))
    assert TrainingRecord.divided_by.fget(record) == by
