"""Every figure of a model, in every format, with the numbers behind it."""

import json

import h5py
import numpy as np
import pytest
from test_learning_keras_file import write
from typer.testing import CliRunner
from window_material import CODES, add_model

from microcrystalnet.cli.app import app
from microcrystalnet.engines.classifier_service import ClassifierService
from microcrystalnet.errors import WeightsError
from microcrystalnet.learning.evaluate import metrics
from microcrystalnet.learning.feature_map import FeatureMap, density
from microcrystalnet.learning.records import Epoch
from microcrystalnet.learning.weights_file import inspect
from microcrystalnet.report.evaluation_figures import Evaluated, drawings
from microcrystalnet.report.files import OutputError

NAMES = [
    "confusion_matrix",
    "precision_recall",
    "roc",
    "calibration",
    "class_scores",
    "training_curves",
    "tsne",
    "tsne_density",
]


@pytest.fixture(scope="module")
def evaluated():
    generator = np.random.default_rng(0)
    truth = [CODES[at] for at in generator.integers(0, 4, 40)]
    table = generator.dirichlet([1] * 4, 40)
    places = generator.uniform(0, 1, (40, 2))
    ids = tuple(f"c{at}" for at in range(40))
    laid = FeatureMap(ids, tuple(truth), CODES, places, density(places, truth, CODES))
    history = [Epoch(at, 1 / at, 0.5, 1 / at, 0.4, 1e-3) for at in (1, 2)]
    return Evaluated(truth, table, metrics(truth, table, CODES), history, laid, {"RES": "#0072b2"})


def test_there_is_a_drawing_of_everything(evaluated):
    assert list(drawings(evaluated)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_is_saved_with_its_numbers(evaluated, name, tmp_path):
    table = drawings(evaluated)[name].save_as(tmp_path / f"{name}.svg")
    assert (tmp_path / f"{name}.svg").stat().st_size > 1000
    assert len(table.read_text().splitlines()) > 1


def test_the_numbers_of_the_dots_are_where_they_lie(evaluated, tmp_path):
    table = drawings(evaluated)["tsne"].save_as(tmp_path / "tsne.png")
    _, group, x, y = table.read_text().splitlines()[1].split(",")
    assert (group, float(x), float(y)) == (evaluated.truth[0], *evaluated.feature_map.places[0])


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_the_same_figure_is_the_same_file(evaluated, tmp_path, kind, monkeypatch):
    paths = [tmp_path / f"{name}.{kind}" for name in ("one", "two")]
    for path, seconds in zip(paths, ("0", "86400"), strict=True):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
        drawings(evaluated)["class_scores"].save_as(path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_figure_of_another_kind_is_refused(evaluated, tmp_path):
    with pytest.raises(OutputError, match=r"\.svg, \.pdf, \.png"):
        drawings(evaluated)["roc"].save_as(tmp_path / "roc.bmp")


def test_the_classifiers_process_draws_them_all(evaluated, tmp_path):
    folder = ClassifierService().draw_figures(tmp_path / "figures", evaluated)
    assert len(list(folder.iterdir())) == 4 * len(NAMES)


def test_a_model_folder_is_evaluated_on_what_it_was_judged_on(tmp_path):
    judged = [("i1", "a", "RES", "RES"), ("i1", "b", "PES", "RES")]
    add_model(None, judged, folder=tmp_path / "m")
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["evaluate", str(tmp_path / "m"), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert json.loads((out / "metrics.json").read_text())["n"] == 2
    assert (out / "class_scores.csv").exists()


def test_a_file_is_described_before_it_is_imported(tmp_path):
    path = write(tmp_path / "m.h5")
    with h5py.File(path, "a") as file:
        file["model_weights/conv/conv/kernel:0"] = np.zeros((3, 3, 1, 2), np.float32)
        file["model_weights/conv/conv/bias:0"] = np.zeros(2, np.float32)
        file["model_weights/last/last/kernel:0"] = np.zeros((128, 3), np.float32)
    found = inspect(path)
    assert (found.size, found.outputs, found.parameters) == (16, 3, 20 + 128 * 3 + 3)
    assert found.layers[0] == "Convolution 3 x 3 2 kernels"
    assert found.known == ""


def test_a_file_without_all_its_weights_is_refused(tmp_path):
    with pytest.raises(WeightsError, match="cannot be used"):
        inspect(write(tmp_path / "m.h5"))
