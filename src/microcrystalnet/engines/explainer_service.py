"""What the explainer's child process answers: why a classifier says what it says.

It is a process apart from the classifier's, so that crystals can be explained during a training.
"""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import PixelSize
from microcrystalnet.explain.activations import CrystalActivations, activations
from microcrystalnet.explain.attribution import SALIENCY, attribute
from microcrystalnet.explain.crop_shelf import CropShelf
from microcrystalnet.explain.explain import explain, explain_all
from microcrystalnet.explain.explanation import Explanation
from microcrystalnet.explain.outline import OutlineShare, mask_in_crop, outline_share
from microcrystalnet.explain.pixel_curves import PixelCurves, pixel_curves
from microcrystalnet.explain.sanity import Cascade, cascade
from microcrystalnet.learning.dataset import Example
from microcrystalnet.learning.predict import Classifier, open_classifier, predict_crops
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.report.figure_material import FigureMaterial
from microcrystalnet.report.map_figure import MapView, draw_map
from microcrystalnet.report.map_file import write_tiff
from microcrystalnet.report.paper_figures import write_figures

KEPT = 2


class ExplainerService:
    """Explains crystals; the last models and micrographs stay in memory.

    ``method``, ``target`` and ``block`` are those of
    `microcrystalnet.explain.attribution.attribute`; without ``target`` each crystal's predicted
    class is explained.
    """

    METHODS = frozenset(
        {
            *("warm", "explain", "explain_all", "activations"),
            *("curves", "cascade", "outline", "draw", "write", "figures"),
        }
    )

    def __init__(self) -> None:
        self._open: OrderedDict[Path, Classifier] = OrderedDict()
        self._shelf = CropShelf()

    def warm(
        self,
        model_folder: Path,
        example: Example | None = None,
        report: Report = ignore_progress,
    ) -> str:
        """Load a model, build its graphs and read the micrograph, before anybody waits for it."""
        classifier = self._classifier(model_folder, report)
        report(Progress(0, 0, "Preparing the explanations"))
        size = classifier.card.network.size
        blank = np.zeros((1, size, size, 1), np.float32)
        predict_crops(classifier, blank)
        attribute(classifier, blank, classifier.card.classes[0])
        if example is not None:
            self._shelf.cut([example], classifier.card.recipe)
        return classifier.model_id

    def explain(  # noqa: PLR0917  the arguments cross by name
        self,
        model_folder: Path,
        example: Example,
        target: str | None = None,
        method: str = SALIENCY,
        block: int | None = None,
        report: Report = ignore_progress,
    ) -> Explanation:
        """Explain one crystal."""
        classifier = self._classifier(model_folder, report)
        return explain(
            classifier, example, target, method, report, block=block, cut=self._shelf.cut
        )

    def explain_all(  # noqa: PLR0917  the arguments cross by name
        self,
        model_folder: Path,
        examples: Sequence[Example],
        target: str | None = None,
        method: str = SALIENCY,
        block: int | None = None,
        report: Report = ignore_progress,
    ) -> list[Explanation]:
        """Explain many crystals, in their order."""
        classifier = self._classifier(model_folder, report)
        return explain_all(
            classifier, examples, target, method, report, block=block, cut=self._shelf.cut
        )

    def activations(
        self, model_folder: Path, example: Example, report: Report = ignore_progress
    ) -> CrystalActivations:
        """Give what every convolution block sees in one crystal, and where its crop was cut."""
        classifier = self._classifier(model_folder, report)
        recipe = classifier.card.recipe
        crops = self._shelf.cut([example], recipe)
        frame = recipe.frame(example.mask.region)
        return CrystalActivations(frame, recipe.masked, activations(classifier, crops[0]))

    def curves(  # noqa: PLR0917  the arguments cross by name
        self,
        model_folder: Path,
        example: Example,
        target: str | None = None,
        method: str = SALIENCY,
        block: int | None = None,
        report: Report = ignore_progress,
    ) -> PixelCurves:
        """Take one crystal's pixels away, and bring them back, in the order of its map."""
        said = self.explain(model_folder, example, target, method, block, report)
        classifier = self._classifier(model_folder, report)
        (crop,) = self._shelf.cut([example], classifier.card.recipe)
        inside = mask_in_crop(example.mask, said.frame)
        return pixel_curves(
            classifier, crop, said.values, said.cls, report, method=method, inside=inside
        )

    def cascade(  # noqa: PLR0917  the arguments cross by name
        self,
        model_folder: Path,
        examples: Sequence[Example],
        target: str | None = None,
        method: str = SALIENCY,
        block: int | None = None,
        report: Report = ignore_progress,
    ) -> Cascade:
        """Watch the maps of crystals change while the network forgets."""
        classifier = self._classifier(model_folder, report)
        crops = self._shelf.cut(examples, classifier.card.recipe)
        classes = classifier.card.classes
        wanted = [
            target or classes[int(np.argmax(row))] for row in predict_crops(classifier, crops)
        ]
        return cascade(classifier, crops, wanted, method, report, block=block)

    def outline(  # noqa: PLR0917  the arguments cross by name
        self,
        model_folder: Path,
        examples: Sequence[Example],
        target: str | None = None,
        method: str = SALIENCY,
        block: int | None = None,
        report: Report = ignore_progress,
    ) -> list[OutlineShare]:
        """Give how much of each crystal's map lies along its outline; some have no interior."""
        answers = self.explain_all(model_folder, examples, target, method, block, report)
        found = []
        for example, said in zip(examples, answers, strict=True):
            shares = outline_share(said.values, mask_in_crop(example.mask, said.frame))
            if shares is not None:
                found.append(OutlineShare(example.crystal_id, example.image_id, said.cls, *shares))
        return found

    def figures(
        self,
        model_folder: Path,
        material: FigureMaterial,
        out: Path,
        report: Report = ignore_progress,
    ) -> list[Path]:
        """Draw a paper's figures; see `microcrystalnet.report.paper_figures.write_figures`."""
        return write_figures(self._classifier(model_folder, report), material, out, report)

    def draw(self, path: Path, view: MapView, report: Report = ignore_progress) -> Path:
        """Write a figure of a map on its micrograph, as the path's suffix says."""
        report(Progress(0, 0, f"Drawing {path.name}"))
        draw_map(path, view, report)
        return path

    def write(
        self,
        path: Path,
        values: NDArray[np.float32],
        pixel_size: PixelSize | None,
        report: Report = ignore_progress,
    ) -> Path:
        """Write a map's numbers as a float TIFF."""
        report(Progress(0, 0, f"Writing {path.name}"))
        write_tiff(path, values, pixel_size)
        return path

    def _classifier(self, folder: Path, report: Report) -> Classifier:
        """Give a model from memory, or load it; model folders are written once and never change."""
        if folder not in self._open:
            report(Progress(0, 0, "Loading the classifier"))
            self._open[folder] = open_classifier(folder)
            if len(self._open) > KEPT:
                self._open.popitem(last=False)
        self._open.move_to_end(folder)
        return self._open[folder]
