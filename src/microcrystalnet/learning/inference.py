"""Run a classifier without TensorFlow: its layers as a graph for onnxruntime.

TensorFlow takes seconds to load and a gigabyte of memory; the same numbers come out within 1e-5.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.learning import onnx_file
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
from microcrystalnet.learning.networks.shapes import SMALLEST_VARIANCE, check_weights

Array = NDArray[np.float32]
Run = Callable[[Array], Array]
Stored = dict[str, Array | NDArray[np.int64]]


def open_run(network: Network, weights: Mapping[str, Array]) -> Run:
    """Give a function from crops (n, size, size, 1) to probabilities (n, classes).

    Raises
    ------
    ModelError
        If the weights do not belong to the network.
    """
    check_weights(network, weights)
    return _open(graph_of(network, weights))


def open_features(network: Network, weights: Mapping[str, Array]) -> Run:
    """Give a function from crops (n, size, size, 1) to what the last layer sees of them (n, width).

    Raises
    ------
    ModelError
        If the weights do not belong to the network.
    """
    check_weights(network, weights)
    return _open(features_graph_of(network, weights))


def _open(content: bytes) -> Run:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Threads that wait by spinning take the core from whoever else works on the machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

    def run(crops: Array) -> Array:
        found: Array = session.run(None, {"crop": np.ascontiguousarray(crops, np.float32)})[0]
        return found

    return run


def graph_of(network: Network, weights: Mapping[str, Array]) -> bytes:
    """Give the ONNX file of a network that `check_weights` accepts."""
    graph = _chained(network, weights, network.layers)
    graph.add("Softmax", "probabilities", axis=1)
    return _file(network, graph, network.outputs)


def features_graph_of(network: Network, weights: Mapping[str, Array]) -> bytes:
    """Give the ONNX file of all but the last layer of a network that `check_weights` accepts."""
    graph = _chained(network, weights, network.layers[:-1])
    last = weights[f"{network.layers[-1].name}/kernel"]
    return _file(network, graph, last.shape[0])


def _chained(network: Network, weights: Mapping[str, Array], layers: Sequence[Layer]) -> "_Graph":
    graph = _Graph(weights)
    graph.add("Reshape", "planes", graph.keep("planes", np.array([-1, 1, *[network.size] * 2])))
    for layer in layers:
        _add(graph, layer)
    return graph


def _file(network: Network, graph: "_Graph", width: int) -> bytes:
    taken: Sequence[int | str] = ("crystals", network.size, network.size, 1)
    given: Sequence[int | str] = ("crystals", width)
    return onnx_file.graph_file(graph.nodes, graph.stored, ("crop", taken), (graph.end, given))


class _Graph:
    """A chain of operations that grows at its ``end``."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self.nodes: list[bytes] = []
        self.stored: Stored = {}
        self._weights, self.end = weights, "crop"

    def add(self, kind: str, name: str, *stored: str, **settings: onnx_file.Setting) -> None:
        """Put one operation behind the last; ``stored`` are its further inputs."""
        self.nodes.append(onnx_file.node(kind, [self.end, *stored], name, settings))
        self.end = name

    def keep(self, name: str, values: Array | NDArray[np.int64]) -> str:
        """Store a constant and give its name."""
        key = f"{name}:stored{len(self.stored)}"
        self.stored[key] = values
        return key

    def weight(self, layer: str, name: str) -> Array:
        """Give one weight of a layer."""
        return np.asarray(self._weights[f"{layer}/{name}"], np.float32)


def _add(graph: _Graph, layer: Layer) -> None:
    match layer:
        case Convolution():
            _add_convolution(graph, layer)
        case BatchNorm(name, _, epsilon):
            own = graph.weight(name, "gamma"), graph.weight(name, "beta")
            _add_norm(graph, name, own, epsilon)
        case Activation(name, kind):
            _activate(graph, name, kind)
        case Pool(name, side):
            graph.add("MaxPool", name, kernel_shape=[side, side], strides=[side, side])
        case GlobalPool(name):
            graph.add("GlobalAveragePool", f"{name}:maps")
            graph.add("Flatten", name, axis=1)
        case Flatten(name):
            # Keras lays maps out channel by channel of each pixel, ONNX keeps them as planes.
            graph.add("Transpose", f"{name}:pixels", perm=[0, 2, 3, 1])
            graph.add("Flatten", name, axis=1)
        case Dense(name, _, activation):
            stored = [graph.keep(name, graph.weight(name, each)) for each in ("kernel", "bias")]
            graph.add("Gemm", f"{name}:linear", *stored)
            _activate(graph, name, activation)
        case Standardise(name):
            width = graph.weight(name, "moving_mean").shape
            plain = np.ones(width, np.float32), np.zeros(width, np.float32)
            _add_norm(graph, name, plain, SMALLEST_VARIANCE)
        case Components(name):
            graph.add("MatMul", name, graph.keep(name, graph.weight(name, "kernel")))
        case Selection(name):
            graph.add("Mul", name, graph.keep(name, graph.weight(name, "kernel")))
        case Dropout():
            pass


def _add_convolution(graph: _Graph, layer: Convolution) -> None:
    kernel = graph.weight(layer.name, "kernel").transpose(3, 2, 0, 1)
    stored = [graph.keep(layer.name, each) for each in (kernel, graph.weight(layer.name, "bias"))]
    graph.add(
        "Conv",
        f"{layer.name}:linear",
        *stored,
        kernel_shape=[layer.side, layer.side],
        strides=[layer.stride, layer.stride],
        auto_pad="SAME_UPPER" if layer.padding == "same" else "VALID",
    )
    _activate(graph, layer.name, layer.activation)


def _add_norm(graph: _Graph, name: str, own: tuple[Array, Array], epsilon: float) -> None:
    fitted = [graph.weight(name, each) for each in ("moving_mean", "moving_variance")]
    stored = [graph.keep(name, each) for each in (*own, *fitted)]
    graph.add("BatchNormalization", name, *stored, epsilon=float(epsilon))


def _activate(graph: _Graph, name: str, kind: str) -> None:
    graph.add("Relu" if kind == "relu" else "Identity", name)
