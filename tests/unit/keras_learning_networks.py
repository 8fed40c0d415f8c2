from pathlib import Path

import numpy as np
import pytest

from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import ModelError, WeightsError
from microcrystalnet.learning.imported import import_weights
from microcrystalnet.learning.model_folder import load
from microcrystalnet.learning.networks.build import build, get_weights, scores, set_weights
from microcrystalnet.learning.networks.layers import Convolution, Dense, Flatten, Network, Pool
from microcrystalnet.learning.networks.nsr import Nsr
from microcrystalnet.learning.networks.paper import paper
from microcrystalnet.learning.networks.released import released
from microcrystalnet.learning.predict import open_classifier, predict_crops

RELEASED = Path(__file__).parents[3] / "shared" / "data" / "published" / "mcn_run1.h5"
needs_released = pytest.mark.skipif(
    not RELEASED.exists(), reason="the released weights are not on this machine"
)


@pytest.fixture(scope="module")
def small_paper():
    return paper(16, 4, components=5, sparsity=0.3, dropout=0.5)


@pytest.fixture
def crops():
    return np.random.default_rng(0).random((12, 16, 16, 1), np.float32)


def test_the_released_network_has_its_published_number_of_parameters():
    assert build(released(64, 4)).count_params() == 287_156


def test_the_papers_network_has_four_blocks_of_growing_filters():
    model = build(paper(64, 4, components=256, sparsity=0.3, dropout=0.5))
    shapes = [model.get_layer(f"block{number}_conv").kernel.shape for number in range(1, 5)]
    assert [tuple(shape) for shape in shapes] == [
        (3, 3, 1, 32),
        (3, 3, 32, 64),
        (5, 5, 64, 128),
        (7, 7, 128, 128),
    ]


def test_statistics_and_basis_are_stored_but_not_trained(small_paper):
    model = build(small_paper)
    trained = {variable.path for variable in model.trainable_variables}
    stored = {"nsr_standardise/moving_mean", "nsr_components/kernel"}
    assert stored <= set(get_weights(model))
    assert not stored & trained


def test_weights_survive_being_taken_out_and_put_back(small_paper, crops):
    one, two = build(small_paper), build(small_paper)
    set_weights(two, get_weights(one))
    assert np.array_equal(one(crops), two(crops))


def test_a_missing_weight_is_named(small_paper):
    model = build(small_paper)
    weights = get_weights(model)
    del weights["logits/bias"]
    with pytest.raises(ModelError, match="logits/bias"):
        set_weights(model, weights)


def test_a_weight_that_is_no_number_is_refused(small_paper):
    model = build(small_paper)
    weights = get_weights(model) | {"logits/bias": np.full(4, np.nan, np.float32)}
    with pytest.raises(ModelError, match="not numbers"):
        set_weights(model, weights)


def test_layers_that_do_not_fit_their_crops_are_refused():
    network = Network("odd", 8, (Pool("p", 8), Pool("q", 8), Flatten("f"), Dense("logits", 2)))
    with pytest.raises(ModelError, match="8 pixels"):
        build(network)


def test_the_selection_follows_z_scores_and_components(small_paper, crops):
    model = build(small_paper)
    nsr = Nsr(model, small_paper)
    features = np.asarray(nsr.features(crops))
    nsr.fit(features)
    found = np.asarray(_until(model, "nsr_components")(crops))
    assert found.mean(0) == pytest.approx(0, abs=1e-3)
    correlation = np.corrcoef(found.T)
    assert correlation == pytest.approx(np.eye(5), abs=1e-2)


def test_fitting_the_basis_again_changes_no_score(small_paper, crops):
    model = build(small_paper)
    nsr = Nsr(model, small_paper)
    features = np.asarray(nsr.features(crops))
    nsr.fit(features)
    model.get_layer("nsr_selection").kernel.assign([0.5, 0, 2, 1, 3])
    before = np.asarray(scores(model)(crops))
    nsr.fit(features)
    assert nsr.selected == 5
    assert np.asarray(scores(model)(crops)) == pytest.approx(before, abs=1e-2)


def small_paper_with(*parts):
    return paper(16, 4, components=5, sparsity=0.3, dropout=0.5, nsr=parts)


def test_without_the_nsr_block_features_go_straight_to_the_dense_layers():
    names = {layer.name for layer in small_paper_with().layers}
    assert not {"nsr_standardise", "nsr_components", "nsr_selection"} & names


@pytest.mark.parametrize("parts", [("pca", "l1"), ("z-score", "l1"), ("z-score", "pca"), ("l1",)])
def test_the_nsr_block_works_with_a_part_left_out(parts, crops):
    network = small_paper_with(*parts)
    model = build(network)
    nsr = Nsr(model, network)
    nsr.fit(np.asarray(nsr.features(crops)))
    nsr.shrink(0.5)
    assert np.isfinite(np.asarray(model(crops))).all()
    assert (nsr.explained is None) == ("pca" not in parts)


def test_without_its_penalty_the_selection_keeps_every_component(crops):
    network = small_paper_with("z-score", "pca")
    nsr = Nsr(build(network), network)
    nsr.fit(np.asarray(nsr.features(crops)))
    nsr.shrink(3.0)
    assert nsr.selected == nsr.size


@needs_released
def test_the_released_weights_predict_what_keras_predicts(tmp_path):
    import keras

    crops = np.random.default_rng(0).random((20, 64, 64, 1), np.float32)
    import_weights(RELEASED, tmp_path / "m", FOUR_CLASSES)
    ours = predict_crops(open_classifier(tmp_path / "m"), crops)
    theirs = keras.models.load_model(RELEASED, compile=False).predict(crops, verbose=0)
    assert ours == pytest.approx(theirs, abs=1e-5)


@needs_released
def test_the_class_order_of_released_weights_is_not_guessed(tmp_path):
    card = import_weights(RELEASED, tmp_path / "m", FOUR_CLASSES)
    assert card.classes == ("class 1", "class 2", "class 3", "class 4")
    with pytest.raises(ModelError, match="is unknown; import its file again"):
        load(tmp_path / "m", FOUR_CLASSES)


@needs_released
def test_a_given_class_order_puts_each_output_in_its_place(tmp_path):
    crops = np.random.default_rng(0).random((20, 64, 64, 1), np.float32)
    order = ["amorphous", "rhombic", "PES", "SA"]
    import_weights(RELEASED, tmp_path / "plain", FOUR_CLASSES)
    import_weights(RELEASED, tmp_path / "named", FOUR_CLASSES, order)
    plain = predict_crops(open_classifier(tmp_path / "plain"), crops)
    named = predict_crops(open_classifier(tmp_path / "named", FOUR_CLASSES), crops)
    assert named == pytest.approx(plain[:, [1, 2, 0, 3]], abs=1e-6)


@needs_released
def test_a_class_order_that_names_a_class_twice_is_refused(tmp_path):
    with pytest.raises(WeightsError, match="RES, PES, AA, SA"):
        import_weights(RELEASED, tmp_path / "m", FOUR_CLASSES, ["RES", "RES", "AA", "SA"])


def test_a_convolution_without_padding_shrinks_the_map():
    network = Network(
        "n", 8, (Convolution("c", 2, 3, "relu", "valid", 2), Flatten("f"), Dense("logits", 2))
    )
    assert tuple(build(network).get_layer("c").output.shape[1:]) == (3, 3, 2)


def _until(model, name):
    import keras

    return keras.Model(model.input, model.get_layer(name).output)
