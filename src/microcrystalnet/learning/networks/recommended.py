"""The network we recommend: small convolutions whose maps are averaged instead of flattened."""

from collections.abc import Sequence

from microcrystalnet.learning.networks.layers import (
    Activation,
    BatchNorm,
    Convolution,
    Dense,
    Dropout,
    GlobalPool,
    Layer,
    Network,
    Pool,
)

KERNELS = (16, 32, 64, 128, 256)
DEPTHS = (1, 2, 2, 2, 2)
# Statistics are measured once an epoch instead of averaged over its batches; see `learning.fit`.
MOMENTUM = 0.0


def recommended(
    size: int,
    classes: int,
    *,
    dropout: float,
    kernels: Sequence[int] = KERNELS,
    depths: Sequence[int] = DEPTHS,
) -> Network:
    """Give blocks of 3 x 3 convolutions whose maps are averaged, not flattened.

    A block has one of ``depths`` convolutions of one of ``kernels``; `benchmarks.shapes` compares.
    """
    layers: list[Layer] = []
    for number, (count, depth) in enumerate(zip(kernels, depths, strict=True), 1):
        for step in range(1, depth + 1):
            layers += _convolution(f"block{number}_{step}", count)
        if number < len(kernels):
            layers.append(Pool(f"block{number}_pool"))
    ends = (GlobalPool("average"), Dropout("dropout", dropout), Dense("logits", classes))
    return Network("recommended", size, (*layers, *ends))


def _convolution(name: str, kernels: int) -> list[Layer]:
    return [
        Convolution(f"{name}_conv", kernels, 3),
        BatchNorm(f"{name}_norm", MOMENTUM),
        Activation(f"{name}_relu"),
    ]
