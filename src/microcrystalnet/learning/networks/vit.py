"""A small vision transformer, to compare convolutions with."""

from microcrystalnet.learning.networks.layers import (
    Dense,
    Flatten,
    Network,
    Patches,
    Transformer,
)

SIDE, WIDTH, HEADS, UNITS, DEPTH, DROPOUT = 8, 96, 4, 192, 6, 0.1


def vit(size: int, classes: int) -> Network:
    """Give six encoder blocks on patches of 8 pixels (Dosovitskiy et al. 2021), 0.5 M parameters.

    The size of a crop must be a multiple of 8.
    """
    blocks = [Transformer(f"encoder{number + 1}", HEADS, UNITS, DROPOUT) for number in range(DEPTH)]
    ends = (Flatten("flatten"), Dense("logits", classes))
    return Network("vit", size, (Patches("patches", SIDE, WIDTH), *blocks, *ends))
