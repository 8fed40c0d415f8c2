"""`mcn evaluate MODEL --project`: whom the t-SNE of its features shows, and that this is noted."""

import csv

import numpy as np
import pytest
from report_project import add, empty, square
from storage_scene import reopen
from typer.testing import CliRunner
from window_material import _record

from microcrystalnet.cli.app import app
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.model_folder import save
from microcrystalnet.learning.networks.released import released
from microcrystalnet.learning.networks.shapes import weight_shapes
from microcrystalnet.learning.records import FORMAT, ModelCard


def judged_model(folder, rows):
    """Write a model of random weights that was judged on (image, crystal, truth, said)."""
    network, draw = released(32, 4), np.random.default_rng(0)
    weights = {
        name: draw.normal(0, 0.1, shape).astype(np.float32)
        for name, shape in weight_shapes(network).items()
    }
    codes, recipe = FOUR_CLASSES.codes, CropRecipe(size=32)
    record = _record(rows, "test")
    card = ModelCard(FORMAT, "2026", network, codes, FOUR_CLASSES, recipe, 1.0, "trained", record)
    save(folder, card, weights)


@pytest.fixture
def store(tmp_path, monkeypatch):
    """Twelve crystals that are open to AY, and one that AY labels blind."""
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "mirror")
    made = empty(tmp_path)
    places = [square(25 * row, 30 * col) for row in range(3) for col in range(4)]
    open_, crystals = add(made, tmp_path, "a.tif", places)
    closed, (blind,) = add(made, tmp_path, "b.tif", [square(30, 30)], offset=1)
    made.rounds.open([closed], ["AY", "MK"])
    rows = [*((open_, each, "RES", "PES") for each in crystals), (closed, blind, "SA", "RES")]
    judged_model(tmp_path / "model", rows)
    made.flush()
    yield made
    made.close()


def test_crystals_that_one_labels_blind_are_left_out_and_the_others_told(store, tmp_path):
    words = ["evaluate", tmp_path / "model", "--project", store.folder, "--expert", "AY"]
    done = CliRunner().invoke(app, [*map(str, words), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    with (tmp_path / "out" / "tsne.csv").open() as file:
        drawn = {row["crystal"] for row in csv.DictReader(file)}
    again = reopen(store)
    first, second = again.state.micrographs
    assert drawn == set(again.state.crystals(first))
    said = [again.label(each, Answer("RES")).assist for each in drawn]
    assert said == ["prediction"] * 12
    assert again.label(next(iter(again.state.crystals(second))), Answer("RES")).assist == "none"
    again.close()
