"""Coefficients of agreement among experts who each put crystals into nominal classes.

Every coefficient comes in two halves: ``<name>_parts`` reduces each crystal to numbers that can be
added up over crystals, and ``<name>_of`` gives the coefficient from such sums, for one row of sums
or for many at once. A crystal with fewer than two answers says nothing about agreement; NaN stands
for a coefficient that is undefined, as where every answer is the same.

``counts`` is (crystals, classes) int64 throughout: how often each class was chosen.
"""

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Array = NDArray[np.float64]


def alpha_parts(counts: Counts) -> Array:
    """Give the diagonal of each crystal's coincidence matrix, summed, then its margins."""
    answers = counts.sum(axis=1)
    matched = (counts * (counts - 1)).sum(axis=1) / np.maximum(answers - 1, 1)
    parts: Array = np.column_stack([matched, counts]) * _pairable(counts)
    return parts


def alpha_of(sums: Array) -> Array:
    """Give Krippendorff's nominal alpha.

    Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C:
    alpha = ((n - 1) sum o_cc - sum n_c (n_c - 1)) / (n (n - 1) - sum n_c (n_c - 1)).
    """
    matched, margins = sums[..., 0], sums[..., 1:]
    answers = margins.sum(axis=-1)
    by_chance = (margins * (margins - 1)).sum(axis=-1)
    possible = answers * (answers - 1) - by_chance
    return _ratio((answers - 1) * matched - by_chance, possible)


def one_against_rest(counts: Counts, class_index: int) -> Counts:
    """Merge all classes but one, so that a coefficient tells how well that one is told apart."""
    chosen = counts[:, class_index]
    return np.column_stack([chosen, counts.sum(axis=1) - chosen])


def percent_parts(counts: Counts) -> Array:
    """Give the share of each crystal's pairs of answers that agree, and that it has pairs."""
    answers = counts.sum(axis=1)
    agreeing = (counts * (counts - 1)).sum(axis=1)
    share = agreeing / np.maximum(answers * (answers - 1), 1)
    parts: Array = np.column_stack([share, np.ones(len(counts))]) * _pairable(counts)
    return parts


def percent_of(sums: Array) -> Array:
    """Give the share, 0..1, of a crystal's pairs of answers that agree, averaged over crystals.

    Gwet (2014), "Handbook of Inter-Rater Reliability", p_a with missing answers.
    """
    return _ratio(sums[..., 0], sums[..., 1])


def ac1_parts(counts: Counts) -> Array:
    """Give the parts of `percent_of`, that the crystal has answers, and its share of each class."""
    answers = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(answers, 1)
    return np.column_stack([percent_parts(counts), answers > 0, shares])


def ac1_of(sums: Array) -> Array:
    """Give Gwet's AC1; classes nobody chose must have no column.

    Gwet (2008), Br. J. Math. Stat. Psychol. 61, 29-48: chance agreement is
    sum pi (1 - pi) / (classes - 1), with pi the share of a class averaged over all crystals with
    an answer. With a single class there is no chance agreement to take off.
    """
    share = sums[..., 3:] / np.maximum(sums[..., 2:3], 1)
    by_chance = (share * (1 - share)).sum(axis=-1) / max(share.shape[-1] - 1, 1)
    return _beyond(percent_of(sums), by_chance)


def fleiss_parts(counts: Counts) -> Array | None:
    """Give the parts of `percent_of` and the counts; None unless all crystals have equally many.

    Fleiss' kappa is defined for the same number of answers, two or more, on every crystal.
    """
    answers = counts.sum(axis=1)
    if answers.min() < 2 or answers.min() != answers.max():
        return None
    return np.column_stack([percent_parts(counts), counts])


def fleiss_of(sums: Array) -> Array:
    """Give Fleiss' kappa: Fleiss (1971), Psychol. Bull. 76, 378-382."""
    margins = sums[..., 2:]
    share = margins / margins.sum(axis=-1, keepdims=True)
    by_chance = (share**2).sum(axis=-1)
    single = np.count_nonzero(margins, axis=-1) < 2
    return np.where(single, np.nan, _beyond(percent_of(sums), np.where(single, 0, by_chance)))


def specific_parts(counts: Counts, class_index: int) -> Array:
    """Give each crystal's pairs of answers with a class first: those that agree, and all."""
    chosen, answers = counts[:, class_index], counts.sum(axis=1)
    return np.column_stack([chosen * (chosen - 1), chosen * (answers - 1)]).astype(np.float64)


def specific_of(sums: Array) -> Array:
    """Give the specific agreement on a class: when one expert names it, how often another does.

    Cicchetti and Feinstein (1990), J. Clin. Epidemiol. 43, 551-558, for two experts; for more,
    all pairs of answers are pooled.
    """
    return _ratio(sums[..., 0], sums[..., 1])


def pair_sums(first: Counts, second: Counts, classes: int, image_of: Counts) -> Array:
    """Count the crystals of each image in the confusion matrix of two experts.

    ``first`` and ``second`` are (crystals,) class indices, negative for a missing answer, and
    ``image_of`` says where each crystal lies. Rows of the matrix are the first's answers; it is
    flattened row by row: (images, classes * classes). One such matrix for each crystal would be
    gigabytes for a large project.
    """
    both = np.flatnonzero((first >= 0) & (second >= 0))
    images, cells = int(image_of.max(initial=-1)) + 1, classes**2
    places = (image_of[both] * classes + first[both]) * classes + second[both]
    counted = np.bincount(places, minlength=images * cells)
    return counted.reshape(images, cells).astype(np.float64)


def matrix_of(sums: Array) -> Array:
    """Give (..., classes, classes) confusion matrices from sums of `pair_sums`."""
    side = round(sums.shape[-1] ** 0.5)
    return sums.reshape(*sums.shape[:-1], side, side)


def cohen_of(sums: Array) -> Array:
    """Give Cohen's kappa: Cohen (1960), Educ. Psychol. Meas. 20, 37-46."""
    matrix = matrix_of(sums)
    crystals, agreed = matrix.sum(axis=(-2, -1)), np.trace(matrix, axis1=-2, axis2=-1)
    by_chance = (matrix.sum(axis=-1) * matrix.sum(axis=-2)).sum(axis=-1)
    return _ratio(crystals * agreed - by_chance, crystals**2 - by_chance)


def same_of(sums: Array) -> Array:
    """Give the share of crystals on the diagonal of confusion matrices."""
    return _ratio(np.trace(matrix_of(sums), axis1=-2, axis2=-1), sums.sum(axis=-1))


def _pairable(counts: Counts) -> NDArray[np.bool_]:
    pairable: NDArray[np.bool_] = counts.sum(axis=1, keepdims=True) >= 2
    return pairable


def _ratio(above: Array, below: Array) -> Array:
    return np.where(below > 0, above / np.where(below > 0, below, 1), np.nan)


def _beyond(observed: Array, by_chance: Array) -> Array:
    return _ratio(observed - by_chance, 1 - by_chance)
