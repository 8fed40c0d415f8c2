"""Gradient saliency, plain and smoothed: how strongly each pixel sways the score of a class."""

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.explain.gradient import slopes
from microcrystalnet.learning.predict import Classifier
from microcrystalnet.progress import Progress, Report, ignore_progress

SAMPLES = 25
NOISE = 0.15  # share of a crop's range of grey; Smilkov et al. found 0.1 to 0.2 to serve best
SEED = 0


def saliency(
    classifier: Classifier,
    crops: NDArray[np.float32],
    classes: NDArray[np.int32],
    report: Report = ignore_progress,
) -> NDArray[np.float32]:
    """Give the size of the gradient, (n, size, size) float32, 0 or more.

    Source: Simonyan et al. 2014, *Deep Inside Convolutional Networks*, section 3.
    """
    maps = np.abs(slopes(classifier, crops, classes, report)[1])
    report(Progress(len(crops), len(crops), "Explaining"))
    return maps


def smoothgrad(
    classifier: Classifier,
    crops: NDArray[np.float32],
    classes: NDArray[np.int32],
    report: Report = ignore_progress,
    generator: np.random.Generator | None = None,
) -> NDArray[np.float32]:
    """Give the size of the mean gradient over `SAMPLES` noisy copies of each crop, (n, size, size).

    Every crop gets the same noise, so that its map does not depend on its neighbours in ``crops``.
    Source: Smilkov et al. 2017, *SmoothGrad: removing noise by adding noise*, section 3.
    """
    generator = generator or np.random.default_rng(SEED)
    noise = generator.standard_normal((SAMPLES, *crops.shape[1:]), np.float32)
    maps = np.zeros(crops.shape[:3], np.float32)
    for number, crop in enumerate(crops):
        report(Progress(number, len(crops), "Explaining"))
        copies = crop + noise * np.float32(NOISE * np.ptp(crop))
        found = slopes(classifier, copies, np.repeat(classes[number], SAMPLES))[1]
        maps[number] = np.abs(found.mean(axis=0))
    return maps
