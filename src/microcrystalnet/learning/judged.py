"""The crystals that a model was judged on, as one table to draw figures from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.learning.evaluate import Metrics, metrics
from microcrystalnet.learning.ranking import Curve, precision_recall, roc
from microcrystalnet.learning.records import ModelCard


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Labelled crystals a model did not learn from: truth (n,) and probabilities (n, classes)."""

    classes: tuple[str, ...]
    crystal_ids: tuple[str, ...]
    image_ids: tuple[str, ...]
    truth: tuple[str, ...]
    probabilities: NDArray[np.float64]

    @property
    def true(self) -> NDArray[np.intp]:
        """Each true class (n,) as its place among the classes."""
        return np.array([self.classes.index(each) for each in self.truth], np.intp)

    @property
    def said(self) -> tuple[str, ...]:
        """The most probable class of each crystal."""
        return tuple(self.classes[int(at)] for at in self.probabilities.argmax(1))

    def which(self, truth: str | None = None, said: str | None = None) -> tuple[int, ...]:
        """Give the places of the crystals of a true or a predicted class, or of both."""
        pairs = enumerate(zip(self.truth, self.said, strict=True))
        return tuple(
            at for at, (one, other) in pairs if truth in {None, one} and said in {None, other}
        )

    def named(self, places: Sequence[int]) -> list[str]:
        """Give the ids of the crystals at these places."""
        return [self.crystal_ids[at] for at in places]

    def precision_recall(self) -> dict[str, Curve | None]:
        """Give the precision-recall curve of each class; None where nothing can be told apart."""
        return {
            code: precision_recall(self.true == at, self.probabilities[:, at])
            for at, code in enumerate(self.classes)
        }

    def metrics(self) -> Metrics:
        """Give every figure of these crystals."""
        return metrics(self.truth, self.probabilities, self.classes, self.image_ids)

    def roc(self) -> dict[str, Curve | None]:
        """Give the ROC curve of each class; None where nothing can be told apart."""
        return {
            code: roc(self.true == at, self.probabilities[:, at])
            for at, code in enumerate(self.classes)
        }


def judged_by(
    said: Sequence[Prediction], labels: Mapping[str, tuple[str, str]], classes: Sequence[str]
) -> Judged:
    """Judge predictions by labels: the micrograph and the true class of each crystal.

    Predictions of crystals without a label are left out.
    """
    known = [each for each in said if each.crystal_id in labels]
    ids = tuple(each.crystal_id for each in known)
    return Judged(
        tuple(classes),
        ids,
        tuple(labels[each][0] for each in ids),
        tuple(labels[each][1] for each in ids),
        np.array([each.probabilities for each in known], np.float64).reshape(-1, len(classes)),
    )


def judged_of(card: ModelCard) -> Judged | None:
    """Give what a model was judged on; None for a model that was not trained here."""
    if card.training is None or not card.training.held_out:
        return None
    held = card.training.held_out
    return Judged(
        card.classes,
        tuple(each.crystal_id for each in held),
        tuple(each.image_id for each in held),
        tuple(each.truth for each in held),
        np.array([each.probabilities for each in held], np.float64),
    )
