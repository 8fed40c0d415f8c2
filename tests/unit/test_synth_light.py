"""Secondary-electron contrast and what the microscope adds."""

from dataclasses import replace

import numpy as np
import pytest

from microcrystalnet.synth.camera import CameraSettings, line_drift, record, shift_lines
from microcrystalnet.synth.heap import Heap
from microcrystalnet.synth.light import LightSettings, shine
from microcrystalnet.synth.pile import Pile

PLAIN = LightSettings(side=0.0, blotches=0.0)


def lit(height: np.ndarray, settings: LightSettings = PLAIN) -> np.ndarray:
    pile = Pile(Heap.on(height.astype(np.float32), 0), (), ())
    return shine(pile, settings, np.random.default_rng(0))


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(2)


def test_a_steep_face_is_brighter_than_a_flat_one():
    roof = -np.abs(np.indices((200, 200))[1] - 100.0)
    assert lit(roof)[100, 130] > 1.1 * lit(np.zeros((200, 200)))[100, 130]


def test_the_bottom_of_a_pore_is_dark():
    rows, cols = np.indices((200, 200)) - 100
    pore = np.where(np.hypot(rows, cols) < 15, -80.0, 0.0)
    signal = lit(pore)
    assert signal[100, 100] < 0.4 * signal[20, 20]


def test_the_rim_above_a_drop_glows():
    step = np.zeros((200, 200))
    step[:, 100:] = 60
    signal = lit(step)
    assert signal[100, 102] > 1.2 * signal[100, 180]


def test_the_side_towards_the_detector_is_brighter():
    ridge = -np.abs(np.indices((200, 200))[0] - 100.0)
    signal = lit(ridge, replace(PLAIN, side=0.4, detector=-np.pi / 2))
    assert signal[60, 100] > 1.2 * signal[140, 100]


def test_more_electrons_make_less_noise(random):
    flat = np.ones((64, 64), np.float32)
    weak, strong = (CameraSettings(dose=dose, read_noise=0) for dose in (20, 500))
    assert record(flat, strong, random).std() < 0.5 * record(flat, weak, random).std()


def test_drift_stays_within_its_limit_but_for_the_jitter(random):
    shifts = line_drift(400, CameraSettings(drift=2.0), random)
    assert 1.5 < np.abs(shifts).max() < 3.0


def test_labels_and_signal_drift_together(random):
    image = np.zeros((40, 40), np.int32)
    image[:, 20:] = 7
    shifts = np.full(40, 3.0, np.float32)
    assert np.array_equal(
        shift_lines(image, shifts, 0), shift_lines(image.astype(float), shifts, 1)
    )
