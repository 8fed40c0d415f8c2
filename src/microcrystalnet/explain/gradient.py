"""Scores before the softmax, and how each pixel of a crop sways them."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import ModelError
from microcrystalnet.learning.networks.build import scores
from microcrystalnet.learning.predict import Classifier
from microcrystalnet.progress import Progress, Report, ignore_progress

BATCH = 32


def class_numbers(
    classifier: Classifier, target: str | Sequence[str], count: int
) -> NDArray[np.int32]:
    """Give the class to explain for each of ``count`` crops, as a position among the outputs.

    Raises
    ------
    ModelError
        If the model does not know a class, or there are not as many classes as crops.
    """
    wanted = [target] * count if isinstance(target, str) else list(target)
    if len(wanted) != count:
        raise ModelError(
            f"{len(wanted)} classes were asked for {count} crops; name one class for all, or one "
            "for each."
        )
    return np.asarray([class_number(classifier, code) for code in wanted], np.int32)


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


def slopes(
    classifier: Classifier,
    crops: NDArray[np.floating],
    classes: NDArray[np.int32],
    report: Report = ignore_progress,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Give the score of each crop's class (n,), and its gradient (n, size, size).

    The score is taken before the softmax, as a saturated probability has no gradient. ``report``
    is called once in `BATCH` crops.
    """
    gradient = classifier.graph("gradient", partial(_compile, classifier))
    found = np.zeros(len(crops), np.float32)
    maps = np.zeros(crops.shape[:3], np.float32)
    for start in range(0, len(crops), BATCH):
        report(Progress(start, len(crops), "Explaining"))
        part = slice(start, start + BATCH)
        score, slope = gradient(np.asarray(crops[part], np.float32), classes[part])
        found[part], maps[part] = np.asarray(score), np.asarray(slope)[..., 0]
    return found, maps


def _compile(classifier: Classifier) -> Any:
    """Give a graph from crops and class numbers (n,) to those scores and their gradient."""
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
        return score, tape.gradient(score, crops)

    return gradient
