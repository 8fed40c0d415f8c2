"""What can be learned from a set of labels, and how much each crystal counts."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import TrainingError

FEWEST_CRYSTALS = 10
FEW_PER_CLASS = 10
LARGEST_WEIGHT = 5.0


def check_labels(labels: Sequence[str], scheme: Scheme) -> tuple[str, ...]:
    """Give what the user should know about these labels before training on them.

    Raises
    ------
    TrainingError
        If nothing can be learned from them.
    """
    counts = Counter(labels)
    unknown = sorted(set(labels) - set(scheme.codes))
    if not labels:
        raise TrainingError(
            "No crystal has a settled label yet; a crystal is settled when two experts give it "
            "the same class. Label more crystals, then train."
        )
    if unknown:
        raise TrainingError(
            f"The label “{unknown[0]}” is none of the classes {', '.join(scheme.codes)}; correct "
            "it, then train."
        )
    if len(labels) < FEWEST_CRYSTALS:
        raise TrainingError(
            f"Only {len(labels)} crystals have a settled label; settle at least "
            f"{FEWEST_CRYSTALS}, then train."
        )
    if len(counts) == 1:
        raise TrainingError(
            f"All {len(labels)} settled crystals are {labels[0]}; a classifier needs crystals of "
            "at least two classes."
        )
    scarce = [code for code in scheme.codes if counts[code] < FEW_PER_CLASS]
    return tuple(_scarce(code, counts[code]) for code in scarce)


def _scarce(code: str, count: int) -> str:
    if not count:
        return f"No settled crystal is {code}, so the classifier cannot learn it."
    return f"Only {count} settled crystals are {code}; label ten or more to rely on this class."


def class_weights(truth: NDArray[np.int64], train_part: NDArray[np.intp]) -> NDArray[np.float32]:
    """Weigh each crystal (n,) so that the classes count alike, rare ones at most five times.

    ``truth`` (n,) are class numbers; only the crystals ``train_part`` are counted.
    """
    counts = np.bincount(truth[train_part], minlength=int(truth.max()) + 1)
    present = np.count_nonzero(counts)
    by_class = len(train_part) / (present * np.maximum(counts, 1))
    return np.minimum(by_class, LARGEST_WEIGHT).astype(np.float32)[truth]
