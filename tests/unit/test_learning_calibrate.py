import numpy as np
import pytest

from microcrystalnet.learning.calibrate import fit_temperature, temper


def test_temperature_one_changes_nothing():
    table = np.array([[0.7, 0.2, 0.1]])
    assert temper(table, 1.0) == pytest.approx(table)


def test_a_high_temperature_makes_doubtful_and_keeps_the_order():
    flat = temper(np.array([[0.7, 0.2, 0.1]]), 3.0)[0]
    assert 0.7 > flat[0] > flat[1] > flat[2] > 0.1
    assert flat.sum() == pytest.approx(1)


def test_certainty_stays_finite():
    assert np.isfinite(temper(np.array([[1.0, 0.0]]), 0.5)).all()


def test_overconfidence_is_cooled_to_what_is_true():
    stated = np.tile([[0.99, 0.01]], (100, 1))
    truth = np.repeat([0, 1], [80, 20])
    found = temper(stated, fit_temperature(stated, truth))
    assert found[0, 0] == pytest.approx(0.8, abs=0.01)


def test_few_crystals_are_no_ground_for_a_temperature():
    assert fit_temperature(np.tile([[0.99, 0.01]], (10, 1)), np.zeros(10, int)) == 1
