"""Networks as Keras models, and their weights by name."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import MissingExtraError, ModelError
from microcrystalnet.learning.networks.branches import Branched, attach
from microcrystalnet.learning.networks.layers import (
    Activation,
    BatchNorm,
    Components,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    GlobalPool,
    Layer,
    Network,
    Pool,
    Selection,
    Standardise,
)
from microcrystalnet.learning.networks.shapes import SMALLEST_VARIANCE, refuse_other_weights

if TYPE_CHECKING:
    import keras

Weights = Mapping[str, NDArray[np.generic]]


def build(network: Network) -> "keras.Model":
    """Give the Keras model from crops (n, size, size, 1) to probabilities (n, classes).

    Raises
    ------
    ModelError
        If the layers do not fit together.
    MissingExtraError
        If TensorFlow is not installed.
    """
    keras = load_keras()
    network.check()
    crop = keras.Input((network.size, network.size, 1), name="crop")
    flow = crop
    try:
        for layer in network.layers:
            if isinstance(layer, Branched):
                flow = attach(keras, layer, flow)
            else:
                flow = _keras_layer(keras, layer, int(flow.shape[-1]))(flow)
    except ValueError as trouble:
        raise ModelError(
            f"The layers of network {network.name} do not fit crops of {network.size} pixels."
        ) from trouble
    probabilities = keras.layers.Activation("softmax", name="probabilities")(flow)
    return keras.Model(crop, probabilities, name=network.name)


def scores(model: "keras.Model") -> "keras.Model":
    """Give the same network without its softmax; weights are shared."""
    keras = load_keras()
    return keras.Model(model.input, model.get_layer("probabilities").input)


def without_dropout(model: "keras.Model") -> "keras.Model":
    """Give the same network without its dropout layers; weights are shared."""
    keras = load_keras()

    def keep(layer: Any) -> Any:
        dropped = isinstance(layer, keras.layers.Dropout)
        return keras.layers.Identity(name=f"{layer.name}_off") if dropped else layer

    return keras.models.clone_model(model, clone_function=keep)


def load_keras() -> Any:
    """Give the keras module; untyped, as Keras ships no types.

    Raises
    ------
    MissingExtraError
        If it, or TensorFlow, is not installed.
    """
    # Both libraries read these once, while they are imported: which backend to take whatever the
    # user's own Keras settings say, and to keep their start-up chatter off the terminal.
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        import keras
        import tensorflow  # noqa: F401  Keras looks for it only when it is first used
    except ImportError as missing:
        raise MissingExtraError(
            "The classifier needs TensorFlow; install it with: pip install napari-mcn[mcn]"
        ) from missing
    return keras


def get_weights(model: "keras.Model") -> dict[str, NDArray[np.float32]]:
    """Give every weight as ``layer/weight``."""
    return {
        name: np.asarray(variable.numpy(), np.float32) for name, variable in _named(model).items()
    }


def set_weights(model: "keras.Model", weights: Weights) -> None:
    """Set every weight.

    Raises
    ------
    ModelError
        If one is missing, left over, of another shape, or not finite.
    """
    variables = _named(model)
    shapes = {name: tuple(variable.shape) for name, variable in variables.items()}
    refuse_other_weights(shapes, {name: np.asarray(value) for name, value in weights.items()})
    for name, variable in variables.items():
        variable.assign(np.asarray(weights[name]))


def _named(model: "keras.Model") -> dict[str, Any]:
    return {
        f"{layer.name}/{variable.path.partition('/')[2]}": variable
        for layer in model.layers
        for variable in layer.weights
    }


def _keras_layer(keras: Any, layer: Layer, width: int) -> Any:  # noqa: PLR0911  one per kind
    make, name = keras.layers, layer.name
    match layer:
        case Convolution(_, filters, side, activation, padding, stride):
            return make.Conv2D(
                filters, side, stride, padding=padding, activation=activation, name=name
            )
        case BatchNorm(_, momentum, epsilon):
            return make.BatchNormalization(momentum=momentum, epsilon=epsilon, name=name)
        case Activation(_, kind):
            return make.Activation(kind, name=name)
        case Pool(_, side):
            return make.MaxPooling2D(side, name=name)
        case GlobalPool():
            return make.GlobalAveragePooling2D(name=name)
        case Dropout(_, rate):
            return make.Dropout(rate, name=name)
        case Flatten():
            return make.Flatten(name=name)
        case Dense(_, units, activation):
            return make.Dense(units, activation=activation, name=name)
        case Standardise():
            # A frozen batch normalisation without scale and shift is a z-score by stored values.
            return make.BatchNormalization(
                center=False, scale=False, epsilon=SMALLEST_VARIANCE, trainable=False, name=name
            )
        case Components(_, units):
            return make.Dense(units, use_bias=False, trainable=False, name=name)
        case Selection():
            return make.EinsumDense("nc,c->nc", width, kernel_initializer="ones", name=name)
