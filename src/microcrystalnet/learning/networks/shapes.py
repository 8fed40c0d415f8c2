"""Which weights a network has, and of what shape: told from its layers alone."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import ModelError
from microcrystalnet.learning.networks.layers import (
    BatchNorm,
    Components,
    Convolution,
    Dense,
    Flatten,
    GlobalPool,
    Layer,
    Network,
    Pool,
    Selection,
    Standardise,
)

Shape = tuple[int, ...]
# Z-scores of features that never vary stay near zero instead of dividing by nothing.
SMALLEST_VARIANCE = 1e-6


def check_weights(network: Network, weights: Mapping[str, NDArray[np.generic]]) -> None:
    """Refuse weights that are not those of a network.

    Raises
    ------
    ModelError
        If one is missing, left over, of another shape, or not finite.
    """
    refuse_other_weights(weight_shapes(network), weights)


def refuse_other_weights(
    shapes: Mapping[str, Shape], weights: Mapping[str, NDArray[np.generic]]
) -> None:
    """Refuse weights other than those named, with their shapes; raises as `check_weights`."""
    odd = sorted(set(shapes) ^ set(weights))
    if odd:
        raise ModelError(f"The weights do not belong to this network: {odd[0]} does not match.")
    for name, shape in shapes.items():
        value = weights[name]
        if value.shape != shape:
            raise ModelError(
                f"The weights {name} have shape {value.shape}, but the network needs {shape}."
            )
        if value.dtype.kind != "f" or not np.isfinite(value).all():
            raise ModelError(f"The weights {name} hold values that are not numbers.")


def weight_shapes(network: Network) -> dict[str, Shape]:
    """Give the shape of every weight, named ``layer/weight`` as Keras does.

    Raises
    ------
    ModelError
        If the layers do not fit together.
    """
    network.check()
    flow: Shape = (network.size, network.size, 1)
    found: dict[str, Shape] = {}
    for layer in network.layers:
        found |= {f"{layer.name}/{name}": shape for name, shape in _own(layer, flow).items()}
        flow = _after(network, layer, flow)
    return found


def _own(layer: Layer, flow: Shape) -> dict[str, Shape]:
    width = flow[-1]
    match layer:
        case Convolution(_, filters, side):
            return {"kernel": (side, side, width, filters), "bias": (filters,)}
        case BatchNorm() | Standardise():
            learned = ("gamma", "beta") if isinstance(layer, BatchNorm) else ()
            return dict.fromkeys((*learned, "moving_mean", "moving_variance"), (width,))
        case Dense(_, units):
            return {"kernel": (width, units), "bias": (units,)}
        case Components(_, units):
            return {"kernel": (width, units)}
        case Selection():
            return {"kernel": (width,)}
    return {}


def _after(network: Network, layer: Layer, flow: Shape) -> Shape:
    """Give the shape behind a layer; maps are (rows, cols, channels), vectors (width,)."""
    maps = isinstance(layer, Convolution | Pool | GlobalPool | Flatten)
    vectors = isinstance(layer, Dense | Standardise | Components | Selection)
    behind = flow
    match layer:
        case Convolution(_, filters, side, _, padding, stride) if len(flow) == 3:
            lost = 0 if padding == "same" else side - 1
            behind = (*((length - lost + stride - 1) // stride for length in flow[:2]), filters)
        case Pool(_, side) if len(flow) == 3:
            behind = (flow[0] // side, flow[1] // side, flow[2])
        case GlobalPool():
            behind = (flow[-1],)
        case Flatten():
            behind = (math.prod(flow),)
        case Dense(_, units) | Components(_, units):
            behind = (units,)
    if (maps and len(flow) != 3) or (vectors and len(flow) != 1) or min(behind) < 1:
        raise ModelError(
            f"The layers of network {network.name} do not fit crops of {network.size} pixels."
        )
    return behind
