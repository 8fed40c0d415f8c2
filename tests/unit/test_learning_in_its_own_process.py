"""The classifier in a process of its own, as TensorFlow and torchvision crash one another."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from learning_material import examples

from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.engines.call import call
from microcrystalnet.errors import ModelError
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.model_folder import load, save
from microcrystalnet.learning.networks.released import released
from microcrystalnet.learning.networks.shapes import weight_shapes
from microcrystalnet.learning.records import FORMAT, ModelCard

LIGHT = """
import sys
import microcrystalnet.cli.classify
import microcrystalnet.engines.classifier_service
heavy = {"torch", "torchvision", "tensorflow", "keras", "sklearn", "matplotlib", "pandas"}
print(sorted(heavy & set(sys.modules)))
"""

PREDICTS = """
import sys
from pathlib import Path
import numpy as np
from microcrystalnet.learning.predict import open_classifier, predict_crops
found = predict_crops(open_classifier(Path({model!r})), np.zeros((1, 32, 32, 1), np.float32))
print(found[0, 0], "tensorflow" in sys.modules)
"""

TRAINS = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from learning_material import examples
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.train import train
folder = Path({folder!r})
(folder / "crops").mkdir()
found, labels = examples(folder / "crops")
config = TrainConfig(network="released", epochs=2)
train(found, labels, FOUR_CLASSES, config, folder / "headless")
"""


def test_everything_that_needs_tensorflow_passes_there():
    """Run every ``keras_*.py`` beside this file."""
    command = [sys.executable, "-m", "pytest", "-q", "-o", "python_files=keras_*.py"]
    here = Path(__file__).parent
    done = subprocess.run(
        [*command, str(here)], cwd=here, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_child_process_trains_the_same_classifier_as_no_child_does(tmp_path):
    found, labels = examples(tmp_path)
    heard = []
    arguments = {
        "examples": found,
        "labels": labels,
        "scheme": FOUR_CLASSES,
        "config": TrainConfig(network="released", epochs=2),
        "folder": tmp_path / "m1",
    }
    summary = call("classifier", "train", arguments, heard.append)
    assert load(tmp_path / "m1").training == summary.record
    script = TRAINS.format(tests=str(Path(__file__).parents[1]), folder=str(tmp_path))
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    headless = (tmp_path / "headless" / "weights.safetensors").read_bytes()
    assert (tmp_path / "m1" / "weights.safetensors").read_bytes() == headless
    assert [each.done for each in heard if each.values] == [1, 2]


def test_the_first_prediction_does_not_wait_for_tensorflow(tmp_path):
    network = released(32, 4)
    weights = {name: np.zeros(shape, np.float32) for name, shape in weight_shapes(network).items()}
    recipe = CropRecipe(size=32)
    codes = FOUR_CLASSES.codes
    card = ModelCard(FORMAT, "2026", network, codes, FOUR_CLASSES, recipe, 1.0, "a test")
    save(tmp_path / "m", card, weights)
    script = PREDICTS.format(model=str(tmp_path / "m"))
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["0.25", "False"]


def test_a_killed_training_leaves_the_models_as_they_were(tmp_path):
    (tmp_path / "old").mkdir()
    script = TRAINS.format(tests=str(Path(__file__).parents[1]), folder=str(tmp_path))
    killed = script.replace('"headless")', '"headless", lambda told: told.values and os._exit(9))')
    done = subprocess.run([sys.executable, "-c", f"import os{killed}"], check=False)
    assert done.returncode == 9
    assert {path.name for path in tmp_path.iterdir()} == {"old", "crops"}


def test_a_refusal_of_the_child_process_arrives_as_its_sentence(tmp_path):
    with pytest.raises(ModelError, match="train a model first"):
        call("classifier", "predict", {"model_folder": tmp_path / "none", "examples": []})


def test_no_framework_is_loaded_before_it_is_needed():
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
