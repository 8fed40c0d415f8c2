"""Features of the last dense layer, laid out in a plane."""

import json

import numpy as np
import pytest
from learning_material import SIZE, examples, material
from typer.testing import CliRunner

from microcrystalnet.cli.app import app
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.engines.classifier_service import ClassifierService
from microcrystalnet.errors import ModelError
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.feature_map import density, feature_map, lay_out
from microcrystalnet.learning.features import features
from microcrystalnet.learning.model_folder import count_parameters, save
from microcrystalnet.learning.model_table import row_of
from microcrystalnet.learning.networks.released import released
from microcrystalnet.learning.networks.shapes import weight_shapes
from microcrystalnet.learning.predict import open_classifier, predict_crops
from microcrystalnet.learning.records import FORMAT, ModelCard

CODES = FOUR_CLASSES.codes


@pytest.fixture
def folder(tmp_path):
    """A model whose weights were drawn, not learnt."""
    network, generator = released(SIZE, 4), np.random.default_rng(0)
    weights = {
        name: generator.normal(0, 0.1, shape).astype(np.float32)
        for name, shape in weight_shapes(network).items()
    }
    recipe = CropRecipe(size=SIZE)
    card = ModelCard(FORMAT, "2026", network, CODES, FOUR_CLASSES, recipe, 1.0, "a test")
    save(tmp_path / "m", card, weights)
    return tmp_path / "m"


def clouds(count=15):
    """Two groups of features that lie far apart."""
    generator = np.random.default_rng(0)
    return np.concatenate([generator.normal(at, 0.1, (count, 8)) for at in (0, 5)])


def test_the_last_layer_makes_the_prediction_of_the_features(folder):
    classifier, crops = open_classifier(folder), material(12).crops
    kernel, bias = (classifier.weights[f"logits/{name}"] for name in ("kernel", "bias"))
    scores = features(classifier, crops) @ kernel + bias
    powers = np.exp(scores - scores.max(1, keepdims=True))
    expected = predict_crops(classifier, crops)
    assert powers / powers.sum(1, keepdims=True) == pytest.approx(expected, abs=1e-5)


def test_the_classifiers_process_gives_the_features_of_crystals(folder, tmp_path):
    found, _ = examples(tmp_path, count=6)
    assert ClassifierService().features(folder, found).shape[0] == 6


def test_crystals_are_laid_out_with_the_class_they_belong_to(folder, tmp_path):
    found, labels = examples(tmp_path, count=12)
    made = ClassifierService().lay_out(folder, found, labels, CODES)
    assert made.crystal_ids == tuple(each.crystal_id for each in found)
    assert made.groups == tuple(labels)
    assert made.places.shape == (12, 2)


def test_the_same_seed_gives_the_same_layout():
    assert lay_out(clouds(), 3) == pytest.approx(lay_out(clouds(), 3), abs=0)


def test_what_is_alike_lies_together():
    places = lay_out(clouds())
    one, other = places[:15], places[15:]
    apart = np.linalg.norm(one.mean(0) - other.mean(0))
    assert apart > 2 * np.linalg.norm(one - one.mean(0), axis=1).mean()


def test_a_layout_fills_the_unit_square():
    places = lay_out(clouds())
    assert (places.min(), places.max()) == pytest.approx((0.05, 0.95))


def test_features_that_never_vary_are_laid_out_all_the_same():
    assert np.isfinite(lay_out(np.zeros((12, 4)))).all()


def test_too_few_crystals_are_refused_in_a_sentence():
    with pytest.raises(ModelError, match="10 crystals or more, but there are 4"):
        feature_map(np.zeros((4, 8)), list("abcd"), ["RES"] * 4, CODES)


def test_a_class_is_thickest_where_its_crystals_lie():
    places = np.array([[0.25, 0.75]] * 5 + [[0.9, 0.1]])
    layers = density(places, ["RES"] * 5 + ["PES"], ("RES", "PES", "AA"))
    row, col = np.unravel_index(layers[0].argmax(), layers[0].shape)
    assert (row / 64, col / 64) == pytest.approx((0.75, 0.25), abs=0.03)
    assert layers[2].max() == 0


def test_parameters_are_counted_without_loading_the_weights(folder):
    shapes = weight_shapes(released(SIZE, 4)).values()
    assert count_parameters(folder) == sum(int(np.prod(shape)) for shape in shapes)


def test_damaged_weights_cannot_be_counted(folder):
    (folder / "weights.safetensors").write_bytes(b"\xff" * 20)
    with pytest.raises(ModelError, match="damaged"):
        count_parameters(folder)


def test_a_model_that_was_never_judged_has_no_figures(folder):
    row = row_of(folder)
    assert (row.source, row.judged, row.accuracy) == ("a test", 0, None)


def test_models_are_compared_by_a_command(folder):
    done = CliRunner().invoke(app, ["models", str(folder)])
    assert [each["network"] for each in json.loads(done.stdout)] == ["released"]


def test_evaluating_a_model_that_was_never_judged_is_refused(folder, tmp_path):
    done = CliRunner().invoke(app, ["evaluate", str(folder), "--out", str(tmp_path / "out")])
    assert "never judged" in str(done.exception)
