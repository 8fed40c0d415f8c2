"""Gradient saliency: how strongly each pixel of a crop sways the score of a class."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import ModelError
from microcrystalnet.learning.networks.build import scores
from microcrystalnet.learning.predict import Classifier, check_crops

BATCH = 32


def attribute(
    classifier: Classifier, crops: NDArray[np.float32], target: str | Sequence[str]
) -> NDArray[np.float32]:
    """Give the size of the gradient of the target class's score at every pixel.

    The score is taken before the softmax, as a saturated probability has no gradient. Source:
    Simonyan et al. 2014, *Deep Inside Convolutional Networks*, section 3.

    Parameters
    ----------
    classifier
        A model in memory.
    crops : (n, size, size, 1) float32
        Grey from 0 to 1.
    target
        A class code, one for all crops or one for each.

    Returns
    -------
    (n, size, size) float32, 0 or more

    Raises
    ------
    ModelError
        If the model does not know the class, or was made for other crops.
    """
    check_crops(classifier, crops)
    wanted = [target] * len(crops) if isinstance(target, str) else list(target)
    classes = [class_number(classifier, code) for code in wanted]
    gradient = compile_gradient(classifier)
    maps = np.zeros(crops.shape[:3], np.float32)
    for start in range(0, len(crops), BATCH):
        part = slice(start, start + BATCH)
        found = gradient(crops[part], np.asarray(classes[part], np.int32))
        maps[part] = np.abs(np.asarray(found)[..., 0])
    return maps


def class_number(classifier: Classifier, code: str) -> int:
    """Give the position of a class among the model's outputs.

    Raises
    ------
    ModelError
        If the model does not know it.
    """
    classes = classifier.card.classes
    if code not in classes:
        raise ModelError(
            f"This model does not know the class “{code}”; it tells {', '.join(classes)} apart."
        )
    return classes.index(code)


@lru_cache(maxsize=4)  # building the graph takes a second, using it milliseconds
def compile_gradient(classifier: Classifier) -> Any:
    """Give a graph from crops and class numbers (n,) to the gradient of those scores."""
    import tensorflow as tf

    logits = scores(classifier.model)
    size = classifier.card.network.size

    @tf.function(  # type: ignore[untyped-decorator]  # TensorFlow ships no types
        input_signature=[
            tf.TensorSpec([None, size, size, 1], tf.float32),
            tf.TensorSpec([None], tf.int32),
        ]
    )
    def gradient(crops: Any, classes: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(crops)
            score = tf.gather(logits(crops, training=False), classes, batch_dims=1)
        return tape.gradient(score, crops)

    return gradient
