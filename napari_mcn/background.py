"""Pure functions that take too long for a click, on a thread of their own."""

from __future__ import annotations

import logging
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING

from microcrystalnet.errors import MicroCrystalError

if TYPE_CHECKING:
    from collections.abc import Callable

    from microcrystalnet.engines.client import Listener

log = logging.getLogger(__name__)
FAILED = "This could not be worked out; napari's log says why. Trying again does no harm."


class Background:
    """Works on the newest question only; older ones that nobody began are forgotten.

    Where each question matters, such as a file to be written, ``newest_only`` is False.

    It is for a second or two of numpy on values that nobody changes; longer work, and everything
    that can crash, belongs into an engine.
    """

    def __init__(self, *, newest_only: bool = True) -> None:
        self._newest_only = newest_only
        self._asked: SimpleQueue[tuple[Callable[[], object], Listener] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def run(self, work: Callable[[], object], listener: Listener) -> None:
        """Have something worked out; the listener is told on the thread."""
        self._asked.put((work, listener))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="mcn-background", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Let what is being worked on come to its end, and stop."""
        self._asked.put(None)
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _work(self) -> None:
        while (question := self._newest()) is not None:
            work, listener = question
            try:
                answer = work()
            except MicroCrystalError as error:
                listener.failed(error)
            except Exception:  # the thread must outlive it, and its page must be told
                log.exception("background work failed")
                listener.failed(MicroCrystalError(FAILED))
            else:
                listener.done(answer)

    def _newest(self) -> tuple[Callable[[], object], Listener] | None:
        question = self._asked.get()
        while self._newest_only and question is not None and not self._asked.empty():
            question = self._asked.get()
        return question
