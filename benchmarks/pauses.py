"""How long the window did not answer, as a timer that wants to fire all the time sees it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Callable


class Pauses:
    """The longest gap between two turns of the event loop, and all of them, in seconds.

    ``longest_cpu`` and ``total_cpu`` count only the time for which the window's thread had a
    processor: on a machine that does other work too, the rest is waiting for one.
    """

    def __init__(self) -> None:
        self.longest = self.longest_cpu = self.total = self.total_cpu = 0.0
        self._last = self._last_cpu = 0.0
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)

    def begin(self) -> None:
        """Count from now on."""
        self._last, self._last_cpu = time.perf_counter(), time.thread_time()
        self._timer.start(0)

    def wait_until(self, done: Callable[[], bool]) -> None:
        """Let the window work until ``done()``, and stop counting."""
        while not done():
            QApplication.processEvents()
        self._tick()
        self._timer.stop()

    def _tick(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        wall_s, cpu_s = now - self._last, cpu - self._last_cpu
        self.longest, self.longest_cpu = max(self.longest, wall_s), max(self.longest_cpu, cpu_s)
        self.total, self.total_cpu = self.total + wall_s, self.total_cpu + cpu_s
        self._last, self._last_cpu = now, cpu
