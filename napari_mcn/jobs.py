"""Long work as Qt sees it: signals on the GUI thread, from answers on the client's thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qtpy.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.progress import Progress


class Job(QObject):
    """A listener whose answers arrive as queued signals, however many threads are involved.

    It is a `microcrystalnet.engines.client.Listener`: the client calls `progress`, `done` and
    `failed` on its own thread. Exactly one of ``finished`` and ``refused`` comes, at most once.
    """

    progressed = Signal(object)
    finished = Signal(object)
    refused = Signal(object)

    def progress(self, progress: Progress) -> None:
        """Pass one step on."""
        self.progressed.emit(progress)

    def done(self, result: object) -> None:
        """Pass the answer on."""
        self.finished.emit(result)

    def failed(self, error: MicroCrystalError) -> None:
        """Pass the refusal on."""
        self.refused.emit(error)


@dataclass(frozen=True, slots=True)
class Tagged:
    """A listener for one request; its job's signals then bring ``(tag, answer)``, ``(tag, error)``.

    An answer may already be on its way to the GUI thread when a newer request is made; the tag
    tells them apart.
    """

    job: Job
    tag: object

    def progress(self, progress: Progress) -> None:
        """Pass one step on."""
        self.job.progress(progress)

    def done(self, result: object) -> None:
        """Pass the answer on."""
        self.job.done((self.tag, result))

    def failed(self, error: MicroCrystalError) -> None:
        """Pass the refusal on."""
        self.job.refused.emit((self.tag, error))


def listen(
    parent: QObject,
    finished: Callable[[object], None],
    refused: Callable[[MicroCrystalError], None],
    progressed: Callable[[Progress], None] | None = None,
) -> Job:
    """Make a job owned by ``parent`` that calls back on the GUI thread."""
    job = Job(parent)
    job.finished.connect(finished)
    job.refused.connect(refused)
    if progressed is not None:
        job.progressed.connect(progressed)
    return job
