"""Read a classifier from a Keras .h5 file of anyone, without running anything it names.

Keras's own loader can be made to run code by such a file (CVE-2025-1550, -8747, -9906), so only
numbers are read, and only layers of a fixed list are rebuilt.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import WeightsError
from microcrystalnet.learning.networks.layers import (
    Activation,
    BatchNorm,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    Layer,
    Network,
    Pool,
)

Weights = dict[str, NDArray[np.float32]]
Config = Mapping[str, Any]  # Any: JSON of anyone, checked field by field
MOST_VALUES = 200_000_000
LARGEST_CONFIG = 4 * 2**20
# The functions of the last dense layer and of an activation behind it: one softmax or none, as it
# is put there anyway.
ENDINGS = (
    *(["linear"], ["softmax"], ["linear", "linear"]),
    *(["linear", "softmax"], ["softmax", "linear"]),
)


def read_keras_file(path: Path) -> tuple[Network, Weights]:
    """Give the network of a Keras .h5 file and its weights by name.

    Raises
    ------
    WeightsError
        If the file is missing, damaged, holds no network, or one with a layer, a branch or a
        setting that this program does not rebuild.
    """
    try:
        with h5py.File(path, "r") as file:
            layers = _layer_list(file, path)
            network = _network(layers)
            return network, _weights(file, layers, network)
    except (OSError, RuntimeError) as problem:
        raise WeightsError(
            f"{path} cannot be read as a Keras weights file; it is missing, incomplete or of "
            "another kind. Fetch it again, or choose another file."
        ) from problem
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as problem:
        raise WeightsError(
            f"{path} describes its network in a way this program does not know ({problem}); "
            "choose a file saved by Keras as one .h5 model."
        ) from problem


def _layer_list(file: h5py.File, path: Path) -> list[Config]:
    """Give the layers in order; refuse networks that are not one plain chain."""
    text = file.attrs.get("model_config")
    if text is None or len(text) > LARGEST_CONFIG:
        raise WeightsError(
            f"{path} holds weights but no description of their network; choose the file that "
            "holds the whole model."
        )
    config = json.loads(text)
    if config["class_name"] not in ("Functional", "Model", "Sequential"):
        raise WeightsError(f"{path} holds a {config['class_name']}, not a plain network.")
    layers: list[Config] = config["config"]["layers"]
    for before, layer in pairwise(layers):
        sources = list(_sources(layer.get("inbound_nodes", [])))
        if sources not in ([], [before["config"]["name"]]):
            raise WeightsError(
                f"Layer {layer['config']['name']} has several inputs; only plain chains of layers "
                "are rebuilt."
            )
    return layers


def _sources(nodes: Any) -> Iterator[str]:
    """Find the names of the layers that feed a layer, as Keras 2 and Keras 3 write them."""
    if isinstance(nodes, dict):
        if "keras_history" in nodes:
            yield nodes["keras_history"][0]
        else:
            for each in nodes.values():
                yield from _sources(each)
    elif isinstance(nodes, list):
        if nodes and isinstance(nodes[0], str):
            yield nodes[0]
        else:
            for each in nodes:
                yield from _sources(each)


def _network(layers: Sequence[Config]) -> Network:
    first = layers[0]["config"]
    shape = first.get("batch_input_shape") or first.get("batch_shape")
    _, height, width, channels = shape
    if height != width or channels != 1:
        raise WeightsError(
            f"The network wants crops of {height} x {width} with {channels} channels; only square "
            "grey crops can be given to it."
        )
    found = [_layer(each) for each in _own_layers(layers)]
    ends = (found.pop(),) if isinstance(found[-1], Activation) else ()
    last = found[-1]
    if not isinstance(last, Dense):
        raise WeightsError("The network does not end in a dense layer with one output per class.")
    for each in found[:-1]:
        _demand(each.name, _shape_of(each) != "softmax")
    _demand(last.name, [_shape_of(each) for each in (last, *ends)] in ENDINGS)
    return Network("imported", int(height), (*found[:-1], Dense("logits", last.units)))


def _shape_of(layer: Layer) -> str:
    """Give the function that a layer ends in; layers without one are linear."""
    return str(getattr(layer, "kind", getattr(layer, "activation", "linear")))


def _own_layers(layers: Sequence[Config]) -> list[Config]:
    return [layer for layer in layers if layer["class_name"] != "InputLayer"]


def _layer(layer: Config) -> Layer:
    make = KINDS.get(layer["class_name"])
    if make is None:
        raise WeightsError(
            f"The network has a layer of kind {str(layer['class_name'])[:40]}, which this program "
            f"does not rebuild; it knows {', '.join(KINDS)}."
        )
    return make(str(layer["config"]["name"]), layer["config"])


def _convolution(name: str, config: Config) -> Layer:
    (side, other), (stride, across) = config["kernel_size"], config["strides"]
    plain = side == other and stride == across and config["use_bias"] is True
    _demand(name, plain and config.get("data_format", "channels_last") == "channels_last")
    _demand(name, config.get("groups", 1) == 1 and set(config["dilation_rate"]) == {1})
    activation = _activation(name, config, ("linear", "relu"))
    return Convolution(
        name, int(config["filters"]), int(side), activation, str(config["padding"]), int(stride)
    )


def _pool(name: str, config: Config) -> Layer:
    (side, other), strides = config["pool_size"], config["strides"]
    _demand(name, side == other and list(strides) == [side, side] and config["padding"] == "valid")
    return Pool(name, int(side))


def _dense(name: str, config: Config) -> Layer:
    _demand(name, config["use_bias"] is True)
    activation = _activation(name, config, ("linear", "relu", "softmax"))
    return Dense(name, int(config["units"]), activation)


def _batch_norm(name: str, config: Config) -> Layer:
    axis = config["axis"]
    _demand(name, config["center"] is True and config["scale"] is True and axis in (-1, 3, [3]))
    return BatchNorm(name, float(config["momentum"]), float(config["epsilon"]))


def _plain_activation(name: str, config: Config) -> Layer:
    return Activation(name, _activation(name, config, ("linear", "relu", "softmax")))


def _relu(name: str, config: Config) -> Layer:
    options = ("negative_slope", "threshold")  # 0 leaves the plain function
    plain = config.get("max_value") is None and not any(config.get(each) for each in options)
    _demand(name, plain)
    return Activation(name)


def _activation(name: str, config: Config, allowed: Sequence[str]) -> str:
    activation = config["activation"]
    _demand(name, activation in allowed)
    return str(activation)


def _demand(name: str, plain: bool) -> None:
    if not plain:
        raise WeightsError(f"Layer {name[:60]} has a setting that this program does not rebuild.")


KINDS: Mapping[str, Callable[[str, Config], Layer]] = {
    "Conv2D": _convolution,
    "MaxPooling2D": _pool,
    "Dense": _dense,
    "BatchNormalization": _batch_norm,
    "Activation": _plain_activation,
    "ReLU": _relu,
    "Dropout": lambda name, config: Dropout(name, float(config["rate"])),
    "Flatten": lambda name, _: Flatten(name),
}


def _weights(file: h5py.File, layers: Sequence[Config], network: Network) -> Weights:
    """Read every tensor by layer; links out of the file are not followed."""
    groups = file.get("model_weights", file)
    weights: Weights = {}
    for layer, config in zip(network.layers, _own_layers(layers), strict=False):
        name = str(config["config"]["name"])
        link = groups.get(name, getlink=True)
        if isinstance(link, h5py.HardLink):
            for tensor, values in _tensors(groups[name]).items():
                weights[f"{layer.name}/{tensor}"] = values
    return weights


def _tensors(group: h5py.Group) -> Weights:
    found: Weights = {}

    # `visititems` follows neither soft nor external links.
    def visit(path: str, item: object) -> None:
        if isinstance(item, h5py.Dataset):
            if item.external or item.is_virtual or item.size > MOST_VALUES:
                raise WeightsError("The file keeps weights outside itself, or too many of them.")
            found[path.rpartition("/")[2].removesuffix(":0")] = np.asarray(item[()], np.float32)

    group.visititems(visit)
    return found
