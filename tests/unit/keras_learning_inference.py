import numpy as np
import pytest

from microcrystalnet.learning.inference import open_run
from microcrystalnet.learning.networks.build import build, get_weights, set_weights
from microcrystalnet.learning.networks.layers import Convolution, Dense, Flatten, Network, Pool
from microcrystalnet.learning.networks.paper import paper
from microcrystalnet.learning.networks.released import released
from microcrystalnet.learning.networks.shapes import weight_shapes

NETWORKS = {
    "paper": paper(48, 4, components=40, sparsity=0.3, dropout=0.5),
    "released": released(48, 4),
    "strided": Network(
        "strided",
        48,
        (
            Convolution("a", 6, 5, "relu", "valid", 2),
            Convolution("b", 6, 3, "relu", "same", 2),
            Pool("p", 3),
            Flatten("f"),
            Dense("d", 7, "relu"),
            Dense("logits", 4),
        ),
    ),
}


@pytest.fixture(params=NETWORKS)
def model(request):
    """A network with weights as after a training, also where a fresh one has ones and zeros."""
    model = build(NETWORKS[request.param])
    generator = np.random.default_rng(0)
    weights = {
        name: values * 0.5 + generator.random(values.shape, np.float32) * 0.1
        for name, values in get_weights(model).items()
    }
    set_weights(model, weights)
    return NETWORKS[request.param], model, weights


def test_probabilities_equal_those_of_keras(model):
    network, keras_model, weights = model
    crops = np.random.default_rng(1).random((9, 48, 48, 1), np.float32)
    assert open_run(network, weights)(crops) == pytest.approx(
        np.asarray(keras_model(crops)), abs=1e-5
    )


def test_the_shapes_are_those_of_keras(model):
    network, _, weights = model
    assert weight_shapes(network) == {name: values.shape for name, values in weights.items()}
