import csv
import json
import shutil

import numpy as np
import pytest
import tifffile
import typer
from learning_material import CODES, material
from typer.testing import CliRunner

from microcrystalnet.cli import explain, predict, train
from microcrystalnet.errors import MicroCrystalError


@pytest.fixture(scope="module")
def app():
    app = typer.Typer()
    app.command("train")(train.train)
    app.command("search")(train.search)
    app.command("predict")(predict.predict)
    app.command("explain")(explain.explain)
    return app


@pytest.fixture(scope="module")
def folder(app, tmp_path_factory):
    """Crops as files, their table, and a model trained on them."""
    folder = tmp_path_factory.mktemp("crops")
    crops = material()
    table = ["path,image,label"]
    for name, image, label, crop in zip(
        crops.names, crops.images, crops.labels, crops.crops, strict=True
    ):
        tifffile.imwrite(folder / f"{name}.tif", np.rint(crop[..., 0] * 255).astype(np.uint8))
        table.append(f"{name}.tif,{image},{label}")
    (folder / "crops.csv").write_text("\n".join([*table, "c0.tif,i0,unclear"]))
    options = ["--out", str(folder / "model"), "--network", "released", "--epochs", "2"]
    done = CliRunner().invoke(app, ["train", str(folder / "crops.csv"), *options])
    assert done.exit_code == 0, done.output
    (folder / "train.json").write_text(done.stdout)
    return folder


def test_training_tells_its_figures_as_json(folder):
    said = json.loads((folder / "train.json").read_text())
    assert said["trained"] + said["validated"] == 30
    assert set(said["metrics"]["per_class"]) == {"RES", "PES", "AA", "SA"}


def test_every_row_is_predicted(app, folder, tmp_path):
    out = tmp_path / "predictions.csv"
    arguments = [str(folder / "model"), str(folder / "crops.csv"), "--out", str(out)]
    assert CliRunner().invoke(app, ["predict", *arguments]).exit_code == 0
    rows = list(csv.DictReader(out.open()))
    assert len(rows) == 31
    assert sum(float(rows[0][f"p_{code}"]) for code in ("RES", "PES", "AA", "SA")) == pytest.approx(
        1
    )
    assert rows[0]["label"] == "RES"


def test_every_crop_is_explained_by_a_map(app, folder, tmp_path):
    arguments = [str(folder / "model"), str(folder / "crops.csv"), "--out", str(tmp_path / "maps")]
    assert CliRunner().invoke(app, ["explain", *arguments, "--target", "SA"]).exit_code == 0
    rows = list(csv.DictReader((tmp_path / "maps" / "explanations.csv").open()))
    values = tifffile.imread(tmp_path / "maps" / rows[0]["map"])
    assert len(rows) == 31
    assert values.shape == (64, 64)
    assert {row["explained"] for row in rows} == {"SA"}


def test_a_crop_is_explained_by_the_method_asked_for(app, folder, tmp_path):
    arguments = [str(folder / "model"), str(folder / "crops.csv"), "--out", str(tmp_path)]
    done = CliRunner().invoke(app, ["explain", *arguments, "--method", "gradcam", "--block", "1"])
    assert done.exit_code == 0, done.output
    first = next(csv.DictReader((tmp_path / "explanations.csv").open()))
    assert first["map"].endswith("_gradcam1.tif")
    assert tifffile.imread(tmp_path / first["map"]).shape == (64, 64)


def test_the_check_tells_whether_the_maps_depend_on_the_network(app, folder, tmp_path):
    arguments = [str(folder / "model"), str(folder / "crops.csv"), "--out", str(tmp_path)]
    done = CliRunner().invoke(app, ["explain", *arguments, "--check"])
    said = json.loads(done.stdout)
    assert said["method"] == "saliency"
    assert said["passed"] == (said["similarity"] < 0.5)


def test_an_unknown_method_is_refused_before_anything_is_read(app, tmp_path):
    done = CliRunner().invoke(
        app, ["explain", "no-model", "no.csv", "--out", str(tmp_path / "maps"), "--method", "lime"]
    )
    assert isinstance(done.exception, MicroCrystalError)
    assert "“lime”" in str(done.exception)
    assert not (tmp_path / "maps").exists()


def test_a_table_without_labels_is_no_ground_for_training(app, tmp_path):
    (tmp_path / "crops.csv").write_text("path,image,label\na.tif,i,\n")
    done = CliRunner().invoke(app, ["train", str(tmp_path / "crops.csv"), "--out", "m"])
    assert isinstance(done.exception, MicroCrystalError)
    assert "No crystal has a settled label" in str(done.exception)


def test_a_search_tries_choices_and_the_best_trains(app, folder, tmp_path):
    table, found = str(folder / "crops.csv"), tmp_path / "search"
    options = ["--set", "network=released", "--set", "epochs=1", "--set", "crop_size=16"]
    done = CliRunner().invoke(
        app, ["search", table, "--out", str(found), "--trials", "2", *options]
    )
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["trials"] == 2
    arguments = [table, "--out", str(tmp_path / "m"), "--choices", str(found / "best.json")]
    done = CliRunner().invoke(app, ["train", *arguments])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["epochs"] == 1


def test_doubtful_crystals_come_first_and_are_left_open(app, folder, tmp_path):
    out = tmp_path / "predictions.csv"
    arguments = [str(folder / "model"), str(folder / "crops.csv"), "--out", str(out)]
    done = CliRunner().invoke(app, ["predict", *arguments, "--order", "doubt", "--abstain", "1"])
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(out.open()))
    assert {row["prediction"] for row in rows} == {"unsure"}
    leads = [sorted(float(row[f"p_{code}"]) for code in CODES)[-2:] for row in rows]
    assert [last - second for second, last in leads] == sorted(
        last - second for second, last in leads
    )
    said = json.loads(done.stdout)
    assert said["n"] == said["abundance"][-1]["count"] == 31


def test_crystals_that_were_learnt_from_are_marked(app, folder, tmp_path):
    out = tmp_path / "predictions.csv"
    CliRunner().invoke(
        app, ["predict", str(folder / "model"), str(folder / "crops.csv"), "--out", str(out)]
    )
    trained = json.loads((folder / "train.json").read_text())
    rows = list(csv.DictReader(out.open()))
    known = [row["learnt_from"] for row in rows if row["label"] != "unclear"]
    assert known.count("yes") == trained["trained"] + trained["validated"]


def test_crops_that_were_moved_are_known_by_their_content(app, folder, tmp_path):
    moved = tmp_path / "elsewhere"
    shutil.copytree(folder, moved)
    out = tmp_path / "predictions.csv"
    CliRunner().invoke(
        app, ["predict", str(folder / "model"), str(moved / "crops.csv"), "--out", str(out)]
    )
    trained = json.loads((folder / "train.json").read_text())
    known = [row["learnt_from"] for row in csv.DictReader(out.open()) if row["label"] != "unclear"]
    assert known.count("yes") == trained["trained"] + trained["validated"]
