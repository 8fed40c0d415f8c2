"""Has the next micrographs looked at, in a child process of its own, while the user works."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from microcrystalnet.engines.client import EngineClient
from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.progress import Progress

LANE = "ahead"

log = logging.getLogger(__name__)


class LookAhead:
    """One list of micrographs at a time; a newer list replaces the older one.

    Parameters
    ----------
    start
        What makes a client; a client is made anew after `stop`.
    """

    def __init__(self, start: Callable[[], EngineClient] | None = None) -> None:
        self._start = _client if start is None else start
        self._client: EngineClient | None = None
        self._asked: tuple[tuple[Path, ...], str] | None = None

    def look(self, paths: Sequence[Path], engine: str) -> None:
        """Encode these micrographs with an engine, first things first; returns at once."""
        asked = tuple(paths), engine
        if asked == self._asked:
            return
        self._asked = asked
        if not paths:
            self.stop()
            return
        self._client = self._client or self._start()
        arguments = {"paths": list(paths), "engine": engine}
        self._client.request("look_ahead", arguments, _Quiet(), lane=LANE)

    def stop(self) -> None:
        """End the child process, in the middle of a micrograph if need be."""
        client, self._client, self._asked = self._client, None, None
        if client is not None:
            client.close()

    close = stop


def _client() -> EngineClient:
    return EngineClient("sam_chores")


class _Quiet:
    """A listener for work nobody waits for."""

    def progress(self, progress: Progress) -> None:
        pass

    def done(self, result: object) -> None:
        pass

    def failed(self, error: MicroCrystalError) -> None:
        log.info("looking ahead ended: %s", error)
