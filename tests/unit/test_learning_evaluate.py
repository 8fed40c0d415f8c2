import json

import numpy as np
import pytest

from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.learning.evaluate import metrics

oracle = pytest.importorskip("sklearn.metrics")

CLASSES = ("RES", "PES", "AA", "SA")
EXACT = 1e-12


@pytest.fixture
def table():
    generator = np.random.default_rng(3)
    probabilities = np.round(generator.dirichlet([0.6] * 4, size=200), 2) + 0.01
    probabilities /= probabilities.sum(1, keepdims=True)
    truth = [CLASSES[number] for number in generator.choice(4, 200, p=[0.4, 0.3, 0.2, 0.1])]
    return truth, probabilities


def numbers(truth):
    return np.array([CLASSES.index(each) for each in truth])


def test_accuracy_equals_scikit_learns(table):
    truth, probabilities = table
    expected = oracle.accuracy_score(numbers(truth), probabilities.argmax(1))
    assert metrics(truth, probabilities, CLASSES).accuracy == pytest.approx(expected, abs=EXACT)


def test_top_two_accuracy_equals_scikit_learns_ties_included(table):
    truth, probabilities = table
    expected = oracle.top_k_accuracy_score(numbers(truth), probabilities, k=2, labels=range(4))
    found = metrics(truth, probabilities, CLASSES).top2_accuracy
    assert found == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize("average", ["macro", "weighted"])
def test_means_over_classes_equal_scikit_learns(table, average):
    truth, probabilities = table
    expected = oracle.precision_recall_fscore_support(
        numbers(truth), probabilities.argmax(1), average=average, zero_division=0
    )
    found = getattr(metrics(truth, probabilities, CLASSES), average)
    assert (found.precision, found.recall, found.f1) == pytest.approx(expected[:3], abs=EXACT)


def test_scores_of_one_class_equal_scikit_learns(table):
    truth, probabilities = table
    expected = oracle.precision_recall_fscore_support(numbers(truth), probabilities.argmax(1))
    found = metrics(truth, probabilities, CLASSES).per_class["AA"]
    values = (found.precision, found.recall, found.f1, found.support)
    assert values == pytest.approx([column[2] for column in expected], abs=EXACT)


def test_average_precision_and_area_equal_scikit_learns(table):
    truth, probabilities = table
    found = metrics(truth, probabilities, CLASSES)
    belongs = numbers(truth) == 3
    precision = oracle.average_precision_score(belongs, probabilities[:, 3])
    area = oracle.roc_auc_score(belongs, probabilities[:, 3])
    assert found.average_precision["SA"] == pytest.approx(precision, abs=EXACT)
    assert found.roc_auc["SA"] == pytest.approx(area, abs=EXACT)


def test_the_confusion_matrix_has_a_row_for_each_true_class(table):
    truth, probabilities = table
    expected = oracle.confusion_matrix(numbers(truth), probabilities.argmax(1))
    assert metrics(truth, probabilities, CLASSES).confusion_matrix == tuple(map(tuple, expected))


def test_a_class_nobody_is_in_has_no_curve():
    found = metrics(["RES", "PES"], np.array([[0.9, 0.1, 0], [0.2, 0.8, 0]]), CLASSES[:3])
    assert found.average_precision["AA"] is None
    assert found.roc_auc["AA"] is None
    assert found.per_class["AA"].f1 == 0


def test_confidence_that_is_always_right_by_its_own_measure_has_no_calibration_error():
    probabilities = np.array([[0.75, 0.25]] * 4)
    found = metrics(["RES", "RES", "RES", "PES"], probabilities, CLASSES[:2])
    assert found.calibration_error == pytest.approx(0)


def test_overconfidence_is_the_calibration_error():
    probabilities = np.array([[1.0, 0.0]] * 4)
    found = metrics(["RES", "PES", "PES", "PES"], probabilities, CLASSES[:2])
    assert found.calibration_error == pytest.approx(0.75)


def test_ten_micrographs_give_an_interval_around_the_accuracy(table):
    truth, probabilities = table
    images = [f"i{index % 10}" for index in range(200)]
    found = metrics(truth, probabilities, CLASSES, images)
    low, high = found.intervals["accuracy"]
    assert low < found.accuracy < high


def test_nine_micrographs_give_no_interval(table):
    truth, probabilities = table
    images = [f"i{index % 9}" for index in range(200)]
    assert metrics(truth, probabilities, CLASSES, images).intervals is None


def test_metrics_are_plain_json_with_the_agreed_keys(table):
    found = json.loads(json.dumps(metrics(*table, CLASSES).to_json(), allow_nan=False))
    assert list(found) == [
        "n",
        "classes",
        "accuracy",
        "top2_accuracy",
        "macro",
        "weighted",
        "per_class",
        "average_precision",
        "roc_auc",
        "confusion_matrix",
        "calibration_error",
        "intervals",
    ]
    assert list(found["macro"]) == ["precision", "recall", "f1"]


def test_nothing_to_compare_is_said_so():
    with pytest.raises(MicroCrystalError, match="no prediction"):
        metrics([], np.zeros((0, 4)), CLASSES)


def test_an_unknown_true_class_is_named():
    with pytest.raises(MicroCrystalError, match="“XX”"):
        metrics(["XX"], np.array([[1, 0, 0, 0]]), CLASSES)


def test_a_probability_that_is_no_number_is_refused():
    with pytest.raises(MicroCrystalError, match="finite"):
        metrics(["RES"], np.array([[np.nan, 0, 0, 0]]), CLASSES)
