"""Explain crystals on their micrographs."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.explain.attribution import SALIENCY, attribute, check_method
from microcrystalnet.explain.explanation import Explanation
from microcrystalnet.learning.dataset import CropRecipe, Example, cut_examples
from microcrystalnet.learning.predict import Classifier, predict_crops
from microcrystalnet.progress import Report, ignore_progress

Cut = Callable[[Sequence[Example], CropRecipe, Report], NDArray[np.float32]]


def explain(
    classifier: Classifier,
    example: Example,
    target: str | None = None,
    method: str = SALIENCY,
    report: Report = ignore_progress,
    *,
    block: int | None = None,
    cut: Cut = cut_examples,
) -> Explanation:
    """Say why a crystal is given its class, or what speaks for class ``target``.

    ``method`` and ``block`` are those of `microcrystalnet.explain.attribution.attribute`; ``cut``
    is what cuts crystals out of their micrographs.

    Raises
    ------
    ModelError
        If the model does not know ``target``, or there is no such method or block.
    UnreadableFileError
        If the micrograph cannot be read.
    """
    (answer,) = explain_all(classifier, [example], target, method, report, block=block, cut=cut)
    return answer


def explain_all(
    classifier: Classifier,
    examples: Sequence[Example],
    target: str | None = None,
    method: str = SALIENCY,
    report: Report = ignore_progress,
    *,
    block: int | None = None,
    cut: Cut = cut_examples,
) -> list[Explanation]:
    """Explain every crystal, each for its own predicted class unless ``target`` is given.

    Arguments and refusals are those of `explain`.
    """
    check_method(method, block)
    recipe, classes = classifier.card.recipe, classifier.card.classes
    crops = cut(examples, recipe, report)
    table = predict_crops(classifier, crops, report)
    wanted = [target or classes[int(np.argmax(row))] for row in table]
    maps = attribute(classifier, crops, wanted, method, report, block=block)
    return [
        Explanation(
            crystal_id=example.crystal_id,
            model_id=classifier.model_id,
            cls=cls,
            classes=classes,
            probabilities=tuple(float(value) for value in row),
            frame=recipe.frame(example.mask.region),
            values=values,
            method=method,
            masked=recipe.masked,
        )
        for example, cls, row, values in zip(examples, wanted, table, maps, strict=True)
    ]
