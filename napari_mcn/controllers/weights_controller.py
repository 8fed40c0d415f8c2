"""Fetches SAM's published weights on request, and offers what is on this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from microcrystalnet.progress import Progress
from microcrystalnet.published import Published, bytes_here
from microcrystalnet.segmentation.weights import (
    PUBLISHED,
    fine_tuned,
    is_there,
)
from napari_mcn.jobs import listen
from napari_mcn.notify import refusals_told, refuse, tell
from napari_mcn.panels.weights_section import ABSENT, FETCHING, HERE, PAUSED, WeightsRow

if TYPE_CHECKING:
    from qtpy.QtCore import QObject

    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from napari_mcn.busy import Busy
    from napari_mcn.panels.weights_section import WeightsSection


class Engines(Protocol):
    """The list of engines on the Segment page."""

    def offer(self, engine: str, text: str) -> None:
        """Let the user choose one more engine."""

    def use(self, engine: str, text: str) -> None:
        """Outline with an engine from now on."""


class WeightsController:
    """The weights part of the Segment page; a download runs in a child process of its own."""

    def __init__(
        self,
        panel: WeightsSection,
        client: EngineClient,
        *,
        engines: Engines,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._panel, self._client, self._engines = panel, client, engines
        self._task = busy.task()
        self._name = ""  # the weights being fetched
        self._job = listen(owner, self._on_fetched, self._on_refused, self._on_progress)
        panel.fetch_requested.connect(self.fetch)
        panel.pause_requested.connect(self._task.cancel)
        panel.use_requested.connect(self._use)
        self._offer_all()
        self._show()

    def close(self) -> None:
        """Pause; what was fetched stays."""
        self._client.close()

    @refusals_told
    def fetch(self, name: str) -> None:
        """Fetch weights, or go on where it stopped."""
        self._name = name
        request = self._client.request("download", {"name": name}, self._job)
        first = Progress(bytes_here(PUBLISHED[name]), PUBLISHED[name].size, f"Fetching {name}")
        self._task.start(_kilobytes(first), lambda: self._pause(request))
        self._show()

    def _pause(self, request: int) -> bool:
        if not self._client.cancel(request):
            return False
        self._name = ""
        self._show()
        return True

    def _on_progress(self, progress: Progress) -> None:
        if self._task.running:
            self._task.step(_kilobytes(progress))
            self._panel.set_progress(self._name, progress.message.partition(": ")[2])

    def _on_fetched(self, _path: object) -> None:
        if not self._task.running:  # paused while the answer was on its way
            return
        name = self._end()
        tell(f"SAM {name} is on this computer and outlines from now on.")
        self._use(name)

    def _on_refused(self, error: MicroCrystalError) -> None:
        self._end()
        refuse(error)

    def _end(self) -> str:
        self._task.end()
        name, self._name = self._name, ""
        self._show()
        return name

    def _use(self, name: str) -> None:
        self._engines.use(name, _text(name))

    def _offer_all(self) -> None:
        for name in PUBLISHED:
            if is_there(name):
                self._engines.offer(name, _text(name))
        for path in fine_tuned():
            self._engines.offer(str(path), f"SAM: {path.stem}")

    def _show(self) -> None:
        self._panel.set_weights([self._row(each) for each in PUBLISHED.values()])

    def _row(self, each: Published) -> WeightsRow:
        done = bytes_here(each)
        state = PAUSED if done else ABSENT
        if is_there(each.name):
            state = HERE
        elif each.name == self._name:
            state = FETCHING
        host = urlsplit(each.url).hostname or each.url
        return WeightsRow(each.name, each.size, host, each.licence, each.sha256, state, done)


def _text(name: str) -> str:
    return f"SAM {name}"


def _kilobytes(progress: Progress) -> Progress:
    """Count in kilobytes: the bytes of large weights do not fit into Qt's numbers."""
    return Progress(progress.done // 1000, progress.total // 1000, progress.message)
