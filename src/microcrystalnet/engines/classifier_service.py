"""What the classifier's child process answers: train, predict, explain."""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.explain.attribution import SALIENCY
from microcrystalnet.explain.explain import explain
from microcrystalnet.explain.explanation import Explanation
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.dataset import CropRecipe, Example
from microcrystalnet.learning.material import LabelledCrops, Teaching, cut_material
from microcrystalnet.learning.predict import Classifier, open_classifier, predict
from microcrystalnet.learning.search import Question, search
from microcrystalnet.learning.search_folder import Search
from microcrystalnet.learning.train import TrainingSummary, train
from microcrystalnet.progress import Progress, Report, ignore_progress

KEPT = 3


class ClassifierService:
    """Trains, predicts and explains; the last few models stay in memory."""

    METHODS = frozenset({"train", "search", "predict", "explain"})

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

    def predict(
        self,
        model_folder: Path,
        examples: Sequence[Example],
        scheme: Scheme | None = None,
        report: Report = ignore_progress,
    ) -> list[Prediction]:
        """Predict every crystal; see `microcrystalnet.learning.predict.predict`."""
        return predict(self._classifier(model_folder, scheme, report), examples, report)

    def explain(  # noqa: PLR0917  the arguments cross by name
        self,
        model_folder: Path,
        example: Example,
        target: str | None = None,
        method: str = SALIENCY,
        block: int | None = None,
        report: Report = ignore_progress,
    ) -> Explanation:
        """Explain one crystal's prediction, or the score of class ``target``.

        ``method`` and ``block`` are those of `microcrystalnet.explain.attribution.attribute`.
        """
        classifier = self._classifier(model_folder, None, report)
        return explain(classifier, example, target, method, report, block=block)

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
