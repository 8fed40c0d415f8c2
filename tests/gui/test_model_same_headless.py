"""A model trained by the button and one trained by `mcn train` are the same model."""

import subprocess
import sys

import numpy as np
import pytest
from fakes import FakeClient
from window_material import settle

from microcrystalnet.engines.call import call
from microcrystalnet.learning.config import TrainConfig
from napari_mcn.controllers.model_controller import ModelController
from napari_mcn.panels.model_panel import ModelPanel, TrainForm

GRID = tuple((4 * row, 5 * col) for row in range(3) for col in range(4))
MCN = [sys.executable, "-c", "from microcrystalnet.cli.app import run; run()"]


@pytest.fixture
def asked(qtbot, store, outline, session, busy, workbench):
    """What the window sends to the classifier's process when its button is pressed."""
    settle(store, outline(places=GRID), ["RES", "PES"] * 6)
    panel, classifier = ModelPanel(), FakeClient()
    qtbot.addWidget(panel)
    controller = ModelController(panel, session, classifier, busy=busy, owner=workbench)
    controller.train(TrainForm(network="released", epochs=2, seed=7))
    yield classifier.last.arguments
    controller.close()


def test_the_window_and_the_command_line_train_the_same_model(asked, store, tmp_path):
    store.flush(60)
    headless = tmp_path / "headless"
    options = ["--network", "released", "--epochs", "2", "--seed", "7", "--out", str(headless)]
    trained = call("classifier", "train", asked)
    subprocess.run([*MCN, "train", str(store.folder), *options], check=True, capture_output=True)
    one, other = (predicted(folder, asked) for folder in (trained.folder, headless))
    assert np.ptp(one, axis=0).max() > 0
    assert one == pytest.approx(other, abs=1e-6)


def test_the_button_trains_as_the_command_line_does_by_default(asked):
    assert asked["config"] == TrainConfig(network="released", epochs=2, seed=7)


def predicted(folder, asked):
    arguments = {"model_folder": folder, "examples": asked["examples"]}
    return np.array([each.probabilities for each in call("classifier", "predict", arguments)])
