"""What each convolution block of a network sees in a crop."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import ModelError
from microcrystalnet.explain.blocks import Block, blocks_of
from microcrystalnet.imaging.crops import CropFrame
from microcrystalnet.learning.networks.build import load_keras
from microcrystalnet.learning.predict import Classifier, check_crops


@dataclass(frozen=True, slots=True, eq=False)
class BlockActivation:
    """The maps of one convolution block for one crop of ``size`` pixels.

    ``channels`` is (cells, cells, filters) float32, on the block's own coarser grid.
    """

    block: Block
    size: int
    channels: NDArray[np.float32]

    def mean(self) -> NDArray[np.float32]:
        """Give the mean over all channels laid on the crop, (size, size) float32."""
        return self._laid(self.channels.mean(axis=2))

    def channel(self, number: int) -> NDArray[np.float32]:
        """Give one channel, counted from 0, laid on the crop, (size, size) float32.

        Raises
        ------
        ModelError
            If the block has no such channel.
        """
        count = self.channels.shape[2]
        if not 0 <= number < count:
            raise ModelError(
                f"Convolution block {self.block.number} has no channel {number}; choose one from "
                f"0 to {count - 1}."
            )
        return self._laid(self.channels[..., number])

    def strongest(
        self, inside: NDArray[np.bool_] | None = None, count: int = 16
    ) -> tuple[int, ...]:
        """Give the numbers of the channels with the highest mean response, strongest first.

        ``inside`` are the crystal's pixels in its crop, (size, size) bool: only what a channel
        responds to there counts, as many respond most to the black around a crystal.
        """
        counted = np.ones((self.size, self.size)) if inside is None else inside
        spread = self.block.spread(self.size)
        weights = spread.T @ counted.astype(np.float32) @ spread
        order = np.argsort(-np.einsum("rc,rcf->f", weights, self.channels), kind="stable")
        return tuple(int(number) for number in order[:count])

    def _laid(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        spread = self.block.spread(self.size)
        return np.asarray(spread @ values @ spread.T, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class CrystalActivations:
    """What every block sees in one crystal, and where its crop was cut.

    ``masked`` is that of `microcrystalnet.explain.explanation.Explanation`.
    """

    frame: CropFrame
    masked: bool
    blocks: tuple[BlockActivation, ...]


def activations(classifier: Classifier, crop: NDArray[np.float32]) -> tuple[BlockActivation, ...]:
    """Give the maps of every convolution block for one crop (size, size, 1), grey from 0 to 1.

    Raises
    ------
    ModelError
        If the model has no convolutions, or was made for other crops.
    """
    check_crops(classifier, crop[None])
    blocks = blocks_of(classifier.card.network)
    model = classifier.model
    outputs = [model.get_layer(block.layer).output for block in blocks]
    seen = load_keras().Model(model.input, outputs)(crop[None], training=False)
    maps = seen if isinstance(seen, list | tuple) else [seen]
    return tuple(
        BlockActivation(block, len(crop), np.asarray(each, np.float32)[0])
        for block, each in zip(blocks, maps, strict=True)
    )
