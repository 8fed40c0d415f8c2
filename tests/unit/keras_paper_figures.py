"""All figures of a paper from a small project, in a process that may load TensorFlow."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from learning_material import SIZE, material
from report_project import labelled
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.examples import examples_of
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.predict import predict
from microcrystalnet.learning.train import train_crops


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """What `mcn figures` wrote, and where."""
    home = tmp_path_factory.mktemp("figures")
    store = labelled(home)
    _, folder = store.new_model_folder()
    config = TrainConfig(network="released", epochs=1)
    train_crops(material(), FOUR_CLASSES, CropRecipe(size=SIZE), config, folder)
    for image_id in store.state.micrographs:
        store.write_predictions(
            folder.name, image_id, predict(folder, examples_of(store, [image_id]))
        )
    store.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        command = ["figures", str(store.folder), "--out", str(home / "out")]
        done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    return home / "out", json.loads(done.stdout)


def rows(path):
    with path.open() as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["activation_maps", "saliency", "class_map_a"])
@pytest.mark.parametrize("kind", ["svg", "pdf", "png", "csv"])
def test_every_figure_comes_in_every_kind(drawn, name, kind):
    assert (drawn[0] / f"{name}.{kind}").stat().st_size > 100


def test_the_list_says_which_is_figure_8(drawn):
    known = {row["figure"]: row["paper"] for row in rows(drawn[0] / "figures.csv")}
    assert known["class_map_a"] == "Figure 8"


@pytest.mark.parametrize("name", ["activation_maps", "saliency"])
def test_a_colour_bar_says_that_panels_have_their_own_scale(drawn, name):
    words = (drawn[0] / f"{name}.svg").read_text()
    assert "each panel has its own scale" in words and ">highest<" in words


def test_a_figure_that_cannot_be_drawn_is_named_with_its_reason(drawn):
    known = {row["figure"]: row["files"] for row in rows(drawn[0] / "figures.csv")}
    assert known["tsne"].startswith("left out: t-SNE needs 10 crystals or more, but there are 2")


def test_the_table_of_activations_has_every_block_of_every_class(drawn):
    found = rows(drawn[0] / "activation_maps.csv")
    assert [(row["class"], row["block"]) for row in found] == [
        (code, str(block)) for code in ("RES", "SA") for block in (1, 2, 3)
    ]
    assert np.isfinite([float(row["mean"]) for row in found]).all()


def test_the_errors_by_agreement_are_among_the_files_where_known(drawn):
    names = {Path(path).name for path in drawn[1]["files"]}
    assert {"figures.csv", "tsne.csv"} & names == {"figures.csv"}
