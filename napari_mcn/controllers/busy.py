"""The one progress row: which long job is running, how far it is, and how to cancel it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from microcrystalnet.progress import Progress
    from napari_mcn.panels.workbench import Workbench


class Busy:
    """Shows the newest job; Cancel ends that one."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self._cancel: Callable[[], None] | None = None
        workbench.cancel_requested.connect(self.cancel)

    def start(self, first: Progress, cancel: Callable[[], None]) -> None:
        """Show a job that begins."""
        self._cancel = cancel
        self._workbench.set_progress(first)

    def step(self, progress: Progress) -> None:
        """Show how far it is."""
        if self._cancel is not None:
            self._workbench.set_progress(progress)

    def end(self) -> None:
        """Show that nothing is running."""
        self._cancel = None
        self._workbench.set_progress(None)

    def cancel(self) -> None:
        """Cancel what is running, if anything is."""
        cancel = self._cancel
        self.end()
        if cancel is not None:
            cancel()
