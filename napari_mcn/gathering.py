"""Collects the experts' answers a slice at a time, so that the window answers in between."""

from __future__ import annotations

import time
from collections import deque
from contextlib import ExitStack
from typing import TYPE_CHECKING

from qtpy.QtCore import QObject, QTimer, Signal

from microcrystalnet.blind_answers import AnswerBook
from microcrystalnet.storage.bulk import collector_at_rest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from microcrystalnet.storage.project_store import ProjectStore

SLICE_S = 0.015
AT_ONCE = 20  # crystals looked up between two looks at the clock
LARGE, REST_MS = 5000, 1500  # above so many crystals, wait until the labelling rests


class Gathering(QObject):
    """Keeps an `AnswerBook` up to date with the labels of one project.

    Signal: ``gathered(tuple)`` with the book's pages whenever it has caught up with a change.
    """

    gathered = Signal(object)

    def __init__(self) -> None:
        super().__init__()  # nobody's child: it is stopped after the window's objects are gone
        self._book: AnswerBook | None = None
        self._waiting: deque[str] = deque()
        self._behind, self._following = False, False
        self._resting: ExitStack | None = None  # of the garbage collector, while it works
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._work)

    @property
    def begun(self) -> bool:
        """Whether the answers of a project were looked at since the last `forget`."""
        return self._book is not None

    def follow(self, store: ProjectStore) -> None:
        """Tell the answers of a project when they are known, and again after every change."""
        self._following = True
        if self._book is None:
            self._book = AnswerBook(store)
            self._waiting = deque(store.state.labelled)
            self._behind = True
        if self._behind:
            self._work()

    def touch(self, crystal_ids: Iterable[str]) -> None:
        """Look these crystals up again."""
        if self._book is None:
            return
        self._waiting.extend(crystal_ids)
        self._behind = True
        if not self._following:
            return
        if len(self._book.pages()) > LARGE:
            self._timer.start(REST_MS)
        else:
            self._work()

    def pause(self) -> None:
        """Remember what changes, and work on it when `follow` is called again."""
        self._following = False
        self._rest()

    def forget(self) -> None:
        """Begin anew at the next `follow`."""
        self._book, self._behind = None, False
        self._waiting.clear()
        self._rest()

    stop = forget

    def _work(self) -> None:
        if self._book is None:
            return
        if self._resting is None:
            self._resting = ExitStack()
            self._resting.enter_context(collector_at_rest())
        end = time.monotonic() + SLICE_S
        while self._waiting:
            some = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
            self._book.take(some)
            if time.monotonic() > end:
                break
        if self._waiting:
            self._timer.start(0)
            return
        self._rest()
        if self._behind:
            self._behind = False
            self.gathered.emit(self._book.pages())

    def _rest(self) -> None:
        """Look nothing up for the time being."""
        self._timer.stop()
        if self._resting is not None:
            self._resting.close()
            self._resting = None
