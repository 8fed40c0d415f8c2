"""Who takes part in a comparison of networks, and how each is trained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from microcrystalnet.errors import TrainingError, WeightsError
from microcrystalnet.learning.config import NETWORKS, NSR_PARTS, TrainConfig
from microcrystalnet.learning.imagenet import load_imagenet
from microcrystalnet.learning.networks.layers import BACKBONES, Backbone, Network

if TYPE_CHECKING:
    import keras

# The paper's network with parts of its NSR block left out; together they are the ablation.
ABLATION: Mapping[str, tuple[str, ...]] = {
    "paper-no-zscore": ("pca", "l1"),
    "paper-no-pca": ("z-score", "l1"),
    "paper-no-l1": ("z-score", "pca"),
    "paper-no-nsr": (),
}
# The paper's network with less dropout than the paper says, as that is what holds it back.
LESS_DROPOUT = "paper-less-dropout"
# At the paper's 0.001 these two do not learn: neither normalises its features over the batch.
LEARNING_RATES: Mapping[str, float] = {"vgg16": 1e-4, "vit": 5e-4}


@dataclass(frozen=True, slots=True)
class Entrant:
    """A network as it takes part; ``imagenet`` is the file of weights it begins with, if any."""

    name: str
    config: TrainConfig
    imagenet: Path | None = None

    def change(self, network: Network) -> Network:
        """Give the network as this entrant needs it."""
        if self.imagenet is None:
            return network
        layers = (
            replace(each, imagenet=True) if isinstance(each, Backbone) else each
            for each in network.layers
        )
        return replace(network, layers=tuple(layers))

    def begin(self, model: "keras.Model") -> None:
        """Set the weights that training begins with.

        Raises
        ------
        WeightsError
            If they cannot be read or belong to another network.
        """
        if self.imagenet is not None:
            load_imagenet(model, self.config.network, self.imagenet)


def enter(
    names: Sequence[str], budget: TrainConfig, imagenet: Mapping[str, Path] | None = None
) -> list[Entrant]:
    """Give the entrants of these names; ``ablation`` stands for all of ``ABLATION``.

    Raises
    ------
    TrainingError
        If a name is unknown, or a network has no ImageNet weights.
    WeightsError
        If a file of weights is missing.
    """
    every = [each for name in names for each in (ABLATION if name == "ablation" else (name,))]
    entrants = [_entrant(name, budget) for name in every]
    for kind, file in (imagenet or {}).items():
        if kind not in BACKBONES:
            raise TrainingError(
                f"There are no ImageNet weights for “{kind}”; choose {' or '.join(BACKBONES)}."
            )
        if not file.is_file():
            raise WeightsError(f"{file} is missing; fetch the ImageNet weights of {kind} first.")
        begun = _entrant(kind, budget)
        entrants.append(Entrant(f"{kind}-imagenet", begun.config, file))
    return entrants


def _entrant(name: str, budget: TrainConfig) -> Entrant:
    if name in ABLATION:
        return Entrant(name, replace(budget, network="paper", nsr=ABLATION[name]))
    if name == LESS_DROPOUT:
        return Entrant(name, replace(budget, network="paper", dropout=0.2, block_dropout=0.0))
    if name not in NETWORKS:
        known = ", ".join((*NETWORKS, *ABLATION, "ablation", LESS_DROPOUT))
        raise TrainingError(f"There is no network “{name}” to compare; choose from {known}.")
    rate = LEARNING_RATES.get(name, budget.learning_rate)
    return Entrant(name, replace(budget, network=name, nsr=NSR_PARTS, learning_rate=rate))
