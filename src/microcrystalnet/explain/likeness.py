"""How alike two maps of one crop are."""

import numpy as np
from numpy.typing import NDArray

Maps = NDArray[np.float32]


def rank_correlation(one: Maps, other: Maps) -> float:
    """Give Spearman's correlation of the values of two maps, -1 to 1.

    A map of one value everywhere is like another such map (1) and unlike any other (0).
    """
    from scipy.stats import spearmanr

    flat = [values.ravel() for values in (one, other)]
    constant = [bool(np.ptp(values) == 0) for values in flat]
    if any(constant):
        return float(all(constant))
    return float(spearmanr(*flat).statistic)


def structure(one: Maps, other: Maps) -> float:
    """Give the structural similarity of two maps (size, size), up to 1, each brought to 0..1.

    A map of one value everywhere is like another such map (1) and unlike any other (0). Source:
    Wang et al. 2004, *Image Quality Assessment*.
    """
    from skimage.metrics import structural_similarity

    maps = [values.astype(np.float64) for values in (one, other)]
    constant = [bool(np.ptp(values) == 0) for values in maps]
    if any(constant):
        return float(all(constant))
    unit = [(values - values.min()) / np.ptp(values) for values in maps]
    return float(structural_similarity(*unit, data_range=1.0))
