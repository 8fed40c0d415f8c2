"""One verb for every way to ask which pixels of a crop counted for a class."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import ModelError
from microcrystalnet.explain.gradcam import gradcam
from microcrystalnet.explain.gradient import class_numbers
from microcrystalnet.explain.integrated import integrated_gradients
from microcrystalnet.explain.saliency import saliency, smoothgrad
from microcrystalnet.learning.predict import Classifier, check_crops
from microcrystalnet.progress import Report, ignore_progress

SALIENCY, GRADCAM = "saliency", "gradcam"
_WITHOUT_BLOCK = {
    SALIENCY: saliency,
    "smoothgrad": smoothgrad,
    "integrated": integrated_gradients,
}
METHODS = (*_WITHOUT_BLOCK, GRADCAM)


def attribute(
    classifier: Classifier,
    crops: NDArray[np.float32],
    target: str | Sequence[str],
    method: str = SALIENCY,
    report: Report = ignore_progress,
    *,
    block: int | None = None,
) -> NDArray[np.float32]:
    """Give a map of what counted for the target class at every pixel of every crop.

    Parameters
    ----------
    classifier
        A model in memory.
    crops : (n, size, size, 1) float32
        Grey from 0 to 1.
    target
        A class code, one for all crops or one for each.
    method
        One of `METHODS`. ``integrated`` has negative values where a pixel speaks against the
        class; the others are 0 or more.
    report
        Called as the crops are explained; it may cancel.
    block
        For ``gradcam``, the convolution block to look into, from 1; without it the last one.

    Returns
    -------
    (n, size, size) float32

    Raises
    ------
    ModelError
        If there is no such method, class or block, or the model was made for other crops.
    """
    check_method(method, block)
    check_crops(classifier, crops)
    classes = class_numbers(classifier, target, len(crops))
    if method == GRADCAM:
        return gradcam(classifier, crops, classes, report, block)
    return _WITHOUT_BLOCK[method](classifier, crops, classes, report)


def check_method(method: str, block: int | None = None) -> None:
    """Refuse a method that does not exist, or a block where none is looked into.

    Raises
    ------
    ModelError
        With the methods there are.
    """
    if method not in METHODS:
        raise ModelError(f"There is no method “{method}”; choose one of {', '.join(METHODS)}.")
    if block is not None and method != GRADCAM:
        raise ModelError(
            f"Only {GRADCAM} looks into one convolution block; leave block {block} out, or "
            f"choose {GRADCAM} instead of {method}."
        )
