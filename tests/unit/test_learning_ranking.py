"""On any table of probabilities the figures are scikit-learn's: ties, missing classes, extremes."""

import numpy as np
import pytest

from microcrystalnet.learning.evaluate import metrics
from microcrystalnet.learning.ranking import precision_recall, roc
from microcrystalnet.learning.reliability import calibration_error, reliability

oracle = pytest.importorskip("sklearn.metrics")

CLASSES = ("RES", "PES", "AA", "SA")
EXACT = 1e-12


def table(seed, decimals, size=None, present=4):
    """Give truths of ``present`` classes and probabilities; few decimals make many ties."""
    generator = np.random.default_rng(seed)
    size = size or int(generator.integers(5, 300))
    raw = np.round(generator.dirichlet([0.5] * 4, size=size), decimals) + 10.0**-decimals
    return generator.integers(0, present, size), raw / raw.sum(1, keepdims=True)


TABLES = [(seed, decimals) for seed in range(12) for decimals in (1, 2, 9)]


@pytest.mark.parametrize(("seed", "decimals"), TABLES)
def test_every_figure_equals_scikit_learns_whether_or_not_a_class_is_missing(seed, decimals):
    true, probabilities = table(seed, decimals, present=2 + seed % 3)
    found = metrics([CLASSES[at] for at in true], probabilities, CLASSES)
    said = probabilities.argmax(1)
    options = {"labels": range(4), "zero_division": 0}
    each = oracle.precision_recall_fscore_support(true, said, **options)
    macro = oracle.precision_recall_fscore_support(true, said, average="macro", **options)
    ours = [found.per_class[code] for code in CLASSES]
    assert [one.precision for one in ours] == pytest.approx(each[0], abs=EXACT)
    assert [one.recall for one in ours] == pytest.approx(each[1], abs=EXACT)
    assert [one.f1 for one in ours] == pytest.approx(each[2], abs=EXACT)
    assert [one.support for one in ours] == list(each[3])
    assert found.macro.f1 == pytest.approx(macro[2], abs=EXACT)
    assert found.accuracy == pytest.approx(oracle.accuracy_score(true, said), abs=EXACT)
    confusion = oracle.confusion_matrix(true, said, labels=range(4))
    assert found.confusion_matrix == tuple(map(tuple, confusion))


@pytest.mark.parametrize(("seed", "decimals"), TABLES)
def test_areas_under_the_curves_equal_scikit_learns(seed, decimals):
    true, probabilities = table(seed, decimals, size=60)
    found = metrics([CLASSES[at] for at in true], probabilities, CLASSES)
    precision = oracle.average_precision_score(np.eye(4)[true], probabilities, average=None)
    area = oracle.roc_auc_score(np.eye(4)[true], probabilities, average=None)
    assert list(found.average_precision.values()) == pytest.approx(list(precision), abs=EXACT)
    assert list(found.roc_auc.values()) == pytest.approx(list(area), abs=EXACT)


@pytest.mark.parametrize(("seed", "decimals"), TABLES)
def test_the_curves_are_scikit_learns_point_for_point(seed, decimals):
    true, probabilities = table(seed, decimals, size=60)
    belongs, score = true == 1, probabilities[:, 1]
    up, across, _ = oracle.precision_recall_curve(belongs, score)
    ours = precision_recall(belongs, score)
    assert ours.across == pytest.approx(across[::-1], abs=EXACT)
    assert ours.up == pytest.approx(up[::-1], abs=EXACT)
    wrong, right, _ = oracle.roc_curve(belongs, score, drop_intermediate=False)
    assert roc(belongs, score).across == pytest.approx(wrong, abs=EXACT)
    assert roc(belongs, score).up == pytest.approx(right, abs=EXACT)


def test_scores_that_are_all_equal_tell_nothing():
    belongs, score = np.array([True, False, True, False]), np.full(4, 0.25)
    assert (roc(belongs, score).area, precision_recall(belongs, score).area) == (0.5, 0.5)


@pytest.mark.parametrize("belongs", [[True, True], [False, False]])
def test_a_class_of_everyone_or_no_one_has_no_curve(belongs):
    belongs, score = np.array(belongs), np.array([0.1, 0.9])
    assert (roc(belongs, score), precision_recall(belongs, score)) == (None, None)


def test_every_crystal_is_in_one_bin_of_the_reliability_diagram():
    true, probabilities = table(1, 9)
    bins = reliability(true, probabilities)
    members = sorted(member for each in bins for member in each.members)
    assert members == list(range(len(true)))
    assert all(each.low <= each.confidence <= each.high for each in bins)


def test_certainty_lies_in_the_last_bin():
    (last,) = reliability(np.array([0, 1]), np.array([[1.0, 0.0], [1.0, 0.0]]))
    assert (last.high, last.confidence, last.accuracy, last.members) == (1.0, 1.0, 0.5, (0, 1))


def test_the_calibration_error_weighs_bins_by_their_crystals():
    probabilities = np.array([[0.95, 0.05], [0.95, 0.05], [0.6, 0.4]])
    found = calibration_error(np.array([0, 0, 1]), probabilities)
    assert found == pytest.approx((2 * 0.05 + 0.6) / 3, abs=EXACT)
