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
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.keras_file import Weights, read_keras_file
from microcrystalnet.learning.model_folder import save
from microcrystalnet.learning.networks.shapes import check_weights
from microcrystalnet.learning.records import FORMAT, ModelCard

FEWEST_LABELLED = 20
MOST_CLASSES = 8


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
    network, weights = read_keras_file(path)
    try:
        check_weights(network, weights)
    except ModelError as problem:
        raise WeightsError(f"{path} cannot be used: {problem}") from problem
    classes = tuple(f"class {number}" for number in range(1, network.outputs + 1))
    card = ModelCard(
        format=FORMAT,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        network=network,
        classes=classes,
        scheme=None,
        recipe=CropRecipe(size=network.size, masked=False, order=0, stretch=False, squash=True),
        temperature=1.0,
        source=f"imported from {path.name}",
    )
    if class_order is not None:
        weights = reorder(weights, _positions(class_order, scheme, network.outputs))
        card = replace(card, classes=scheme.codes, scheme=scheme)
    save(folder, card, weights)
    return card


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


@dataclass(frozen=True, slots=True)
class OrderMatch:
    """How well an order of classes agrees with labelled crystals."""

    order: tuple[str, ...]
    accuracy: float


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
    if len(truth) < FEWEST_LABELLED:
        raise ModelError(
            f"The class order can be checked on {FEWEST_LABELLED} labelled crystals or more; there "
            f"are {len(truth)}."
        )
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
