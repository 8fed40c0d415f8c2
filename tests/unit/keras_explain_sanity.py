from itertools import pairwise

import numpy as np
import pytest
from explain_material import HALF, SIDE, bright_left, classifier_of, two_sided
from learning_material import material

from microcrystalnet.errors import ModelError
from microcrystalnet.explain.attribution import METHODS, attribute
from microcrystalnet.explain.pixel_curves import pixel_curves
from microcrystalnet.explain.sanity import Cascade, Forgotten, cascade, copied
from microcrystalnet.learning.networks.build import get_weights, set_weights
from microcrystalnet.learning.networks.paper import paper
from microcrystalnet.progress import CancelledError


@pytest.fixture(scope="module")
def deep():
    return classifier_of(paper(SIDE, 2, components=5, sparsity=0.3, dropout=0.5))


@pytest.fixture(scope="module")
def crops():
    return material(2).crops[:, :SIDE, :SIDE]


def quit_at_once(_progress):
    raise CancelledError


@pytest.mark.parametrize("method", METHODS)
def test_every_method_forgets_with_the_network(method, crops):
    generator = np.random.default_rng(1)  # of two filters, one draw in four puts both back
    assert cascade(two_sided(), crops, "A", method, generator=generator).passed


def test_a_map_that_ignores_the_network_does_not_pass():
    assert not Cascade("edges", (Forgotten("block1", 1.0, 1.0),)).passed


def test_the_network_forgets_from_its_answer_back(deep, crops):
    stages = [each.stage for each in cascade(deep, crops, "A").stages]
    assert (stages[0], stages[-1]) == ("logits", "block1")


def test_forgetting_leaves_the_classifier_as_it_was(crops):
    classifier = two_sided()
    before = get_weights(classifier.model)
    cascade(classifier, crops, "A")
    after = get_weights(classifier.model)
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_a_copy_answers_the_same(deep, crops):
    assert np.array_equal(attribute(copied(deep), crops, "A"), attribute(deep, crops, "A"))


def test_the_check_gives_the_same_answer_twice(crops):
    assert cascade(two_sided(), crops, "A") == cascade(two_sided(), crops, "A")


def test_a_check_without_crystals_is_refused():
    with pytest.raises(ModelError, match="at least one crop"):
        cascade(two_sided(), bright_left(0), "A")


def test_forgetting_can_be_cancelled(crops):
    with pytest.raises(CancelledError):
        cascade(two_sided(), crops, "A", report=quit_at_once)


@pytest.fixture(scope="module")
def one_sided():
    """Class A as long as more than half of the left is bright; nothing speaks for B but that."""
    classifier = two_sided()
    weights = get_weights(classifier.model)
    weights["logits/kernel"][:, 1] = 0
    weights["logits/bias"] = np.asarray([-0.3 * SIDE * HALF / 2, 0], np.float32)
    set_weights(classifier.model, weights)
    return classifier


@pytest.fixture
def judged(one_sided):
    def judge(values, **more):
        return pixel_curves(one_sided, bright_left(1)[0], values, "A", **more)

    return judge


def on_the_left():
    values = np.zeros((SIDE, SIDE), np.float32)
    values[:, :HALF] = 1
    return values


def test_a_map_that_finds_the_reason_beats_a_random_order(judged):
    found = judged(on_the_left())
    assert found.deletion_gain > 0.1
    assert found.insertion_gain >= 0  # blurred, the left is still bright enough for A


def test_a_map_that_points_elsewhere_does_not(judged):
    found = judged(1 - on_the_left())
    assert (found.passed, found.deletion_gain < 0, found.insertion_gain < 0) == (False, True, True)


def test_taking_pixels_away_begins_with_the_whole_crystal_and_ends_in_black(judged):
    found = judged(on_the_left())
    assert found.deletion[0] > 0.99
    assert found.deletion[-1] < 0.01


def test_bringing_all_pixels_back_gives_the_whole_crystal(judged):
    found = judged(on_the_left())
    assert found.insertion[-1] == pytest.approx(found.deletion[0])


def test_the_shares_grow_from_nothing_to_everything(judged):
    shares = judged(on_the_left()).shares
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert all(low < high for low, high in pairwise(shares))


def test_only_the_pixels_of_the_crystal_go(judged):
    inside = np.zeros((SIDE, SIDE), bool)
    inside[:, HALF:] = True
    found = judged(on_the_left(), inside=inside)
    assert found.deletion[-1] > 0.99  # the left half, which is the reason, stays


def test_a_crystal_without_a_pixel_in_its_crop_is_refused(judged):
    with pytest.raises(ModelError, match="no pixel in its crop"):
        judged(on_the_left(), inside=np.zeros((SIDE, SIDE), bool))


def test_the_curves_can_be_cancelled(judged):
    with pytest.raises(CancelledError):
        judged(on_the_left(), report=quit_at_once)
