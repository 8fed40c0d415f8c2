"""Whether the pixels a map calls important are: take them away, or bring them back, in turn.

Pixels that are deleted become black; insertion begins with a blurred crop. Source: Petsiuk et al.
2018, *RISE*, section 4.3. That only the crystal's own pixels are ranked, in the random orders too,
is ours: otherwise any map that finds the crystal would beat chance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import ModelError
from microcrystalnet.explain.gradient import class_number
from microcrystalnet.learning.predict import Classifier, check_crops, predict_crops
from microcrystalnet.progress import Progress, Report, ignore_progress

STEPS = 24
RANDOM_ORDERS = 5
LEAST_GAIN = 0.02  # of the area; our own limit, as the paper sets none
BLUR = 1 / 12  # of the crop's side; Petsiuk et al. blur 224 pixels by 5, which leaves facets

Curve = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PixelCurves:
    """Probability of class ``cls`` while a crystal's pixels go, or come back, in a map's order.

    ``shares`` are the shares of pixels taken away (``deletion``) or brought back (``insertion``);
    the ``random`` ones are means over random orders of the same pixels.
    """

    cls: str
    method: str
    shares: Curve
    deletion: Curve
    insertion: Curve
    random_deletion: Curve
    random_insertion: Curve

    @property
    def deletion_gain(self) -> float:
        """How far the area under the deletion curve lies below that of a random order."""
        return area(self.shares, self.random_deletion) - area(self.shares, self.deletion)

    @property
    def insertion_gain(self) -> float:
        """How far the area under the insertion curve lies above that of a random order."""
        return area(self.shares, self.insertion) - area(self.shares, self.random_insertion)

    @property
    def passed(self) -> bool:
        """Whether both are clearly better than chance."""
        return min(self.deletion_gain, self.insertion_gain) > LEAST_GAIN


def area(shares: Curve, values: Curve) -> float:
    """Give the area under a curve over shares from 0 to 1."""
    return float(np.trapezoid(values, shares))


def pixel_curves(
    classifier: Classifier,
    crop: NDArray[np.float32],
    values: NDArray[np.float32],
    target: str,
    report: Report = ignore_progress,
    *,
    method: str = "",
    inside: NDArray[np.bool_] | None = None,
    generator: np.random.Generator | None = None,
) -> PixelCurves:
    """Follow the probability of ``target`` in a map's order of pixels, and in random ones.

    Parameters
    ----------
    classifier
        A model in memory.
    crop : (size, size, 1) float32
        Grey from 0 to 1.
    values : (size, size)
        The map to be judged, of ``method``; the pixel with the highest value goes first.
    target
        The class whose probability is followed.
    report
        Called once an order; it may cancel.
    inside : (size, size) bool
        The crystal's pixels; only these go and come. Without it, all pixels do.
    generator
        Draws the random orders; without it they are the same every time.

    Raises
    ------
    ModelError
        If the model does not know the class, the crop is not one of its own, or no pixel is inside.
    """
    check_crops(classifier, crop[None])
    column = class_number(classifier, target)
    places = np.flatnonzero(np.ones(values.shape, bool) if inside is None else inside)
    if not places.size:
        raise ModelError("This crystal has no pixel in its crop, so none can be taken away.")
    generator = generator or np.random.default_rng(0)
    orders = [places[np.argsort(-values.ravel()[places], kind="stable")]]
    orders += [generator.permutation(places) for _ in range(RANDOM_ORDERS)]
    found = []
    for number, order in enumerate(orders):
        report(Progress(number, len(orders), "Taking pixels away and bringing them back"))
        found.append(predict_crops(classifier, _steps(crop, order))[:, column])
    shares = tuple(step / STEPS for step in range(STEPS + 1))
    own, chance = _halves(found[0]), _halves(np.mean(found[1:], axis=0))
    return PixelCurves(target, method, shares, *own, *chance)


def _halves(values: NDArray[np.float64]) -> tuple[Curve, Curve]:
    deletion, insertion = np.split(values, 2)
    return tuple(map(float, deletion)), tuple(map(float, insertion))


def _steps(crop: NDArray[np.float32], order: NDArray[np.intp]) -> NDArray[np.float32]:
    """Give the crops of a deletion and then those of an insertion, (2 * STEPS + 2, size, size, 1).

    ``order`` holds flat places, the first to go first.
    """
    from scipy.ndimage import gaussian_filter

    grey = crop[..., 0]
    rank = np.full(grey.size, order.size)
    rank[order] = np.arange(order.size)
    ranks = rank.reshape(grey.shape)
    ranked = ranks < order.size
    soft = np.where(ranked, gaussian_filter(grey, BLUR * len(grey)), grey)
    gone = [ranks < round(order.size * step / STEPS) for step in range(STEPS + 1)]
    deleted = [np.where(each, 0, grey) for each in gone]
    inserted = [np.where(each, grey, soft) for each in gone]
    return np.asarray([*deleted, *inserted], np.float32)[..., None]
