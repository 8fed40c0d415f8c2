from dataclasses import asdict

import pytest

from microcrystalnet.cli.train import with_choices
from microcrystalnet.errors import TrainingError
from microcrystalnet.learning import config
from microcrystalnet.learning.config import RANGES, TrainConfig
from napari_mcn.panels import train_form
from napari_mcn.panels.train_form import TrainForm


def test_the_form_offers_every_choice_with_its_usual_value():
    assert asdict(TrainForm()) == asdict(TrainConfig())


@pytest.mark.parametrize(
    "words", ["NETWORKS", "SPLITS", "TARGETS", "BALANCES", "OPTIMIZERS", "NSR_PARTS"]
)
def test_the_form_offers_every_word_there_is(words):
    assert tuple(key for key, _ in getattr(train_form, words)) == getattr(config, words)


def test_the_usual_choices_are_the_papers():
    usual = TrainConfig()
    usual.check()
    assert (usual.optimizer, usual.learning_rate, usual.batch, usual.epochs) == (
        "adam",
        0.001,
        32,
        30,
    )
    assert (usual.plateau, usual.factor, usual.validation_share, usual.test_share) == (
        5,
        0.1,
        0.1,
        0.1,
    )


@pytest.mark.parametrize(("name", "field", "low", "high"), RANGES)
def test_a_choice_out_of_range_is_refused_with_its_value(name, field, low, high):
    with pytest.raises(TrainingError, match=name):
        TrainConfig(**{field: high + 1}).check()


@pytest.mark.parametrize(
    ("field", "value"),
    [("optimizer", "adagrad"), ("targets", "hard"), ("balance", "luck"), ("nsr", ("ica",))],
)
def test_an_unknown_word_is_refused_with_what_there_is(field, value):
    with pytest.raises(TrainingError, match="choose "):
        TrainConfig(**{field: value}).check()


def test_words_on_the_command_line_change_any_choice():
    words = ["patience=3", "refits=1,4", "nsr=pca", "augment=no", "jitter=0.1"]
    changed = with_choices(TrainConfig(), words)
    assert (changed.patience, changed.refits, changed.nsr, changed.augment, changed.jitter) == (
        3,
        (1, 4),
        ("pca",),
        False,
        0.1,
    )


@pytest.mark.parametrize("word", ["speed=3", "epochs=many", "augment=perhaps"])
def test_a_word_that_is_no_choice_is_refused(word):
    with pytest.raises(TrainingError, match=word.partition("=")[0]):
        with_choices(TrainConfig(), [word])
