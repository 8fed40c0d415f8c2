"""Explain one crystal on its micrograph."""

import numpy as np

from microcrystalnet.explain.attribution import SALIENCY, attribute, check_method
from microcrystalnet.explain.explanation import Explanation
from microcrystalnet.learning.dataset import Example, cut_examples
from microcrystalnet.learning.predict import Classifier, predict_crops
from microcrystalnet.progress import Report, ignore_progress


def explain(
    classifier: Classifier,
    example: Example,
    target: str | None = None,
    method: str = SALIENCY,
    report: Report = ignore_progress,
    *,
    block: int | None = None,
) -> Explanation:
    """Say why a crystal is given its class, or what speaks for class ``target``.

    ``method`` and ``block`` are those of `microcrystalnet.explain.attribution.attribute`.

    Raises
    ------
    ModelError
        If the model does not know ``target``, or there is no such method or block.
    UnreadableFileError
        If the micrograph cannot be read.
    """
    check_method(method, block)
    recipe, classes = classifier.card.recipe, classifier.card.classes
    crops = cut_examples([example], recipe)
    probabilities = predict_crops(classifier, crops)[0]
    cls = target or classes[int(np.argmax(probabilities))]
    return Explanation(
        crystal_id=example.crystal_id,
        model_id=classifier.model_id,
        cls=cls,
        classes=classes,
        probabilities=tuple(float(value) for value in probabilities),
        frame=recipe.frame(example.mask.region),
        values=attribute(classifier, crops, cls, method, report, block=block)[0],
        method=method,
    )
