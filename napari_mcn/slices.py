"""Does long work on the project a slice at a time, so that the window answers in between."""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from qtpy.QtCore import QObject, QTimer

from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.progress import Progress
from microcrystalnet.storage.bulk import collector_at_rest
from napari_mcn.background import FAILED
from napari_mcn.notify import refusals_told, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.busy import Task

log = logging.getLogger(__name__)
OUTLINES = "Reading the outlines …"
SLICE_S = 0.015
AT_LEAST = 60  # steps before the first pause: a small project is done at once


class Slices(QObject):
    """Works through a generator of `Progress` on the GUI thread, which the project is bound to.

    Parameters
    ----------
    task
        Shows in the progress row how far it is, once it has paused.
    """

    def __init__(self, task: Task | None = None) -> None:
        super().__init__()  # nobody's child: it is stopped after the window's objects are gone
        self._task = task
        self._work: Iterator[Progress] | None = None
        self._resting = ExitStack()  # of the garbage collector
        self._done: Callable[[], None] = _nothing
        self._stopped: Callable[[], None] = _nothing
        self._timer = QTimer()
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    @property
    def running(self) -> bool:
        """Whether work was begun and is not done."""
        return self._work is not None

    def run(
        self,
        work: Iterator[Progress],
        done: Callable[[], None],
        stopped: Callable[[], None] | None = None,
        *,
        at_least: int | None = None,
    ) -> None:
        """Work in place of what is under way; ``done`` is called when nothing is left.

        ``stopped`` is called when the user cancels, or the work refuses or fails. What is short is
        done when this returns; ``at_least`` steps, by default `AT_LEAST`, precede the first pause.
        """
        self.stop()
        self._work, self._done, self._stopped = work, done, stopped or _nothing
        self._resting.enter_context(collector_at_rest())
        self._slice(AT_LEAST if at_least is None else at_least)
        if self.running:
            if self._task is not None:
                self._task.start(Progress(0, 0, ""), self._cancel)
            self._timer.start()

    def stop(self) -> None:
        """Leave the work as it is and tell nobody."""
        self._end()

    def _cancel(self) -> None:
        self._end()
        self._stopped()

    @refusals_told
    def _go_on(self) -> None:
        progress = self._slice(1)
        if progress is not None and self._task is not None:
            self._task.step(progress)

    def _slice(self, at_least: int) -> Progress | None:
        """Work for a while; give how far it is, or None at the end."""
        work, end = self._work, time.monotonic() + SLICE_S
        if work is None or getattr(work, "gi_running", False):
            return None  # or it waits for an answer of the user
        try:
            for number, progress in enumerate(work, 1):
                if number >= at_least and time.monotonic() > end:
                    return progress
        except MicroCrystalError as error:
            self._give_up(work, error)
            return None
        except Exception:  # whatever it is, the page must not wait for ever
            log.exception("work on the project failed")
            self._give_up(work, MicroCrystalError(FAILED))
            return None
        except BaseException:  # Ctrl+C: what was cut off must not count as done at the next turn
            self._cancel()
            raise
        if work is self._work:  # the work may have led to its own end
            self._end()
            self._done()
        return None

    def _give_up(self, work: Iterator[Progress], error: MicroCrystalError) -> None:
        if work is self._work:  # nothing else was begun while it waited for an answer
            self._cancel()
        refuse(error)

    def _end(self) -> None:
        work, self._work = self._work, None
        self._timer.stop()
        if self._task is not None and self._task.running:
            self._task.end()
        self._resting.close()
        close = getattr(work, "close", _nothing)
        if not getattr(work, "gi_running", False):
            close()


def steps(store: ProjectStore) -> Iterator[Progress]:
    """Read what other sessions added to a project, as work for `Slices`."""
    return (Progress(0, 0, "Reading what is new …") for _ in store.refreshing())


def everything(store: ProjectStore) -> Iterator[Progress]:
    """Read every answer and outline that was not read before, as work for `Slices`.

    Nobody's answers count as seen by this.
    """
    yield from store.reading_answers()
    yield from outlines(store, tuple(store.state.micrographs))


def outlines(store: ProjectStore, images: Sequence[str]) -> Iterator[Progress]:
    """Read the outlines on micrographs that were not read before, as work for `Slices`."""
    for at, image_id in enumerate(images):
        for _ in store.reading_outlines(image_id):
            yield Progress(at, len(images), OUTLINES)
        yield Progress(at + 1, len(images), OUTLINES)


def _nothing() -> None:
    pass
