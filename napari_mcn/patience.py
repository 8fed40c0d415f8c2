"""Shows that work is running only once somebody has waited for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QTimer

from microcrystalnet.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from qtpy.QtCore import QObject

    from napari_mcn.busy import Cancel, Task

WAIT_MS = 300


class Patience:
    """A task of the progress row that begins to be seen after `WAIT_MS`.

    Answers that come within that time, as most explanations do, leave the row as it is: it would
    flicker with every crystal.
    """

    def __init__(self, task: Task, owner: QObject, told: Callable[[bool], None]) -> None:
        self._task, self._told = task, told
        self._words, self._cancel = "", _nothing
        self._timer = QTimer(owner)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._show)

    def wait(self, message: str, cancel: Cancel) -> None:
        """Begin to wait; ``cancel`` is called if the user loses patience."""
        self._words, self._cancel = message, cancel
        if not self._task.running:
            self._timer.start()

    def step(self, progress: Progress) -> None:
        """Say how far it is."""
        self._task.step(progress)

    def end(self) -> None:
        """Stop waiting: the answer is there, or nobody wants it any more."""
        self._timer.stop()
        self._task.end()
        self._told(False)

    def _show(self) -> None:
        self._task.start(Progress(0, 0, self._words), self._cancel)
        self._told(True)


def _nothing() -> None:
    """Cancel nothing."""
