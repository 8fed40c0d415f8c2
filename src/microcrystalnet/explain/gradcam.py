"""Grad-CAM: where a convolution block saw what speaks for a class."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.explain.blocks import block_of
from microcrystalnet.explain.gradient import BATCH
from microcrystalnet.learning.networks.build import load_keras
from microcrystalnet.learning.predict import Classifier
from microcrystalnet.progress import Progress, Report, ignore_progress


def gradcam(
    classifier: Classifier,
    crops: NDArray[np.float32],
    classes: NDArray[np.int32],
    report: Report = ignore_progress,
    block: int | None = None,
) -> NDArray[np.float32]:
    """Give the weighted sum of a block's maps laid on each crop, (n, size, size), 0 or more.

    ``block`` counts from 1; without it the last one is taken. Source: Selvaraju et al. 2017,
    *Grad-CAM*, equations 1 and 2.

    Raises
    ------
    ModelError
        If the model has no such block, or no convolutions.
    """
    place = block_of(classifier.card.network, block)
    make = partial(_compile, classifier, place.layer)
    graph, spread = classifier.graph(f"maps of {place.layer}", make), place.spread(crops.shape[1])
    maps = np.zeros(crops.shape[:3], np.float32)
    for start in range(0, len(crops), BATCH):
        report(Progress(start, len(crops), "Explaining"))
        part = slice(start, start + BATCH)
        seen, slope = graph(np.asarray(crops[part], np.float32), classes[part])
        weights = np.asarray(slope).mean(axis=(1, 2))
        coarse = np.einsum("nrcf,nf->nrc", np.asarray(seen), weights)
        maps[part] = spread @ np.maximum(coarse, 0) @ spread.T
    return maps


def _compile(classifier: Classifier, layer: str) -> Any:
    """Give a graph from crops and class numbers to a layer's maps and the score's slope by them."""
    import tensorflow as tf

    model = classifier.model
    outputs = [model.get_layer(layer).output, model.get_layer("probabilities").input]
    both = load_keras().Model(model.input, outputs)
    size = classifier.card.network.size

    @tf.function(  # type: ignore[untyped-decorator]  # TensorFlow ships no types
        input_signature=[
            tf.TensorSpec([None, size, size, 1], tf.float32),
            tf.TensorSpec([None], tf.int32),
        ]
    )
    def slope_by_layer(crops: Any, classes: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(crops)
            seen, logits = both(crops, training=False)
            score = tf.gather(logits, classes, batch_dims=1)
        return seen, tape.gradient(score, seen)

    return slope_by_layer
