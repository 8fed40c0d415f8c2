"""Coefficients of agreement among experts who each put crystals into nominal classes.

In all of them a crystal with fewer than two answers says nothing about agreement, and None stands
for a coefficient that is undefined, as where every answer is the same.
"""

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


def coincidences(counts: Counts) -> NDArray[np.float64]:
    """Reduce crystals to the sums Krippendorff's alpha needs, so that they can be added up.

    Parameters
    ----------
    counts
        (crystals, classes), how often each class was chosen.

    Returns
    -------
    (crystals, 1 + classes) float64: the diagonal of the crystal's coincidence matrix summed, then
    its margins; zeros where fewer than two experts answered.
    """
    answers = counts.sum(axis=1)
    pairable = answers >= 2
    matched = (counts * (counts - 1)).sum(axis=1) / np.maximum(answers - 1, 1)
    sums: NDArray[np.float64] = np.column_stack([matched, counts]) * pairable[:, np.newaxis]
    return sums


def alpha_of_sums(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give Krippendorff's nominal alpha for each row of summed coincidences; NaN: undefined.

    Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C:
    alpha = ((n - 1) sum o_cc - sum n_c (n_c - 1)) / (n (n - 1) - sum n_c (n_c - 1)).
    """
    matched, margins = sums[..., 0], sums[..., 1:]
    answers = margins.sum(axis=-1)
    by_chance = (margins * (margins - 1)).sum(axis=-1)
    possible = answers * (answers - 1) - by_chance
    defined = possible > 0
    alpha = ((answers - 1) * matched - by_chance) / np.where(defined, possible, 1)
    return np.where(defined, alpha, np.nan)


def krippendorff_alpha(counts: Counts) -> float | None:
    """Give Krippendorff's nominal alpha of (crystals, classes) counts."""
    alpha = float(alpha_of_sums(coincidences(counts).sum(axis=0)))
    return None if np.isnan(alpha) else alpha


def class_alpha(counts: Counts, class_index: int) -> float | None:
    """Give Krippendorff's alpha of one class against all others together."""
    chosen = counts[:, class_index]
    return krippendorff_alpha(np.column_stack([chosen, counts.sum(axis=1) - chosen]))


def percent_agreement(counts: Counts) -> float:
    """Give the share, 0..1, of a crystal's pairs of answers that agree, averaged over crystals.

    Gwet (2014), "Handbook of Inter-Rater Reliability", p_a with missing answers; ``counts`` needs
    a crystal with two answers.
    """
    counts = counts[counts.sum(axis=1) >= 2]
    answers = counts.sum(axis=1)
    agreeing = (counts * (counts - 1)).sum(axis=1)
    return float(np.mean(agreeing / (answers * (answers - 1))))


def gwet_ac1(counts: Counts) -> float:
    """Give Gwet's AC1; classes nobody chose must have no column.

    Gwet (2008), Br. J. Math. Stat. Psychol. 61, 29-48: chance agreement is
    sum pi (1 - pi) / (classes - 1), with pi the share of a class averaged over all crystals with
    an answer. With a single class there is no chance agreement to take off.
    """
    observed = percent_agreement(counts)
    share = (counts / counts.sum(axis=1, keepdims=True)).mean(axis=0)
    by_chance = float((share * (1 - share)).sum()) / max(len(share) - 1, 1)
    return (observed - by_chance) / (1 - by_chance)


def fleiss_kappa(counts: Counts) -> float | None:
    """Give Fleiss' kappa; also None unless all crystals have equal numbers of answers, two or more.

    Fleiss (1971), Psychol. Bull. 76, 378-382.
    """
    answers = counts.sum(axis=1)
    if answers.min() < 2 or answers.min() != answers.max():
        return None
    margins = counts.sum(axis=0)
    if np.count_nonzero(margins) < 2:
        return None
    by_chance = float(((margins / margins.sum()) ** 2).sum())
    return (percent_agreement(counts) - by_chance) / (1 - by_chance)


def confusion(first: Counts, second: Counts, classes: int) -> Counts:
    """Count the crystals two experts both answered, (classes, classes): rows are the first's.

    ``first`` and ``second`` are (crystals,) class indices, negative for a missing answer.
    """
    both = (first >= 0) & (second >= 0)
    cells = first[both] * classes + second[both]
    return np.bincount(cells, minlength=classes**2).reshape(classes, classes).astype(np.int64)


def cohen_kappa(matrix: Counts) -> float | None:
    """Give Cohen's kappa of a confusion matrix; None also where it is empty.

    Cohen (1960), Educ. Psychol. Meas. 20, 37-46.
    """
    crystals = int(matrix.sum())
    rows, columns = matrix.sum(axis=1), matrix.sum(axis=0)
    by_chance = int((rows * columns).sum())
    possible = crystals**2 - by_chance
    if not possible:
        return None
    return (crystals * int(np.trace(matrix)) - by_chance) / possible
