import gc
import weakref

import numpy as np
import pytest
from explain_material import HALF, SIDE, bright_left, classifier_of, two_sided, without_convolutions

from microcrystalnet.errors import ModelError
from microcrystalnet.explain.attribution import METHODS, attribute
from microcrystalnet.explain.gradient import slopes
from microcrystalnet.explain.integrated import _mean_slope
from microcrystalnet.learning.networks.build import get_weights, set_weights
from microcrystalnet.learning.networks.paper import paper
from microcrystalnet.progress import CancelledError

every_method = pytest.mark.parametrize("method", METHODS)


@pytest.fixture(scope="module")
def classifier():
    return two_sided()


@pytest.fixture(scope="module")
def deep():
    """The paper's network with random weights."""
    import keras

    keras.utils.set_random_seed(0)
    return classifier_of(paper(SIDE, 2, components=5, sparsity=0.3, dropout=0.5))


@every_method
def test_a_map_is_shaped_like_the_crop(classifier, method):
    maps = attribute(classifier, bright_left(3), "A", method)
    assert maps.shape == (3, SIDE, SIDE)
    assert maps.dtype == np.float32


@every_method
def test_a_map_of_any_grey_is_finite(deep, method):
    crops = np.random.default_rng(0).random((2, SIDE, SIDE, 1), np.float32)
    assert np.isfinite(attribute(deep, crops, "A", method)).all()


@every_method
def test_a_map_of_one_grey_everywhere_is_finite(deep, method):
    crops = np.zeros((1, SIDE, SIDE, 1), np.float32)
    assert np.isfinite(attribute(deep, crops, "A", method)).all()


@every_method
def test_asking_twice_gives_the_same_map(deep, method):
    crops = np.random.default_rng(0).random((2, SIDE, SIDE, 1), np.float32)
    once, twice = (attribute(deep, crops, "A", method) for _ in range(2))
    assert np.array_equal(once, twice)


@every_method
def test_a_map_does_not_depend_on_the_other_crops(deep, method):
    crops = np.random.default_rng(0).random((3, SIDE, SIDE, 1), np.float32)
    together, alone = attribute(deep, crops, "B", method), attribute(deep, crops[2:], "B", method)
    assert together[2] == pytest.approx(alone[0], rel=1e-3, abs=1e-5)


@every_method
def test_a_map_follows_its_target(classifier, method):
    left, right = np.abs(attribute(classifier, bright_left(2), ["A", "B"], method))
    assert left[:, :HALF].sum() > 10 * left[:, HALF:].sum()
    assert right[:, HALF:].sum() > 10 * right[:, :HALF].sum()


@every_method
def test_no_crop_gives_no_map(classifier, method):
    assert attribute(classifier, bright_left(0), "A", method).shape == (0, SIDE, SIDE)


@every_method
def test_a_class_the_model_does_not_know_is_refused(classifier, method):
    with pytest.raises(ModelError, match="XYZ"):
        attribute(classifier, bright_left(), "XYZ", method)


@every_method
def test_explaining_can_be_cancelled(classifier, method):
    def cancel(progress):
        raise CancelledError

    with pytest.raises(CancelledError):
        attribute(classifier, bright_left(), "A", method, cancel)


def test_an_unknown_method_is_refused_with_those_there_are(classifier):
    with pytest.raises(ModelError, match="“lime”; choose one of saliency, smoothgrad, integrated"):
        attribute(classifier, bright_left(), "A", "lime")


def test_fewer_classes_than_crops_are_refused(classifier):
    with pytest.raises(ModelError, match="1 classes were asked for 2 crops"):
        attribute(classifier, bright_left(2), ["A"])


def test_the_integrated_gradients_sum_to_the_change_of_the_score(deep):
    crops = np.random.default_rng(0).random((4, SIDE, SIDE, 1), np.float32)
    classes = np.asarray([0, 1, 0, 1], np.int32)
    total = attribute(deep, crops, ["A", "B", "A", "B"], "integrated").sum((1, 2))
    change = slopes(deep, crops, classes)[0] - slopes(deep, crops * 0, classes)[0]
    assert total == pytest.approx(change, rel=0.0101, abs=1e-4)


