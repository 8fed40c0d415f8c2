"""MicroCrystalNet as the paper describes it."""

from collections.abc import Sequence

from microcrystalnet.learning.config import NSR_PARTS
from microcrystalnet.learning.networks.layers import (
    Activation,
    BatchNorm,
    Components,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    Layer,
    Network,
    Pool,
    Selection,
    Standardise,
)

# The paper names three filter sizes and three kernel counts for four blocks. Kernels "culminate"
# at 128, so the last repeats; the smallest filter repeats, where it costs the least.
FILTER_SIDES = (3, 3, 5, 7)
KERNELS = (32, 64, 128, 128)
BLOCK_DROPOUT = 0.2
DENSE = (1024, 256)
# Statistics are measured once an epoch instead of averaged over its batches; see `learning.fit`.
MOMENTUM = 0.0


def paper(
    size: int,
    classes: int,
    *,
    components: int,
    sparsity: float,
    dropout: float,
    block_dropout: float = BLOCK_DROPOUT,
    nsr: Sequence[str] = NSR_PARTS,
) -> Network:
    """Give the network of IEEE Access 2025, section 3.

    Parameters
    ----------
    size
        Side of a crop in pixels, 16 or more.
    classes
        Number of outputs.
    components
        Size of the PCA basis; fewer than the training crystals.
    sparsity
        Weight of the L1 penalty on the selection.
    dropout
        Share silenced after each dense layer.
    block_dropout
        Share silenced after each convolution block.
    nsr
        Which parts of the NSR block there are, of ``z-score``, ``pca`` and ``l1``.
    """
    layers: list[Layer] = []
    for number, (side, kernels) in enumerate(zip(FILTER_SIDES, KERNELS, strict=True), 1):
        layers += _block(f"block{number}", side, kernels, block_dropout)
    layers += [Flatten("flatten"), *_nsr(nsr, components, sparsity)]
    for number, units in enumerate(DENSE, 1):
        layers += _dense(f"dense{number}", units, dropout)
    return Network("paper", size, (*layers, Dense("logits", classes)))


def _block(name: str, side: int, kernels: int, dropout: float) -> list[Layer]:
    return [
        Convolution(f"{name}_conv", kernels, side),
        BatchNorm(f"{name}_norm", MOMENTUM),
        Activation(f"{name}_relu"),
        Pool(f"{name}_pool"),
        Dropout(f"{name}_dropout", dropout),
    ]


def _nsr(parts: Sequence[str], components: int, sparsity: float) -> list[Layer]:
    layers: list[Layer] = []
    if "z-score" in parts or "pca" in parts:
        layers.append(Standardise("nsr_standardise", scaled="z-score" in parts))
    if "pca" in parts:
        layers.append(Components("nsr_components", components))
    if "pca" in parts or "l1" in parts:
        # The selection also gives back to whitened components their own strengths.
        layers.append(Selection("nsr_selection", sparsity if "l1" in parts else 0.0))
    return layers


def _dense(name: str, units: int, dropout: float) -> list[Layer]:
    return [
        Dense(name, units),
        BatchNorm(f"{name}_norm", MOMENTUM),
        Activation(f"{name}_relu"),
        Dropout(f"{name}_dropout", dropout),
    ]
