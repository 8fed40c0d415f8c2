import numpy as np
import pytest
from explain_material import SIDE, bright_left, classifier_of, two_sided
from learning_material import material

from microcrystalnet.errors import ModelError
from microcrystalnet.explain.attribution import METHODS
from microcrystalnet.explain.sanity import SanityCheck, check_sanity, randomised, rank_correlation
from microcrystalnet.learning.networks.build import get_weights
from microcrystalnet.learning.networks.paper import paper


@pytest.mark.parametrize("method", METHODS)
def test_every_method_forgets_with_the_network(method):
    crops = material(2).crops[:, :SIDE, :SIDE]
    assert check_sanity(two_sided(), crops, "A", method).passed


def test_a_map_that_ignores_the_network_does_not_pass():
    assert not SanityCheck("edges", 1.0).passed


def test_shuffling_keeps_the_classifier_as_it_was():
    classifier = two_sided()
    before = get_weights(classifier.model)
    randomised(classifier, np.random.default_rng(0))
    after = get_weights(classifier.model)
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_stored_statistics_and_basis_are_not_shuffled():
    classifier = classifier_of(paper(SIDE, 2, components=5, sparsity=0.3, dropout=0.5))
    old = get_weights(classifier.model)
    new = get_weights(randomised(classifier, np.random.default_rng(0)).model)
    assert np.array_equal(old["nsr_components/kernel"], new["nsr_components/kernel"])
    assert not np.array_equal(old["logits/kernel"], new["logits/kernel"])


def test_the_check_gives_the_same_answer_twice():
    crops = material(2).crops[:, :SIDE, :SIDE]
    assert check_sanity(two_sided(), crops, "A") == check_sanity(two_sided(), crops, "A")


def test_a_check_without_crystals_is_refused():
    with pytest.raises(ModelError, match="at least one crop"):
        check_sanity(two_sided(), bright_left(0), "A")


def test_equal_maps_are_wholly_alike():
    values = np.random.default_rng(0).random((4, 4))
    assert rank_correlation(values, values) == pytest.approx(1)


def test_an_empty_map_is_unlike_any_other():
    assert rank_correlation(np.zeros((4, 4)), np.eye(4)) == 0
