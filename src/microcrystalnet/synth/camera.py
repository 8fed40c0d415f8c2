"""What the microscope adds to the signal: beam width, drift, charging, noise, grey levels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, signal

from microcrystalnet.synth.grain import Field

KNEE = 0.7  # share of the grey range that stays linear


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """How the signal is recorded.

    ``beam`` and ``drift`` in pixels; ``dose`` in electrons for a mid-grey pixel; ``contrast`` 1 is
    what was emitted, less is flatter.
    """

    beam: float = 0.9
    drift: float = 0.8
    charging: float = 0.12
    dose: float = 90.0
    read_noise: float = 0.03
    exposure: float = 0.42
    gamma: float = 0.9
    contrast: float = 1.0


def line_drift(height: int, settings: CameraSettings, random: np.random.Generator) -> Field:
    """Give each scan line's shift to the side in pixels, (height,): a slow wander and a jitter."""
    wander = ndimage.gaussian_filter1d(random.standard_normal(height), height / 12)
    wander *= settings.drift / max(float(np.abs(wander).max()), 1e-6)
    shifts: Field = (wander + 0.12 * random.standard_normal(height)).astype(np.float32)
    return shifts


def shift_lines(image: NDArray[np.generic], shifts: Field, order: int) -> NDArray[np.generic]:
    """Move each row of ``image`` by its shift; order 0 for labels, 1 for signal."""
    rows, cols = np.indices(image.shape, np.float32)
    moved: NDArray[np.generic] = ndimage.map_coordinates(
        image, [rows, cols + shifts[:, None]], order=order, mode="nearest"
    )
    return moved


def record(
    emitted: Field, settings: CameraSettings, random: np.random.Generator
) -> NDArray[np.uint8]:
    """Turn a signal (height, width) into the grey levels of a slow scan."""
    sharp = ndimage.gaussian_filter(emitted, settings.beam)
    signal_level = _charge(sharp, settings, random)
    level = settings.exposure * signal_level / max(float(np.median(signal_level)), 1e-6)
    level += (settings.contrast - 1) * (level - settings.exposure)
    counts = random.poisson(np.clip(level, 0.01, 4) * 2 * settings.dose) / (2 * settings.dose)
    noisy = counts + settings.read_noise * random.standard_normal(level.shape)
    toned = _shoulder(np.clip(noisy, 0, None)) ** settings.gamma
    grey: NDArray[np.uint8] = np.clip(np.rint(255 * toned), 0, 255).astype(np.uint8)
    return grey


def _charge(emitted: Field, settings: CameraSettings, random: np.random.Generator) -> Field:
    """Streaks along the scan: behind bright spots lines go dark, and some lines are off level."""
    bright = np.clip(emitted - np.quantile(emitted, 0.97), 0, None)
    tail = signal.lfilter([0.02], [1, -0.98], bright, axis=1)
    lines = 1 + 0.006 * random.standard_normal((len(emitted), 1))
    bursts = ndimage.gaussian_filter1d(
        np.maximum(random.standard_normal(len(emitted)) - 2.2, 0), 1.5
    )
    charged: Field = emitted * lines - settings.charging * tail * (1 + 8 * bursts[:, None])
    charged += settings.charging * ndimage.gaussian_filter(bright, 9)
    return charged.astype(np.float32)


def _shoulder(level: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compress highlights softly, as a contrast setting that still shows the rims does."""
    over = np.maximum(level - KNEE, 0)
    toned: NDArray[np.float64] = np.minimum(level, KNEE) + (1 - KNEE) * (
        1 - np.exp(-over / (1 - KNEE))
    )
    return toned
