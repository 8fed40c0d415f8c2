"""Whether a method's maps tell of what the network learned: they must change without it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import ModelError
from microcrystalnet.explain.attribution import SALIENCY, attribute
from microcrystalnet.learning.networks.build import build, get_weights, set_weights
from microcrystalnet.learning.predict import Classifier
from microcrystalnet.learning.run import compile_run
from microcrystalnet.progress import Report, ignore_progress

# Half the ranks in common is our own limit; the paper compares methods and sets none.
MOST_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class SanityCheck:
    """How alike a method's maps are before and after the network forgot what it learned."""

    method: str
    similarity: float  # mean rank correlation, -1..1; 1: the same map from a random network

    @property
    def passed(self) -> bool:
        """Whether the maps changed enough to be about the network."""
        return self.similarity < MOST_ALIKE


def check_sanity(
    classifier: Classifier,
    crops: NDArray[np.float32],
    target: str | Sequence[str],
    method: str = SALIENCY,
    report: Report = ignore_progress,
    *,
    block: int | None = None,
    generator: np.random.Generator | None = None,
) -> SanityCheck:
    """Compare the maps of a classifier with those of the same network with shuffled weights.

    Arguments are those of `attribute`. Source: Adebayo et al. 2018, *Sanity Checks for Saliency
    Maps*, section 3; weights are shuffled within each layer instead of drawn anew, which keeps the
    scale of the scores.

    Raises
    ------
    ModelError
        As `attribute`, or if there is no crop.
    """
    if not len(crops):
        raise ModelError("The check needs at least one crop to explain; choose a crystal.")
    random = randomised(classifier, generator or np.random.default_rng(0))
    learned = attribute(classifier, crops, target, method, report, block=block)
    forgotten = attribute(random, crops, target, method, report, block=block)
    alike = [rank_correlation(*pair) for pair in zip(learned, forgotten, strict=True)]
    return SanityCheck(method, float(np.mean(alike)))


def randomised(classifier: Classifier, generator: np.random.Generator) -> Classifier:
    """Give the same classifier with the learned weights of every layer shuffled.

    Stored statistics and the PCA basis stay, as they describe the crops and not the classes.
    """
    model = build(classifier.card.network)
    learned = {
        f"{layer.name}/{variable.name}"
        for layer in classifier.model.layers
        for variable in layer.trainable_variables
    }
    weights = get_weights(classifier.model)
    shuffled = {name: generator.permuted(weights[name]) for name in sorted(learned)}
    set_weights(model, weights | shuffled)
    return Classifier(classifier.model_id, classifier.card, model, compile_run(model))


def rank_correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Give Spearman's correlation of the sizes of two maps' values, -1 to 1.

    A map of one value everywhere is like another such map (1) and unlike any other (0).
    """
    from scipy.stats import spearmanr

    flat = [np.abs(values).ravel() for values in (one, other)]
    constant = [bool(np.ptp(values) == 0) for values in flat]
    if any(constant):
        return float(all(constant))
    return float(spearmanr(*flat).statistic)
