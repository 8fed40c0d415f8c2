"""The paper's noise filters, without Noise2Void, on one micrograph of 2048 x 2048."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.figures import Figure
from benchmarks.scenes import SIDE, scene_of
from microcrystalnet.imaging.preprocess import PRESETS, preprocess

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES = 3


def measure() -> list[Figure]:
    """Filter a scene by the preset *paper*, gains measured, and time the clock and the process."""
    pixels = scene_of(180).pixels[:SIDE]
    recipe = replace(PRESETS["paper"], blind_spot=False)
    preprocess(pixels[:64, :64], recipe)  # the first one imports
    waited, worked = zip(
        *(_timed(lambda: preprocess(pixels, recipe)) for _ in range(TIMES)), strict=True
    )
    spent = f"median {np.median(waited):.1f} s, {np.median(worked):.1f} s of processor time"
    return [
        Figure(
            f"preset *paper* without Noise2Void, {SIDE} x {SIDE}",
            f"{spent} (n = {TIMES}, load {os.getloadavg()[0]:.1f})",
            "8 s",
        )
    ]


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Give the seconds that were waited, and those of the processor."""
    before, began = time.process_time(), time.perf_counter()
    work()
    return time.perf_counter() - began, time.process_time() - before
