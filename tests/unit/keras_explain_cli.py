"""`mcn explain` on a project and a table: maps, figures, scores and checks."""

import csv
import json
import os
import shutil
import sys

import numpy as np
import pytest
import tifffile
import typer
from learning_material import SIZE, examples, material
from typer.testing import CliRunner

from microcrystalnet.cli import explain
from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.micrograph import PixelSize, ScaleSource
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.train import train_crops
from microcrystalnet.micrographs.reader import describe
from microcrystalnet.report.files import OutputError
from microcrystalnet.storage.project_store import ProjectStore


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A model, and a project of one calibrated micrograph with three crystals."""
    place = tmp_path_factory.mktemp("explain")
    config = TrainConfig(network="released", epochs=2)
    train_crops(material(), FOUR_CLASSES, CropRecipe(size=SIZE), config, place / "model")
    crystals, _ = examples(place, count=3, micrographs=1)
    store = ProjectStore.create(place / "project", "AY", mirror_root=place / "mirror")
    image_id = store.add_micrograph(
        crystals[0].image_path, describe(crystals[0].image_path)
    ).image_id
    store.set_pixel_size(image_id, PixelSize.square(50), ScaleSource.USER)
    store.put_masks(image_id, [each.mask for each in crystals], MaskSource.AUTO)
    store.close()
    return place


@pytest.fixture
def ask(place, tmp_path, monkeypatch):
    """Run the command on the project, and give what it says and wrote."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    app = typer.Typer()
    app.command("explain")(explain.explain)

    def run(*options, source="project"):
        arguments = [str(place / "model"), str(place / source), "--out", str(tmp_path / "out")]
        return CliRunner().invoke(app, [*arguments, *options]), tmp_path / "out"

    return run


def rows_of(out):
    return list(csv.DictReader((out / "explanations.csv").open()))


def test_a_project_gives_one_calibrated_map_per_micrograph(ask):
    done, out = ask()
    assert done.exit_code == 0, done.output
    (path,) = out.glob("*_saliency.tif")
    values = tifffile.imread(path)
    assert values.shape == (SIZE, 3 * SIZE)
    assert np.isfinite(values).all()
    assert describe(path).pixel_size.nm == pytest.approx(50)
    assert path.with_suffix(".png").exists()


def test_what_the_asker_says_of_explained_crystals_is_recorded_as_assisted(ask, place, tmp_path):
    ask("--expert", "BK")
    store = ProjectStore.open(place / "project", "BK", mirror_root=tmp_path / "other")
    crystals = store.state.crystals(next(iter(store.state.micrographs)))
    said = [store.label(each, Answer("RES")).assist for each in crystals]
    store.close()
    assert said == ["saliency"] * 3


def test_every_crystal_has_a_row_of_scores(ask):
    _, out = ask("--target", "PES")
    rows = rows_of(out)
    assert {row["explained"] for row in rows} == {"PES"}
    assert len({row["crystal"] for row in rows}) == 3
    assert all(0 < float(row["outline_area"]) < 1 for row in rows)


def test_every_method_and_block_can_be_asked_for_at_once_and_checked(ask):
    done, out = ask("--all", "--sanity")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    asked = [(each["method"], each["block"]) for each in said]
    assert asked[:3] == [("saliency", None), ("smoothgrad", None), ("integrated", None)]
    assert asked[3:] == [("gradcam", 1), ("gradcam", 2), ("gradcam", 3)]
    assert json.loads((out / "sanity.json").read_text()) == said
    assert all(len(each["words"]) >= 2 for each in said)
    assert (out / "sanity_forgetting.png").exists()
    assert (out / "sanity_gradcam2_pixels.png").exists()
    assert len(rows_of(out)) == 3 * 6


def test_figures_are_written_in_the_format_that_is_asked_for(ask):
    _, out = ask("--format", "svg", "--sanity")
    assert {each.name for each in out.glob("*.svg")} >= {
        "sanity_forgetting.svg",
        "sanity_saliency_pixels.svg",
    }
    assert len(list(out.glob("*_saliency.svg"))) == 1
    assert not list(out.glob("*.png"))


def test_crops_of_a_table_have_figures_in_that_format_too(ask, place):
    tifffile.imwrite(place / "crop.tif", np.zeros((SIZE, SIZE), np.uint8))
    (place / "crops.csv").write_text("path,image\ncrop.tif,chip\n")
    _, out = ask("--format", "pdf", source="crops.csv")
    (figure,) = out.glob("*.pdf")
    assert figure.read_bytes().startswith(b"%PDF")


def test_a_format_that_is_not_there_is_refused(ask):
    done, out = ask("--format", "bmp")
    assert "“bmp”; choose png, svg or pdf" in str(done.exception)
    assert not out.exists()


def test_a_block_that_is_not_there_is_refused(ask):
    done, _ = ask("--method", "gradcam", "--block", "9")
    assert isinstance(done.exception, MicroCrystalError)
    assert "choose one from 1 to 3" in str(done.exception)


def test_a_project_without_crystals_is_no_error_but_cannot_be_checked(ask, place):
    empty = place / "empty"
    ProjectStore.create(empty, "AY", mirror_root=place / "mirror").close()
    assert ask(source="empty")[0].exit_code == 0
    done, _ = ask("--sanity", source="empty")
    assert "at least one crop" in str(done.exception)


def test_a_micrograph_without_crystals_has_no_map(ask, place):
    tifffile.imwrite(place / "bare.tif", np.zeros((SIZE, SIZE), np.uint8))
    store = ProjectStore.create(place / "bare", "AY", mirror_root=place / "mirror")
    store.add_micrograph(place / "bare.tif", describe(place / "bare.tif"))
    store.close()
    done, out = ask(source="bare")
    assert (done.exit_code, [each.name for each in out.iterdir()]) == (0, ["explanations.csv"])


def test_a_folder_that_cannot_be_made_is_refused(ask, tmp_path):
    (tmp_path / "out").write_text("in the way")
    done, _ = ask()
    assert isinstance(done.exception, OutputError)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take only text for names")
def test_a_name_that_is_no_text_is_written_escaped(ask, tmp_path):
    crystals, _ = examples(tmp_path, count=1, micrographs=1)
    image = tmp_path / os.fsdecode(b"caf\xe9.tif")
    shutil.copy(crystals[0].image_path, image)
    store = ProjectStore.create(tmp_path / "cafe", "AY", mirror_root=tmp_path / "mirror")
    known = store.add_micrograph(image, describe(image))
    store.put_masks(known.image_id, [crystals[0].mask], MaskSource.AUTO)
    store.close()
    said, out = ask(source=tmp_path / "cafe")
    names = sorted(path.name for path in out.glob("caf*"))
    assert said.exit_code == 0
    assert names == [f"caf_xe9_{known.image_id[:6]}_saliency.{kind}" for kind in ("png", "tif")]
