"""Run a Keras model over many crops in batches of one compiled graph."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.progress import Progress, Report, ignore_progress

if TYPE_CHECKING:
    import keras

BATCH = 64


def compile_run(model: "keras.Model", *, training: bool = False) -> Any:
    """Give a graph from crops (any n, size, size, 1) to the model's output.

    While ``training``, batch normalisation goes by the crops given, and keeps their statistics.
    """
    import tensorflow as tf

    shape = [None, *model.input.shape[1:]]

    @tf.function(  # type: ignore[untyped-decorator]  # TensorFlow ships no types
        input_signature=[tf.TensorSpec(shape, tf.float32)]
    )
    def run(crops: Any) -> Any:
        return model(crops, training=training)

    return run


def in_batches(
    model: Any, crops: NDArray[np.float32], report: Report = ignore_progress
) -> NDArray[np.float32]:
    """Run a model, or what `compile_run` gave, over crops (n, size, size, 1); n may be 0."""
    if not len(crops):  # TensorFlow's convolutions fail on an empty batch
        blank = np.zeros((1, *crops.shape[1:]), np.float32)
        return np.asarray(model(blank), np.float32)[:0]
    parts = []
    for start in range(0, len(crops), BATCH):
        report(Progress(start, len(crops), "Classifying crystals"))
        parts.append(np.asarray(model(crops[start : start + BATCH]), np.float32))
    return np.concatenate(parts)
