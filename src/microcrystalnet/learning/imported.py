"""Take a classifier trained elsewhere into a model folder, and find the order of its classes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import ModelError, WeightsError
from microcrystalnet.learning.dataset import CropRecipe, Example, cut_examples
from microcrystalnet.learning.inference import open_run
from microcrystalnet.learning.keras_file import Weights, read_keras_file
from microcrystalnet.learning.model_folder import save
from microcrystalnet.learning.networks.layers import Network
from microcrystalnet.learning.networks.shapes import check_weights
from microcrystalnet.learning.records import FORMAT, ModelCard
from microcrystalnet.learning.run import in_batches
from microcrystalnet.progress import Report, ignore_progress

FEWEST_LABELLED = 20
MOST_CLASSES = 8


@dataclass(frozen=True, slots=True)
class OrderMatch:
    """How well an order of classes agrees with labelled crystals."""

    order: tuple[str, ...]
    accuracy: float


def import_weights(
    path: Path, folder: Path, scheme: Scheme, class_order: Sequence[str] | None = None
) -> ModelCard:
    """Write the model folder of a Keras .h5 file.

    ``class_order`` names the class of each output in turn. Without it the outputs are called
    ``class 1``, ``class 2`` and so on: an order is never guessed, as the released weights do not
    tell theirs. The crops are made as for the released weights: grey divided by 255, nearest pixel.

    Raises
    ------
    WeightsError
        If the file cannot be used, or ``class_order`` does not fit it.
    ModelError
        If ``folder`` cannot be written.
    """
    network, weights = _read(path)
    classes = tuple(f"class {number}" for number in range(1, network.outputs + 1))
    card = ModelCard(
        format=FORMAT,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        network=network,
        classes=classes,
        scheme=None,
        recipe=recipe_of(network),
        temperature=1.0,
        source=f"imported from {path.name}",
    )
    if class_order is not None:
        weights = reorder(weights, _positions(class_order, scheme, network.outputs))
        card = replace(card, classes=scheme.codes, scheme=scheme)
    save(folder, card, weights)
    return card


def recipe_of(network: Network) -> CropRecipe:
    """Give how crops are made for imported weights: as for the released ones (DOMAIN.md 1)."""
    return CropRecipe(size=network.size, masked=False, order=0, stretch=False, squash=True)


def check_class_order(
    path: Path,
    examples: Sequence[Example],
    labels: Sequence[str],
    codes: Sequence[str],
    report: Report = ignore_progress,
) -> list[OrderMatch]:
    """Compare every order of the classes of a Keras .h5 file with labelled crystals; see above.

    Raises
    ------
    WeightsError
        If the file cannot be used.
    ModelError
        If there are fewer than 20 crystals, or more than eight classes.
    UnreadableFileError
        If a micrograph cannot be read.
    """
    check_enough(labels)
    network, weights = _read(path)
    crops = cut_examples(examples, recipe_of(network), report)
    return match_orders(labels, in_batches(open_run(network, weights), crops, report), codes)


def _read(path: Path) -> tuple[Network, Weights]:
    network, weights = read_keras_file(path)
    try:
        check_weights(network, weights)
    except ModelError as problem:
        raise WeightsError(f"{path} cannot be used: {problem}") from problem
    return network, weights


def reorder(weights: Weights, positions: Sequence[int]) -> Weights:
    """Make output i of the last layer what output ``positions[i]`` was."""
    moved = {name: weights[name][..., list(positions)] for name in ("logits/kernel", "logits/bias")}
    return weights | moved


def _positions(class_order: Sequence[str], scheme: Scheme, outputs: int) -> list[int]:
    codes = [scheme.resolve(name) for name in class_order]
    if len(codes) != outputs or sorted(map(str, codes)) != sorted(scheme.codes):
        raise WeightsError(
            f"The class order “{', '.join(class_order)}” does not fit: name each of "
            f"{', '.join(scheme.codes)} once, for {outputs} outputs."
        )
    return [codes.index(code) for code in scheme.codes]


def match_orders(
    truth: Sequence[str], probabilities: NDArray[np.floating[Any]], codes: Sequence[str]
) -> list[OrderMatch]:
    """Compare every order of the classes with labelled crystals, best match first.

    Parameters
    ----------
    truth
        Class codes of n crystals.
    probabilities : (n, classes)
        Outputs of the network in its own order.
    codes
        The classes, in any order.

    Raises
    ------
    ModelError
        If there are fewer than 20 crystals, or more than eight classes.
    """
    check_enough(truth)
    if len(codes) > MOST_CLASSES or probabilities.shape[1] != len(codes):
        raise ModelError(
            f"The order of {probabilities.shape[1]} outputs cannot be checked against "
            f"{len(codes)} classes."
        )
    hits = np.zeros((len(codes), len(codes)), np.intp)
    np.add.at(hits, (probabilities.argmax(1), [list(codes).index(code) for code in truth]), 1)
    matches = [
        OrderMatch(
            tuple(codes[at] for at in order),
            float(hits[np.arange(len(codes)), order].sum() / len(truth)),
        )
        for order in permutations(range(len(codes)))
    ]
    return sorted(matches, key=lambda match: -match.accuracy)


def margin(matches: Sequence[OrderMatch]) -> float | None:
    """Give how far the best order leads the second; None where there is nothing to compare."""
    return matches[0].accuracy - matches[1].accuracy if len(matches) > 1 else None


def check_enough(truth: Sequence[str]) -> None:
    """Refuse to tell an order from too few labelled crystals.

    Raises
    ------
    ModelError
        If there are fewer than 20.
    """
    if len(truth) < FEWEST_LABELLED:
        raise ModelError(
            f"The class order can be checked on {FEWEST_LABELLED} labelled crystals or more, but "
            f"only {len(truth)} have a settled class; label more, or name the order yourself."
        )
