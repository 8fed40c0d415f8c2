import numpy as np
import pytest

from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import TrainingError
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.labels import check_labels, class_weights
from microcrystalnet.learning.networks.choose import choose


def test_nothing_settled_is_refused_with_what_to_do():
    with pytest.raises(TrainingError, match="two experts"):
        check_labels([], FOUR_CLASSES)


def test_one_class_is_refused_by_name():
    with pytest.raises(TrainingError, match="All 12 settled crystals are RES"):
        check_labels(["RES"] * 12, FOUR_CLASSES)


def test_nine_crystals_are_too_few():
    with pytest.raises(TrainingError, match="Only 9"):
        check_labels(["RES", "PES", "AA"] * 3, FOUR_CLASSES)


def test_a_label_outside_the_scheme_is_named():
    with pytest.raises(TrainingError, match="“XX”"):
        check_labels(["RES"] * 10 + ["XX"], FOUR_CLASSES)


def test_many_crystals_of_every_class_need_no_remark():
    assert check_labels(["RES", "PES", "AA", "SA"] * 10, FOUR_CLASSES) == ()


def test_a_scarce_class_is_remarked_on():
    notes = check_labels(["RES", "PES", "AA"] * 10 + ["SA"] * 3, FOUR_CLASSES)
    assert notes == ("Only 3 settled crystals are SA; label ten or more to rely on this class.",)


def test_crystals_of_a_rare_class_count_more():
    truth = np.array([0, 0, 0, 1])
    assert class_weights(truth, np.arange(4)) == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])


def test_no_crystal_counts_more_than_five_times():
    truth = np.array([0] * 99 + [1])
    assert class_weights(truth, np.arange(100)).max() == 5


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"network": "vgg"}, "no network “vgg”"),
        ({"split": "expert"}, "no split “expert”"),
        ({"epochs": 0}, "epochs is 0"),
        ({"batch": 1}, "batch size is 1"),
        ({"learning_rate": float("nan")}, "learning rate is nan"),
        ({"validation_share": 0.9}, "validation share is 0.9"),
    ],
)
def test_a_choice_that_cannot_work_is_refused(choice, sentence):
    with pytest.raises(TrainingError, match=sentence):
        TrainConfig(**choice).check()


def test_a_basis_is_never_larger_than_the_crystals_can_span():
    network = choose(TrainConfig(), size=64, classes=4, crystals=27)
    assert next(layer.units for layer in network.layers if layer.name == "nsr_components") == 26


def test_crops_too_small_for_four_halvings_are_refused():
    with pytest.raises(TrainingError, match="8 pixels"):
        choose(TrainConfig(), size=8, classes=4, crystals=100)
