"""What `mcn predict` warns of, without TensorFlow."""

import csv
import json
from types import SimpleNamespace

import numpy as np
import pytest
import tifffile
import typer
from report_project import add, empty, square
from storage_scene import reopen
from typer.testing import CliRunner

from microcrystalnet.cli.predict import predict
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.familiar import CUT_ELSEWHERE, CUT_HERE, cut_otherwise
from microcrystalnet.learning.model_folder import save
from microcrystalnet.learning.networks.released import released
from microcrystalnet.learning.networks.shapes import weight_shapes
from microcrystalnet.learning.records import FORMAT, ModelCard


@pytest.fixture
def table(tmp_path):
    tifffile.imwrite(tmp_path / "c.tif", np.arange(256, dtype=np.uint8).reshape(16, 16))
    (tmp_path / "crops.csv").write_text("path,image\nc.tif,i\n")
    return tmp_path / "crops.csv"


def model(folder, recipe):
    network, codes = released(32, 4), FOUR_CLASSES.codes
    weights = {name: np.zeros(shape, np.float32) for name, shape in weight_shapes(network).items()}
    card = ModelCard(FORMAT, "2026", network, codes, FOUR_CLASSES, recipe, 1.0, "a test")
    save(folder, card, weights)
    return folder


@pytest.mark.parametrize(("masked", "warnings"), [(True, [CUT_ELSEWHERE]), (False, [])])
def test_crops_that_were_made_otherwise_than_the_models_are_told(tmp_path, table, masked, warnings):
    app = typer.Typer()
    app.command()(predict)
    folder = model(tmp_path / "m", CropRecipe(size=32, masked=masked))
    done = CliRunner().invoke(app, [str(folder), str(table), "--out", str(tmp_path / "p.csv")])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["warnings"] == warnings


@pytest.mark.parametrize(
    ("masked", "training", "said"),
    [(True, "some", ()), (False, "some", (CUT_HERE,)), (False, None, ())],
)
def test_a_model_of_a_table_says_so_where_crystals_are_cut_out_of_micrographs(
    masked, training, said
):
    card = SimpleNamespace(recipe=CropRecipe(masked=masked), training=training)
    assert cut_otherwise(card) == said


@pytest.fixture
def half_blind(tmp_path, monkeypatch):
    """A project of two micrographs, of which AY, who sits here, labels one blind."""
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "computer")
    monkeypatch.setattr("getpass.getuser", lambda: "AY")
    store = empty(tmp_path)
    closed, _ = add(store, tmp_path, "a.tif", [square(30, 30)])
    _, shown = add(store, tmp_path, "b.tif", [square(30, 30)], offset=1)
    store.rounds.open([closed], ["AY", "MK"])
    yield store, shown
    store.close()


def predicted(folder, tmp_path, *options):
    app = typer.Typer()
    app.command()(predict)
    where = tmp_path / "m"
    if not where.exists():
        model(where, CropRecipe(size=32))
    arguments = [str(where), str(folder), "--out", str(tmp_path / "p.csv"), *options]
    done = CliRunner().invoke(app, arguments)
    return done.exception


def test_what_one_labels_blind_is_not_predicted(half_blind, tmp_path):
    store, shown = half_blind
    store.flush()
    assert predicted(store.folder, tmp_path) is None
    with (tmp_path / "p.csv").open() as file:
        assert [row["crystal"] for row in csv.DictReader(file)] == shown


def test_what_one_says_after_looking_at_predictions_is_recorded_as_assisted(half_blind, tmp_path):
    store, (shown,) = half_blind
    store.flush()
    assert predicted(store.folder, tmp_path, "--expert", "BK") is None
    assert predicted(store.folder, tmp_path) is None
    again = reopen(store)
    mine = again.label(shown, Answer("RES")).assist
    again.become("BK")
    theirs = again.label(shown, Answer("RES")).assist
    again.become("CL")
    assert (mine, theirs, again.label(shown, Answer("RES")).assist) == (
        *("prediction", "prediction"),
        "none",
    )
    again.close()


def test_who_labels_everything_blind_is_told_when_predictions_open(half_blind, tmp_path):
    store, _ = half_blind
    store.rounds.open(list(store.state.micrographs), ["AY", "MK"])
    store.flush()
    assert "AY labels every crystal of this project blind" in str(predicted(store.folder, tmp_path))
