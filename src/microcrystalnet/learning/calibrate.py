"""Make probabilities mean what they say, by one temperature fitted on validation crystals."""

import numpy as np
from numpy.typing import NDArray

FEWEST_CRYSTALS = 20
BOUNDS = (0.25, 8.0)
SMALLEST = 1e-12


def temper(probabilities: NDArray[np.floating], temperature: float) -> NDArray[np.float64]:
    """Flatten (above 1) or sharpen (below 1) probabilities (n, classes); the order stays.

    The same as dividing the scores before a softmax by the temperature.
    """
    exact = np.asarray(probabilities, np.float64)
    if temperature == 1:
        unchanged: NDArray[np.float64] = exact / exact.sum(1, keepdims=True)
        return unchanged
    logits = np.log(np.maximum(exact, SMALLEST)) / temperature
    powers = np.exp(logits - logits.max(1, keepdims=True))
    tempered: NDArray[np.float64] = powers / powers.sum(1, keepdims=True)
    return tempered


def fit_temperature(probabilities: NDArray[np.floating], truth: NDArray[np.intp]) -> float:
    """Give the temperature that makes the true classes (n,) most likely.

    1 if there are fewer than 20 crystals to fit it on. Source: Guo et al. 2017, section 4.2.
    """
    from scipy.optimize import minimize_scalar

    if len(truth) < FEWEST_CRYSTALS:
        return 1.0

    def surprise(log_temperature: float) -> float:
        tempered = temper(probabilities, float(np.exp(log_temperature)))
        return -float(np.log(np.maximum(tempered[np.arange(len(truth)), truth], SMALLEST)).mean())

    found = minimize_scalar(surprise, bounds=tuple(np.log(BOUNDS)), method="bounded")
    return float(np.exp(found.x))
