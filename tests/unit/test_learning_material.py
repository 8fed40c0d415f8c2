from dataclasses import replace

import numpy as np
import pytest
import tifffile
from learning_material import CODES, SIZE, examples, material, square

from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import TrainingError
from microcrystalnet.learning.augment import light, pose, rotations
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.dataset import CropRecipe, Example
from microcrystalnet.learning.familiar import seen_of, tiny, unfamiliar
from microcrystalnet.learning.material import (
    Teaching,
    check_taught,
    cut_material,
    judged,
    parts_of,
    stand_ins,
)
from microcrystalnet.learning.split import Split

TRUTH = np.array([0] * 9 + [1], np.int64)
PARTS = Split(np.arange(10), np.array([0, 9]), np.array([], int), "crystal")


def teaching(count, singles=0):
    """Give soft shares of two classes; the last crystals have one expert each."""
    shares = np.tile([0.8, 0.2, 0, 0], (count, 1))
    weights = np.array([1.0] * (count - singles) + [0.5] * singles)
    return Teaching(shares, weights)


def unlike(ten):
    """Give ten crops of class 0 and, last, one of class 1."""
    return replace(ten, labels=[CODES[number] for number in TRUTH])


def test_the_pages_of_one_file_are_one_field_of_view(tmp_path):
    (crystal, *_), (label, *_) = examples(tmp_path)
    tifffile.imwrite(crystal.image_path, np.zeros((2, SIZE, SIZE), np.uint8))
    pages = [
        Example("c", f"i{page}", crystal.image_path / f"page-{page}", square(0)) for page in (1, 2)
    ]
    cut = cut_material(pages, [label, label], None, CropRecipe())
    assert cut.images == ["i1", "i2"]
    assert len(set(cut.fields)) == 1


def test_rotations_bring_a_rare_class_to_eight_times_its_size_at_most():
    crystals, poses = rotations(TRUTH)
    assert list(crystals[:10]) == list(range(10))
    assert list(poses[10:]) == [1, 2, 3, 4, 5, 6, 7]
    assert set(crystals[10:]) == {9}


def test_the_eight_poses_of_a_crop_are_all_different():
    crop = np.arange(9.0).reshape(3, 3, 1)
    assert len({pose(crop, number).tobytes() for number in range(8)}) == 8


def test_rotations_are_added_to_the_training_part_alone():
    config = TrainConfig(balance="rotations")
    train, validation = parts_of(unlike(material(10)), TRUTH, PARTS, config)
    assert (len(train.truth), len(validation.truth)) == (17, 2)
    assert np.bincount(train.truth).tolist() == [9, 8]
    assert set(train.weights) == {1}


def test_rotated_crystals_keep_their_taught_shares():
    taught = replace(unlike(material(10)), teaching=teaching(10))
    train, _ = parts_of(taught, TRUTH, PARTS, TrainConfig(balance="rotations"))
    assert train.shares.shape == (17, 4)


def test_a_crystal_that_one_expert_named_counts_half():
    taught = replace(material(10), teaching=teaching(10, singles=1))
    train, _ = parts_of(taught, taught.truth(FOUR_CLASSES), PARTS, TrainConfig(balance="none"))
    assert list(train.weights) == [1] * 9 + [0.5]
    assert train.shares[0] == pytest.approx([0.8, 0.2, 0, 0])


def test_a_crystal_that_is_not_settled_is_never_judged_on():
    taught = replace(material(10), teaching=teaching(10, singles=5))
    assert list(judged(taught, np.array([3, 4, 5, 6]))) == [3, 4]


def test_labels_of_single_experts_stand_in_only_where_nothing_is_settled():
    taught = replace(material(10), teaching=teaching(10, singles=5))
    assert list(judged(taught, np.array([7, 8]))) == [7, 8]
    (said,) = stand_ins(taught, np.array([7, 8]), "to judge the network")
    assert said.startswith("None of the 2 crystals set aside to judge the network has a settled")
    assert stand_ins(taught, np.array([4, 8]), "to judge the network") == ()


def test_single_labels_alone_are_no_ground_for_training():
    with pytest.raises(TrainingError, match="No crystal has a settled label"):
        check_taught(["RES"] * 10, teaching(10, singles=10), FOUR_CLASSES)


def test_a_crop_with_nan_is_named():
    crops = material(10)
    crops.crops[3, 0, 0] = np.nan
    with pytest.raises(TrainingError, match=r"crystal c3 \(i1\).*not numbers"):
        crops.check()


def test_light_leaves_black_black_and_stays_in_range():
    crops = np.array([0, 0.5, 1], np.float32).reshape(1, 1, 3, 1)
    lit = light(np.repeat(crops, 50, 0), 0.5, np.random.default_rng(0))
    assert (lit[:, :, 0] == 0).all()
    assert lit.max() == 1
    assert lit[:, 0, 1, 0].std() > 0.05


def test_crops_like_those_of_the_training_raise_no_warning():
    crops = replace(material(40), sides_um=[1.0 + number / 40 for number in range(40)])
    assert unfamiliar(seen_of(crops), crops.crops, crops.sides_um) == ()


def test_flat_crops_of_another_size_are_warned_of():
    crops = replace(material(40), sides_um=[1.0 + number / 40 for number in range(40)])
    flat = crops.crops * np.float32(0.1)
    said = unfamiliar(seen_of(crops), flat, [5.0] * 40)
    assert [sentence.split("from those")[0] for sentence in said] == [
        "40 of 40 crystals differ in contrast ",
        "40 of 40 crystals differ in brightness ",
        "40 of 40 crystals differ in size ",
    ]
    assert "the median here is 5 µm" in said[2]


def test_crystals_of_three_pixels_are_told_of():
    assert tiny([3, 40, 41])[0].startswith("1 of 3 crystals is under 8 pixels across")
    assert tiny([8, 40]) == ()
