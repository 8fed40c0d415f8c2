from dataclasses import replace

import numpy as np
import pytest

from microcrystalnet.errors import TrainingError
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.folds import fold_splits, stage
from microcrystalnet.progress import Progress

FIVE = TrainConfig(folds=5)


def divided(micrographs=10, config=FIVE, count=100):
    truth = np.arange(count) % 2
    images = [f"i{index // 2 % micrographs}" for index in range(count)]
    return fold_splits(truth, images, config, np.random.default_rng(0)), np.array(images)


def test_every_crystal_is_tested_in_one_fold():
    splits, _ = divided()
    assert sorted(np.concatenate([parts.test for parts in splits])) == list(range(100))


def test_a_fold_learns_nothing_of_the_micrographs_it_is_tested_on():
    splits, images = divided()
    shared = [
        set(images[parts.test]) & set(images[np.concatenate([parts.train, parts.validation])])
        for parts in splits
    ]
    assert shared == [set()] * 5


def test_every_crystal_has_one_part_in_each_fold():
    parts = divided()[0][0]
    assert sorted([*parts.train, *parts.validation, *parts.test]) == list(range(100))


def test_more_folds_than_micrographs_are_refused():
    with pytest.raises(TrainingError, match="only 3 hold settled crystals; choose 3 folds"):
        divided(micrographs=3)


def test_by_crystal_every_fold_holds_the_classes_evenly():
    splits, _ = divided(micrographs=3, config=replace(FIVE, split="crystal"))
    assert [int((parts.test % 2).sum()) for parts in splits] == [10] * 5
    assert "too kind" in splits[0].notes[0]


def test_one_fold_is_refused():
    with pytest.raises(TrainingError, match="One fold"):
        TrainConfig(folds=1).check()


def test_only_the_last_stage_draws_curves():
    heard = []
    stage(heard.append, 0, 2, "Fold 1 of 1")(Progress(3, 30, "Epoch 3", {"loss": 1.0}))
    stage(heard.append, 1, 2, "")(Progress(3, 30, "Epoch 3", {"loss": 1.0}))
    assert [(each.done, each.total, dict(each.values)) for each in heard] == [
        (3, 60, {}),
        (33, 60, {"loss": 1.0}),
    ]
    assert heard[0].message == "Fold 1 of 1: Epoch 3"
