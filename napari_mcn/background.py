"""Pure functions that take too long for a click, on a thread of their own."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING

from microcrystalnet.errors import MicroCrystalError

if TYPE_CHECKING:
    from collections.abc import Callable

    from microcrystalnet.engines.client import Listener


class Background:
    """Works on the newest question only; older ones that nobody began are forgotten.

    It is for a second or two of numpy on values that nobody changes; longer work, and everything
    that can crash, belongs into an engine.
    """

    def __init__(self) -> None:
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
            else:
                listener.done(answer)

    def _newest(self) -> tuple[Callable[[], object], Listener] | None:
        question = self._asked.get()
        while question is not None and not self._asked.empty():
            question = self._asked.get()
        return question
