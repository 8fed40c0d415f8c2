import sys

import numpy as np
import pytest

from microcrystalnet.errors import ModelError
from microcrystalnet.learning.inference import graph_of, open_run
from microcrystalnet.learning.networks.layers import Dense, Flatten, Network, Pool
from microcrystalnet.learning.networks.paper import paper
from microcrystalnet.learning.networks.released import released
from microcrystalnet.learning.networks.shapes import weight_shapes


def random_weights(network):
    generator = np.random.default_rng(0)
    return {
        name: generator.random(shape, np.float32) * 0.1 + 0.01
        for name, shape in weight_shapes(network).items()
    }


@pytest.fixture
def small_paper():
    return paper(16, 4, components=5, sparsity=0.3, dropout=0.5)


@pytest.fixture
def crops():
    return np.random.default_rng(1).random((3, 16, 16, 1), np.float32)


def test_probabilities_come_without_tensorflow(small_paper, crops):
    found = open_run(small_paper, random_weights(small_paper))(crops)
    assert found.sum(1) == pytest.approx(1)
    assert "tensorflow" not in sys.modules


def test_the_graph_is_valid_onnx(small_paper):
    import onnx

    onnx.checker.check_model(graph_of(small_paper, random_weights(small_paper)), full_check=True)


def test_the_shapes_are_those_of_the_released_network():
    sizes = [np.prod(shape) for shape in weight_shapes(released(64, 4)).values()]
    assert sum(sizes) == 287_156


def test_a_weight_of_another_shape_is_named(small_paper):
    weights = random_weights(small_paper) | {"logits/bias": np.zeros(3, np.float32)}
    with pytest.raises(ModelError, match=r"logits/bias have shape \(3,\).*needs \(4,\)"):
        open_run(small_paper, weights)


def test_a_left_over_weight_is_named(small_paper):
    weights = random_weights(small_paper) | {"odd/bias": np.zeros(3, np.float32)}
    with pytest.raises(ModelError, match="odd/bias"):
        open_run(small_paper, weights)


def test_pools_that_leave_nothing_of_a_crop_are_refused():
    network = Network("odd", 8, (Pool("p", 8), Pool("q", 8), Flatten("f"), Dense("logits", 2)))
    with pytest.raises(ModelError, match="do not fit crops of 8 pixels"):
        weight_shapes(network)


def test_a_dense_layer_on_a_map_is_refused():
    with pytest.raises(ModelError, match="do not fit"):
        weight_shapes(Network("odd", 8, (Dense("logits", 2),)))
