"""The convolution blocks of a network, and where the cells of their maps lie on the crop."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import ModelError, NoConvolutionsError
from microcrystalnet.learning.networks.layers import (
    Activation,
    BatchNorm,
    Convolution,
    Layer,
    Network,
    Pool,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A convolution with the normalisation and activation that follow it, before any pooling.

    Cell ``i`` of its map looks at the crop around pixel ``first + i * spacing``, in rows as in
    columns; ``layer`` is the name of the block's last layer, ``cells`` the side of its map.
    """

    number: int  # from 1, as the paper counts
    layer: str
    cells: int
    first: float
    spacing: float

    def spread(self, size: int) -> NDArray[np.float32]:
        """Give the (size, cells) matrix that lays a map on a crop by linear interpolation."""
        cell = np.clip((np.arange(size) - self.first) / self.spacing, 0, self.cells - 1)
        distance = np.abs(cell[:, None] - np.arange(self.cells))
        return np.asarray(np.maximum(0, 1 - distance), np.float32)


def blocks_of(network: Network) -> tuple[Block, ...]:
    """Give a network's convolution blocks, from the crop on.

    Raises
    ------
    NoConvolutionsError
        If it has no convolutions.
    """
    found: list[Block] = []
    place = Block(0, "", network.size, 0.0, 1.0)
    inside = False
    for layer in network.layers:
        place = _after(place, layer)
        if isinstance(layer, Convolution):
            found.append(place)
            inside = True
        elif inside and isinstance(layer, BatchNorm | Activation):
            found[-1] = place
        else:
            inside = False
    if not found:
        raise NoConvolutionsError(
            "This model has no convolutions, so neither Grad-CAM nor activation maps exist for "
            "it; choose gradient saliency, SmoothGrad or integrated gradients."
        )
    return tuple(found)


def block_of(network: Network, number: int | None) -> Block:
    """Give one block by its number, or the last.

    Raises
    ------
    ModelError
        If there is no such block.
    """
    blocks = blocks_of(network)
    if number is None:
        return blocks[-1]
    if not 1 <= number <= len(blocks):
        raise ModelError(
            f"This model has no convolution block {number}; choose one from 1 to {len(blocks)}."
        )
    return blocks[number - 1]


def _after(place: Block, layer: Layer) -> Block:
    match layer:
        case Convolution(name, _, side, _, "same", stride):
            cells = -(-place.cells // stride)
            # Keras puts the odd pixel of its padding after the map.
            before = max((cells - 1) * stride + side - place.cells, 0) // 2
            return _moved(place, name, cells, side, stride, before, 1)
        case Convolution(name, _, side, _, _, stride):
            cells = (place.cells - side) // stride + 1
            return _moved(place, name, cells, side, stride, 0, 1)
        case Pool(name, side):
            return _moved(place, name, place.cells // side, side, side, 0, 0)
        case _:
            return Block(place.number, layer.name, place.cells, place.first, place.spacing)


def _moved(  # noqa: PLR0917  private, and called just above
    place: Block, name: str, cells: int, side: int, stride: int, before: int, blocks: int
) -> Block:
    first = place.first + ((side - 1) / 2 - before) * place.spacing
    return Block(place.number + blocks, name, cells, first, place.spacing * stride)