def test_steps_are_added_until_the_sum_is_right(classifier):
    values = attribute(classifier, bright_left(1), "A", "integrated")[0]
    assert values[:, :HALF] == pytest.approx(0.3, rel=0.01)  # 0.9 less the threshold of 0.6


def test_integrated_gradients_that_do_not_add_up_are_refused(classifier, monkeypatch):
    monkeypatch.setattr("microcrystalnet.explain.integrated.STEPS", (2,))
    with pytest.raises(ModelError, match="after 2 steps; use another method"):
        attribute(classifier, bright_left(1), "A", "integrated")


def test_a_sum_of_values_that_nearly_cancel_is_mended(monkeypatch):
    monkeypatch.setattr("microcrystalnet.explain.integrated.STEPS", (301,))
    crop = bright_left(1)
    balanced = balance(two_sided())
    total = attribute(balanced, crop, "A", "integrated").sum()
    zero, one = slopes(balanced, np.concatenate([crop * 0, crop]), np.zeros(2, np.int32))[0]
    assert total == pytest.approx(one - zero, rel=1e-3)


def test_a_sum_that_more_steps_put_right_is_not_mended():
    crop, balanced = bright_left(1), balance(two_sided(), 0.9)
    found = attribute(balanced, crop, "A", "integrated")[0]
    slope = _mean_slope(balanced, crop[0], np.int32(0), 2048, lambda: None)
    assert found == pytest.approx(crop[0, ..., 0] * slope, rel=1e-5)


def balance(classifier, against=0.99):
    """Let the right half speak against A nearly as much as the left half speaks for it."""
    weights = get_weights(classifier.model)
    kernel = weights["logits/kernel"].reshape(SIDE, SIDE, 2, 2)
    kernel[:, HALF:, 1, 0] = against
    set_weights(classifier.model, weights | {"logits/kernel": kernel.reshape(-1, 2)})
    return classifier


def test_a_pixel_that_speaks_against_the_class_is_negative(classifier):
    assert attribute(classifier, bright_left(1), "B", "integrated").min() < 0


def test_saliency_is_smoothed_by_noise(classifier):
    crops = bright_left(1) * 0.67
    assert np.unique(attribute(classifier, crops, "A", "smoothgrad")).size > 2


def test_every_block_has_a_class_map_of_its_own(deep):
    crops = np.random.default_rng(0).random((1, SIDE, SIDE, 1), np.float32)
    maps = [attribute(deep, crops, "A", "gradcam", block=number) for number in (1, 2, 3, 4)]
    assert len({each.tobytes() for each in maps}) == 4


def test_the_last_block_is_looked_into_unless_another_is_named(deep):
    crops = np.random.default_rng(0).random((1, SIDE, SIDE, 1), np.float32)
    last = attribute(deep, crops, "A", "gradcam")
    assert np.array_equal(last, attribute(deep, crops, "A", "gradcam", block=4))


def test_a_block_means_nothing_to_the_other_methods(classifier):
    with pytest.raises(ModelError, match="Only gradcam"):
        attribute(classifier, bright_left(), "A", "integrated", block=1)


def test_a_model_without_convolutions_has_no_gradcam():
    with pytest.raises(ModelError, match="choose gradient saliency, SmoothGrad or integrated"):
        attribute(without_convolutions(), bright_left(), "A", "gradcam")


def test_a_model_without_convolutions_still_has_a_saliency():
    assert attribute(without_convolutions(), bright_left(1), "A").any()


@pytest.mark.parametrize("method", ["saliency", "gradcam"])
def test_a_model_that_nobody_holds_is_let_go(method):
    explained = two_sided()
    attribute(explained, bright_left(1), "A", method)
    gone = weakref.ref(explained), weakref.ref(explained.model)
    del explained
    gc.collect()
    assert [each() for each in gone] == [None, None]


def test_a_graph_is_built_once():
    explained = two_sided()
    attribute(explained, bright_left(1), "A")
    attribute(explained, bright_left(1), "B")
    assert list(explained._graphs) == ["gradient"]
