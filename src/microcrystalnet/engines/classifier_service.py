"""What the classifier's child process answers: train, search, predict, and draw results."""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.dataset import CropRecipe, Example, cut_examples
from microcrystalnet.learning.familiar import tiny, unfamiliar
from microcrystalnet.learning.feature_map import FeatureMap, feature_map
from microcrystalnet.learning.features import features
from microcrystalnet.learning.imported import OrderMatch, check_class_order, import_weights
from microcrystalnet.learning.material import LabelledCrops, Teaching, cut_material
from microcrystalnet.learning.predict import Classifier, open_classifier, predict
from microcrystalnet.learning.records import ModelCard
from microcrystalnet.learning.search import Question, search
from microcrystalnet.learning.search_folder import Search
from microcrystalnet.learning.train import TrainingSummary, train
from microcrystalnet.learning.weights_file import WeightsFile, inspect
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.report.evaluation_figures import Evaluated, drawings, write_all
from microcrystalnet.report.files import make_folder

KEPT = 3


class ClassifierService:
    """Trains, searches and predicts; the last few models stay in memory."""

    METHODS = frozenset(
        {
            "train",
            "search",
            "predict",
            "check_class_order",
            "import_weights",
            "compare_with_training",
            "features",
            "lay_out",
            "inspect_weights",
            "draw_figure",
            "draw_figures",
        }
    )

    def __init__(self) -> None:
        self._open: OrderedDict[Path, Classifier] = OrderedDict()

    def train(  # noqa: PLR0917  as `learning.train.train`, whose arguments cross by name
        self,
        examples: Sequence[Example],
        labels: Sequence[str],
        scheme: Scheme,
        config: TrainConfig,
        folder: Path,
        report: Report = ignore_progress,
        recipe: CropRecipe | None = None,
        teaching: Teaching | None = None,
    ) -> TrainingSummary:
        """Train a model into ``folder``; see `microcrystalnet.learning.train.train`."""
        report(Progress(0, config.epochs, "Starting the classifier"))
        return train(
            examples, labels, scheme, config, folder, report, recipe=recipe, teaching=teaching
        )

    def search(  # noqa: PLR0917  the arguments cross by name
        self,
        examples: Sequence[Example],
        labels: Sequence[str],
        scheme: Scheme,
        config: TrainConfig,
        folder: Path,
        trials: int,
        report: Report = ignore_progress,
        teaching: Teaching | None = None,
    ) -> Search:
        """Search for better choices; see `microcrystalnet.learning.search.search`."""
        report(Progress(0, trials * config.epochs, "Starting the classifier"))

        def cut(size: int) -> LabelledCrops:
            return cut_material(examples, labels, teaching, CropRecipe(size=size), report)

        return search(Question(cut, scheme, config), folder, trials, report)

    def check_class_order(
        self,
        path: Path,
        examples: Sequence[Example],
        labels: Sequence[str],
        codes: Sequence[str],
        report: Report = ignore_progress,
    ) -> list[OrderMatch]:
        """Compare every order of a file's classes with labelled crystals, best match first."""
        return check_class_order(path, examples, labels, codes, report)

    def import_weights(
        self,
        path: Path,
        folder: Path,
        scheme: Scheme,
        class_order: Sequence[str] | None = None,
        report: Report = ignore_progress,
    ) -> ModelCard:
        """Write the model folder of a Keras .h5 file."""
        report(Progress(0, 0, f"Importing {path.name}"))
        return import_weights(path, folder, scheme, class_order)

    def compare_with_training(
        self, model_folder: Path, examples: Sequence[Example], report: Report = ignore_progress
    ) -> tuple[str, ...]:
        """Give a warning for each way in which crystals differ from those a model learnt from."""
        card = self._classifier(model_folder, None, report).card
        crops = cut_examples(examples, card.recipe, report)
        differing = unfamiliar(card.seen, crops, [each.side_um for each in examples])
        return (*differing, *tiny([each.side for each in examples]))

    def predict(
        self,
        model_folder: Path,
        examples: Sequence[Example],
        scheme: Scheme | None = None,
        report: Report = ignore_progress,
    ) -> list[Prediction]:
        """Predict every crystal; see `microcrystalnet.learning.predict.predict`."""
        return predict(self._classifier(model_folder, scheme, report), examples, report)

    def features(
        self, model_folder: Path, examples: Sequence[Example], report: Report = ignore_progress
    ) -> NDArray[np.float32]:
        """Give what the last dense layer sees of crystals, (n, width)."""
        classifier = self._classifier(model_folder, None, report)
        return features(classifier, cut_examples(examples, classifier.card.recipe, report), report)

    def lay_out(  # noqa: PLR0917  the arguments cross by name
        self,
        model_folder: Path,
        examples: Sequence[Example],
        groups: Sequence[str],
        classes: Sequence[str],
        seed: int = 0,
        report: Report = ignore_progress,
    ) -> FeatureMap:
        """Lay crystals out in a plane by their features; ``groups`` names the class of each."""
        found = self.features(model_folder, examples, report)
        report(Progress(0, 0, f"Laying out {len(examples)} crystals by t-SNE"))
        ids = [each.crystal_id for each in examples]
        return feature_map(found, ids, groups, classes, seed)

    def inspect_weights(self, path: Path, report: Report = ignore_progress) -> WeightsFile:
        """Tell what a Keras .h5 file holds."""
        report(Progress(0, 0, f"Reading {path.name}"))
        return inspect(path)

    def draw_figure(
        self, path: Path, name: str, evaluated: Evaluated, report: Report = ignore_progress
    ) -> Path:
        """Write one figure as the path's suffix says, and its CSV beside it."""
        report(Progress(0, 0, f"Drawing {path.name}"))
        drawings(evaluated)[name].save_as(path)
        return path

    def draw_figures(
        self, folder: Path, evaluated: Evaluated, report: Report = ignore_progress
    ) -> Path:
        """Write every figure in each format, and the CSV behind it."""
        report(Progress(0, 0, "Drawing the figures"))
        make_folder(folder)
        write_all(folder, evaluated)
        return folder

    def _classifier(self, folder: Path, scheme: Scheme | None, report: Report) -> Classifier:
        """Give a model from memory, or load it; model folders are written once and never change."""
        if folder not in self._open:
            report(Progress(0, 0, "Loading the classifier"))
            self._open[folder] = open_classifier(folder, scheme)
            if len(self._open) > KEPT:
                self._open.popitem(last=False)
        self._open.move_to_end(folder)
        classifier = self._open[folder]
        if scheme is not None:
            classifier.card.check_scheme(scheme)
        return classifier
