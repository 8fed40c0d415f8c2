"""Classifiers whose reasons are known beforehand, for the tests of explanations."""

import numpy as np

from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.networks.build import build, set_weights
from microcrystalnet.learning.networks.layers import Convolution, Dense, Flatten, Network
from microcrystalnet.learning.predict import Classifier
from microcrystalnet.learning.records import FORMAT, ModelCard
from microcrystalnet.learning.run import compile_run

SIDE = 16
HALF = SIDE // 2


def classifier_of(network, weights=None):
    """Give a classifier in memory, of classes A and B."""
    model = build(network)
    set_weights(model, weights) if weights else None
    recipe = CropRecipe(size=network.size)
    card = ModelCard(FORMAT, "2026", network, ("A", "B"), None, recipe, 1.0, "a test")
    return Classifier("known", card, model, compile_run(model))


def two_sided():
    """Class A counts what is bright on the left; class B what is dark, but not black, right."""
    kernel = np.zeros((3, 3, 1, 2), np.float32)
    kernel[1, 1, 0] = 1, -1
    dense = np.zeros((SIDE, SIDE, 2, 2), np.float32)
    dense[:, :HALF, 0, 0] = dense[:, HALF:, 1, 1] = 1
    network = Network(
        "two-sided",
        SIDE,
        (Convolution("block1_conv", 2, 3, "relu"), Flatten("flatten"), Dense("logits", 2)),
    )
    weights = {
        "block1_conv/kernel": kernel,
        "block1_conv/bias": np.asarray([-0.6, 0.6], np.float32),
        "logits/kernel": dense.reshape(-1, 2),
        "logits/bias": np.zeros(2, np.float32),
    }
    return classifier_of(network, weights)


def bright_left(count=2):
    """Give crops that are bright on the left and dark grey on the right."""
    crops = np.full((count, SIDE, SIDE, 1), 0.3, np.float32)
    crops[:, :, :HALF] = 0.9
    return crops


def without_convolutions():
    """Give a classifier that looks at each pixel by itself."""
    return classifier_of(Network("flat", SIDE, (Flatten("flatten"), Dense("logits", 2))))
