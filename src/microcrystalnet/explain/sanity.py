"""Makes a network forget layer by layer, from its answer back, and watches its maps change."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import ModelError
from microcrystalnet.explain.attribution import SALIENCY, attribute, check_method
from microcrystalnet.explain.gradient import class_numbers
from microcrystalnet.explain.integrated import path_gradients
from microcrystalnet.explain.likeness import rank_correlation, structure
from microcrystalnet.learning.networks.build import build, get_weights, set_weights
from microcrystalnet.learning.predict import Classifier, check_crops
from microcrystalnet.learning.run import compile_run
from microcrystalnet.progress import Progress, Report, ignore_progress

MOST_STAGES = 10
# Half the ranks in common is our own limit; the paper compares methods and sets none.
MOST_ALIKE = 0.5
Maps = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How alike maps still are once every layer from the answer back to ``stage`` forgot.

    ``rank`` is the mean rank correlation of the maps within the crystals, ``structure`` their mean
    structural similarity (SSIM); both are 1 for the same map.
    """

    stage: str
    rank: float
    structure: float


@dataclass(frozen=True, slots=True)
class Cascade:
    """What became of a method's maps while the network forgot; the last stage is all of it."""

    method: str
    stages: tuple[Forgotten, ...]

    @property
    def similarity(self) -> float:
        """Rank correlation between the maps of the learned and of the random network."""
        return self.stages[-1].rank

    @property
    def passed(self) -> bool:
        """Whether the maps changed enough to be about the network."""
        return self.similarity < MOST_ALIKE


def cascade(
    classifier: Classifier,
    crops: Maps,
    target: str | Sequence[str],
    method: str = SALIENCY,
    report: Report = ignore_progress,
    *,
    block: int | None = None,
    generator: np.random.Generator | None = None,
) -> Cascade:
    """Shuffle the weights of one stage after the other and compare the maps with the first ones.

    Arguments are those of `attribute`. Maps are compared where the crops are not black, because
    the silhouette of a crystal alone makes any two maps alike. Source: Adebayo et al. 2018,
    *Sanity Checks for Saliency Maps*, section 3.1, cascading randomisation; weights are shuffled
    within each layer instead of drawn anew, which keeps the scale of the scores.

    Raises
    ------
    ModelError
        As `attribute`, or if there is no crop.
    """
    if not len(crops):
        raise ModelError("The check needs at least one crop to explain; choose a crystal.")
    check_crops(classifier, crops)
    generator = generator or np.random.default_rng(0)
    learned = _maps(classifier, crops, target, method, block)
    forgetful, weights = copied(classifier), get_weights(classifier.model)
    stages, found = _stages(classifier), []
    for number, (stage, names) in enumerate(stages):
        report(Progress(number, len(stages), "Making the network forget"))
        weights |= {name: generator.permuted(weights[name]) for name in names}
        set_weights(forgetful.model, weights)
        maps = _maps(forgetful, crops, target, method, block)
        found.append(Forgotten(stage, *_alike(crops, learned, maps)))
    return Cascade(method, tuple(found))


def copied(classifier: Classifier) -> Classifier:
    """Give a classifier of its own with the same network, whose weights may be changed."""
    model = build(classifier.card.network)
    set_weights(model, get_weights(classifier.model))
    return Classifier(classifier.model_id, classifier.card, model, compile_run(model))


def _maps(
    classifier: Classifier,
    crops: Maps,
    target: str | Sequence[str],
    method: str,
    block: int | None,
) -> Maps:
    """Give maps; integrated gradients without the many steps a random network would need."""
    check_method(method, block)
    if method == "integrated":
        return path_gradients(classifier, crops, class_numbers(classifier, target, len(crops)))
    return attribute(classifier, crops, target, method, block=block)


def _alike(crops: Maps, learned: Maps, forgotten: Maps) -> tuple[float, float]:
    """Average over the crops whose first map says anything; 1, wholly alike, where none does."""
    ranks, structures = [], []
    for crop, one, other in zip(crops[..., 0], learned, forgotten, strict=True):
        seen = crop > 0 if crop.any() else np.ones(crop.shape, bool)
        if np.ptp(one[seen]) > 0:
            ranks.append(rank_correlation(one[seen], other[seen]))
            structures.append(structure(np.where(seen, one, 0), np.where(seen, other, 0)))
    return (float(np.mean(ranks)), float(np.mean(structures))) if ranks else (1.0, 1.0)


def _stages(classifier: Classifier) -> list[tuple[str, list[str]]]:
    """Give the stages of a network, last first, and the names of their learned weights.

    Stored statistics and the PCA basis stay, as they describe the crops and not the classes.
    """
    learned = [layer for layer in classifier.model.layers if layer.trainable_variables]
    named = groupby(reversed(learned), key=lambda layer: str(layer.name).split("_", 1)[0])
    stages = [(name, [each for layer in part for each in _weights(layer)]) for name, part in named]
    step = -(-len(stages) // MOST_STAGES)
    together = [stages[at : at + step] for at in range(0, len(stages), step)]
    return [(part[-1][0], [name for _, names in part for name in names]) for part in together]


def _weights(layer: object) -> list[str]:
    variables = layer.trainable_variables  # type: ignore[attr-defined]  # Keras ships no types
    return [f"{layer.name}/{each.name}" for each in variables]  # type: ignore[attr-defined]
