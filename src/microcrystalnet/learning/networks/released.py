"""The smaller network whose weights the source team released."""

from microcrystalnet.learning.networks.layers import (
    Convolution,
    Dense,
    Flatten,
    Layer,
    Network,
    Pool,
)

KERNELS = (64, 32, 16)


def released(size: int, classes: int) -> Network:
    """Give the network found in the released weights: 287,156 parameters at size 64, 4 classes."""
    layers: list[Layer] = []
    for number, kernels in enumerate(KERNELS, 1):
        layers += [
            Convolution(f"block{number}_conv", kernels, 3, "relu"),
            Pool(f"block{number}_pool"),
        ]
    layers += [Flatten("flatten"), Dense("dense1", 256, "relu"), Dense("logits", classes)]
    return Network("released", size, tuple(layers))
