"""What a classifier's last dense layer sees of crystals: the space in which it tells them apart."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.learning.inference import open_features
from microcrystalnet.learning.networks.branches import is_chain
from microcrystalnet.learning.predict import Classifier, check_crops
from microcrystalnet.learning.run import in_batches
from microcrystalnet.progress import Report, ignore_progress


def features(
    classifier: Classifier, crops: NDArray[np.float32], report: Report = ignore_progress
) -> NDArray[np.float32]:
    """Give the input (n, width) of the last layer for crops (n, size, size, 1) from 0 to 1.

    These are the features that IEEE Access 2025, section 5, lays out by t-SNE.

    Raises
    ------
    ModelError
        If the crops are of another size or hold NaN.
    """
    check_crops(classifier, crops)
    return in_batches(_run(classifier), crops, report)


def _run(classifier: Classifier) -> Any:  # Any: a Keras model has no static type
    network = classifier.card.network
    if is_chain(network) and classifier.weights:
        weights = {
            name: np.asarray(value, np.float32) for name, value in classifier.weights.items()
        }
        return open_features(network, weights)
    from microcrystalnet.learning.networks.build import load_keras

    model: Any = classifier.model
    last = model.get_layer(network.layers[-1].name)
    return load_keras().Model(model.input, last.input)
