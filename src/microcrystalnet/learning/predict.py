"""Ask a trained classifier about crystals."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import ModelError
from microcrystalnet.learning.calibrate import temper
from microcrystalnet.learning.dataset import Example, cut_examples
from microcrystalnet.learning.inference import open_run
from microcrystalnet.learning.model_folder import load, load_weights
from microcrystalnet.learning.networks.branches import is_chain
from microcrystalnet.learning.networks.build import Weights, build, set_weights
from microcrystalnet.learning.records import ModelCard
from microcrystalnet.learning.run import compile_run, in_batches
from microcrystalnet.progress import Report, ignore_progress

if TYPE_CHECKING:
    import keras


class Classifier:
    """A model in memory, ready to answer.

    ``run`` gives the probabilities (n, classes) of crops (n, size, size, 1). The Keras ``model``,
    which explanations look into, is built from ``weights`` when it is first asked for.
    """

    def __init__(
        self,
        model_id: str,
        card: ModelCard,
        model: "keras.Model | None",
        run: Any,  # Any: a TensorFlow graph, which has no static type, or a plain function
        weights: Weights | None = None,
    ) -> None:
        self.model_id, self.card, self.run = model_id, card, run
        self._model, self._weights = model, weights or {}
        self._graphs: dict[str, Any] = {}  # Any: graphs of TensorFlow have no static type

    @property
    def weights(self) -> Weights:
        """Every weight by its name, of a network whose layers form a chain."""
        return self._weights

    @property
    def model(self) -> "keras.Model":
        """The same network in Keras.

        Raises
        ------
        MissingExtraError
            If TensorFlow is not installed.
        """
        if self._model is None:
            model = build(self.card.network)
            set_weights(model, self._weights)
            self._model = model
        return self._model

    def graph(self, name: str, make: Callable[[], Any]) -> Any:
        """Give a graph of the model, made when first asked for, which takes a second.

        It goes when the classifier goes, as a cache elsewhere would keep both.
        """
        if name not in self._graphs:
            self._graphs[name] = make()
        return self._graphs[name]


def open_classifier(folder: Path, scheme: Scheme | None = None) -> Classifier:
    """Load a model folder.

    Raises
    ------
    ModelError
        If it is missing, damaged, or made for other classes than ``scheme``.
    MissingExtraError
        If the network forks, which needs TensorFlow, and it is not installed.
    """
    card = load(folder, scheme)
    weights = load_weights(folder)
    if is_chain(card.network):
        return Classifier(folder.name, card, None, open_run(card.network, weights), weights)
    model = build(card.network)
    set_weights(model, weights)
    return Classifier(folder.name, card, model, compile_run(model))


def predict_crops(
    classifier: Classifier, crops: NDArray[np.float32], report: Report = ignore_progress
) -> NDArray[np.float64]:
    """Give calibrated probabilities (n, classes) of crops (n, size, size, 1) from 0 to 1.

    Raises
    ------
    ModelError
        If the crops are of another size or hold NaN.
    """
    check_crops(classifier, crops)
    return temper(in_batches(classifier.run, crops, report), classifier.card.temperature)


def predict(
    model: Path | Classifier,
    examples: Sequence[Example],
    report: Report = ignore_progress,
    *,
    scheme: Scheme | None = None,
) -> list[Prediction]:
    """Predict the class of every crystal, in the order of ``examples``.

    Raises
    ------
    ModelError
        If the model folder is damaged or made for other classes than ``scheme``.
    UnreadableFileError
        If a micrograph cannot be read.
    """
    classifier = open_classifier(model, scheme) if isinstance(model, Path) else model
    crops = cut_examples(examples, classifier.card.recipe, report)
    table = predict_crops(classifier, crops, report)
    return [
        Prediction(
            example.crystal_id,
            classifier.model_id,
            classifier.card.classes,
            tuple(float(value) for value in row),
            example.mask.digest,
        )
        for example, row in zip(examples, table, strict=True)
    ]


def check_crops(classifier: Classifier, crops: NDArray[np.float32]) -> None:
    """Refuse crops the model was not made for.

    Raises
    ------
    ModelError
        If the crops are of another size or hold NaN.
    """
    size = classifier.card.network.size
    if crops.ndim != 4 or crops.shape[1:] != (size, size, 1):
        raise ModelError(
            f"The model needs crops of {size} x {size} grey pixels, but these have the shape "
            f"{crops.shape[1:]}."
        )
    if not np.isfinite(crops).all():
        raise ModelError("Some crops hold pixels that are not numbers; read the image again.")
