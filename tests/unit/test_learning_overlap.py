"""What is learnt from and judged on as well is told by content."""

import numpy as np
import pytest

from microcrystalnet.errors import TrainingError
from microcrystalnet.learning.material import LabelledCrops
from microcrystalnet.learning.overlap import check_apart, crop_digests, twins
from microcrystalnet.learning.split import Split
from microcrystalnet.learning.train import _doubts


@pytest.fixture
def crops():
    return np.random.default_rng(0).random((6, 8, 8, 1), np.float32)


def test_equal_crops_have_equal_digests(crops):
    told = crop_digests(np.concatenate([crops, crops[:1]]))
    assert (len(set(told)), told[0]) == (6, told[6])


def test_a_micrograph_that_was_added_twice_is_told(crops):
    (said,) = twins(crops[:4], crops[3:])
    assert said.startswith("1 of the 3 crystals judged on look exactly like")
    assert twins(crops[:3], crops[3:]) == ()


def test_micrographs_are_compared_by_content_and_named(crops):
    learnt, judged = (crops[:3], {"a1": "old.tif"}), (crops[3:], {"a1": "new.tif", "b2": "b.tif"})
    with pytest.raises(TrainingError, match=r"1 of 2 micrographs .* such as new\.tif"):
        check_apart(learnt, judged)


def test_what_shares_nothing_is_left_alone(crops):
    check_apart((crops[:3], {"a1": "a.tif"}), (crops[3:], {"b2": "a.tif"}))


def test_a_training_tells_of_them(crops):
    same = np.concatenate([crops[:3], crops[:1]])
    crystals = LabelledCrops(same, list("abcd"), list("iijk"), ["RES"] * 4, "d")
    parts = Split(np.arange(2), np.array([2]), np.array([3]), "micrograph")
    assert [note[:34] for note in _doubts(crystals, parts)] == [
        "1 of the 1 crystals judged on look"
    ]
