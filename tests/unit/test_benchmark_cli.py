from dataclasses import replace

import numpy as np
import pytest
import tifffile
from learning_material import material

from microcrystalnet.cli.benchmark import benchmark
from microcrystalnet.cli.scene_folder import is_scene_folder, material_of_scenes
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import MicroCrystalError, TrainingError, UnreadableFileError
from microcrystalnet.learning.benchmark import _taught
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.course import Crystals, lay_out
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.split import LEAK, ONE_MICROGRAPH
from microcrystalnet.progress import ignore_progress

TRUTH = "image,crystal,class\ns.tif,1,RES\ns.tif,3,SA\n"


@pytest.fixture
def scenes(tmp_path):
    """A scene of two crystals, numbered 1 and 3, as `mcn synth` leaves it."""
    labels = np.zeros((20, 20), np.uint32)
    labels[2:8, 2:8], labels[10:16, 4:14] = 1, 3
    tifffile.imwrite(tmp_path / "s_labels.tif", labels)
    tifffile.imwrite(tmp_path / "s.tif", (labels * 60).astype(np.uint8))
    (tmp_path / "truth.csv").write_text(TRUTH)
    return tmp_path


def test_rendered_scenes_are_crystals_of_known_class(scenes):
    material, scheme = material_of_scenes(scenes, CropRecipe(size=16), ignore_progress)
    assert is_scene_folder(scenes)
    assert material.crops.shape == (2, 16, 16, 1)
    assert list(material.labels) == ["RES", "SA"]
    assert scheme.codes == ("RES", "PES", "AA", "SA")


def test_a_crystal_that_the_label_image_lacks_is_named(scenes):
    (scenes / "truth.csv").write_text(TRUTH + "s.tif,2,AA\n")
    with pytest.raises(UnreadableFileError, match="no crystal “2”"):
        material_of_scenes(scenes, CropRecipe(size=16), ignore_progress)


def test_an_imagenet_file_without_its_network_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(TrainingError, match="resnet50=FILE"):
        benchmark(tmp_path, tmp_path / "out", imagenet=["weights.h5"])


def test_a_scene_of_too_few_crystals_is_refused(scenes, tmp_path):
    with pytest.raises(MicroCrystalError, match="too few to compare"):
        benchmark(scenes, tmp_path / "out", networks="released")


def crystals(count=30, micrographs=3):
    return Crystals.of(material(count, micrographs), FOUR_CLASSES)


def course(learnt, judged=None, **choices):
    return lay_out(learnt, FOUR_CLASSES.codes, TrainConfig(**choices), judged)


def test_crystals_that_are_learnt_from_are_not_judged_on_under_another_name():
    some = crystals()
    mirrored = replace(some, crops=some.crops[:, ::-1].copy())
    mirrored.crops[4] = some.crops[7]
    with pytest.raises(TrainingError, match="1 of 30 crystals to be judged on are learnt from"):
        course(some, mirrored)


def test_micrographs_that_are_learnt_from_are_not_judged_on(scenes, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "s.tif").write_bytes((scenes / "s.tif").read_bytes())
    labels = np.zeros((20, 20), np.uint32)
    labels[3:9, 10:18] = 1
    tifffile.imwrite(other / "s_labels.tif", labels)
    (other / "truth.csv").write_text("image,crystal,class\ns.tif,1,RES\n")
    with pytest.raises(TrainingError, match=r"1 of 1 micrographs .* such as s\.tif; judge on"):
        benchmark(scenes, tmp_path / "out", test=other, networks="released")


def test_a_division_by_crystal_is_told_where_micrographs_are_too_few():
    assert course(crystals(60, micrographs=1)).notes == (ONE_MICROGRAPH,)
    assert course(crystals(60), split="crystal").notes == (LEAK,)
    assert course(crystals(60)).notes == ()


def test_a_second_table_is_judged_on_apart_though_the_trainings_stop_by_neighbours():
    some = crystals(60, micrographs=1)
    apart = replace(some, crops=some.crops[:, ::-1])
    (note,) = course(some, apart).notes
    assert "those judged on are apart" in note


def test_the_balance_that_was_chosen_is_taught():
    uneven = crystals(count=9)  # five of one class, four of the other
    weighed, plain = (_taught(uneven, TrainConfig(balance=each)) for each in ("weights", "none"))
    assert np.unique(weighed.weights).size == 2
    assert np.unique(plain.weights).tolist() == [1]


def test_folds_are_no_choice_of_a_comparison():
    with pytest.raises(TrainingError, match="not in 5 folds; leave folds out"):
        course(crystals(60), folds=5)
