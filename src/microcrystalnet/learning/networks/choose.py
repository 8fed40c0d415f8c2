"""Turn a training configuration into the network it asks for."""

from microcrystalnet.errors import TrainingError
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.networks.layers import Network
from microcrystalnet.learning.networks.paper import paper
from microcrystalnet.learning.networks.released import released

SMALLEST_CROP = 16


def choose(config: TrainConfig, size: int, classes: int, crystals: int) -> Network:
    """Give the network for crops of ``size`` pixels and ``crystals`` training crystals.

    Raises
    ------
    TrainingError
        If the crops are too small for four halvings.
    """
    if size < SMALLEST_CROP:
        raise TrainingError(
            f"Crops of {size} pixels are too small for the network; use {SMALLEST_CROP} or more."
        )
    if config.network == "released":
        return released(size, classes)
    return paper(
        size,
        classes,
        components=max(1, min(config.components, crystals - 1)),
        sparsity=config.sparsity,
        nsr=config.nsr,
        dropout=config.dropout,
        block_dropout=config.block_dropout,
    )
