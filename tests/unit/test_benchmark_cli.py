import numpy as np
import pytest
import tifffile

from microcrystalnet.cli.benchmark import benchmark
from microcrystalnet.cli.scene_folder import is_scene_folder, material_of_scenes
from microcrystalnet.errors import MicroCrystalError, TrainingError, UnreadableFileError
from microcrystalnet.learning.dataset import CropRecipe
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
