"""From the command to a usable window, and what the window's process weighs."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from benchmarks.figures import Figure

SCRIPT = """
import os, sys, time
import psutil
from qtpy.QtTest import QTest
from napari_mcn.launch import open_workbench
from napari_mcn.samples import sample_copy
viewer, dock = open_workbench()
dock.projects.project.open(sample_copy())
dock.go_to("Label")
dock.labelling.label.next()
QTest.qWaitForWindowExposed(viewer.window._qt_window)
viewer.window._qt_viewer.canvas.native.repaint()
QTest.qWait(1)
process = psutil.Process()
print(time.time() - process.create_time(), process.memory_info().rss / 2**20)
dock.close_parts()
viewer.close()
"""


def measure() -> list[Figure]:
    """Start the sample project four times; the first start only warms the disk."""
    runs = [_start() for _ in range(4)][1:]
    spent, memory = np.median([run[0] for run in runs]), np.max([run[1] for run in runs])
    return [
        Figure("`napari-mcn demo` to a usable window, warm", f"{spent:.1f} s (n = 3)", "6 s"),
        Figure("memory of the window's process then", f"{memory:.0f} MB", "600 MB"),
    ]


def _start() -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=300
    )
    spent, memory = done.stdout.split()[-2:]
    return float(spent), float(memory)
