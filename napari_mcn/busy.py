"""The one progress row: which long job is running, how far it is, and how to cancel it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from napari_mcn.panels.workbench import Workbench

    Cancel = Callable[[], bool | None]

STOPPING = "Stopping …"


class Busy:
    """Shows the newest of the jobs that run; Cancel ends that one."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self._running: list[Task] = []
        workbench.cancel_requested.connect(self.cancel)

    def task(self) -> Task:
        """Give a job its place in the row; it can run again and again."""
        return Task(self)

    def cancel(self) -> None:
        """Cancel the job that is shown, if any is."""
        if self._running:
            self._running[-1].cancel()

    def began(self, task: Task) -> None:
        """Show a job that begins."""
        self.ended(task)
        self._running.append(task)
        self.show()

    def ended(self, task: Task) -> None:
        """Show the job before, if one still runs."""
        self._running = [each for each in self._running if each is not task]
        self.show()

    def show(self) -> None:
        """Bring the row up to date."""
        self._workbench.set_progress(self._running[-1].progress if self._running else None)


class Task:
    """One kind of job; it runs at most once at a time."""

    def __init__(self, busy: Busy) -> None:
        self._busy = busy
        self._cancel: Cancel | None = None
        self.progress = Progress(0, 0)

    @property
    def running(self) -> bool:
        """Whether the job has begun and not ended."""
        return self._cancel is not None

    def start(self, first: Progress, cancel: Cancel) -> None:
        """Begin, in place of the run before; ``cancel`` gives False where it comes too late."""
        self.progress, self._cancel = first, cancel
        self._busy.began(self)

    def step(self, progress: Progress) -> None:
        """Say how far it is; what comes after the end is not shown."""
        if self.running:
            self.progress = progress
            self._busy.show()

    def end(self) -> None:
        """Say that it is over."""
        self._cancel = None
        self._busy.ended(self)

    def cancel(self) -> None:
        """End it before it is done, as the user wishes; nothing happens where it does not run.

        Where that comes too late, because the answer is on its way, the job goes on for the moment
        that it takes and ends as if nobody had cancelled it: what is told is what came of it.
        """
        cancel, self._cancel = self._cancel, None
        if cancel is None:
            return
        if cancel() is False:
            self._cancel, self.progress = cancel, Progress(0, 0, STOPPING)
            self._busy.show()
        elif self._cancel is None:  # it did not begin anew
            self._busy.ended(self)

    def abandon(self) -> None:
        """End it, and let nobody wait for an answer, not even for one that is on its way."""
        cancel = self._cancel
        self.end()
        if cancel is not None:
            cancel()
