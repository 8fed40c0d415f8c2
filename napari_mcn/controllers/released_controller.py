"""Fetches the classifier that the source team released, on request."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from microcrystalnet.learning.released_weights import RELEASED
from microcrystalnet.progress import Progress
from microcrystalnet.published import bytes_here, find_download
from napari_mcn.jobs import listen
from napari_mcn.notify import refusals_told, refuse, tell
from napari_mcn.panels.weights_section import ABSENT, FETCHING, HERE, PAUSED, WeightsRow

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from napari_mcn.busy import Busy
    from napari_mcn.panels.weights_section import WeightsSection


class ReleasedController:
    """The upper part of the Import page; ``look_into`` is told where the file lies."""

    def __init__(
        self,
        panel: WeightsSection,
        downloads: EngineClient,
        look_into: Callable[[Path], None],
        *,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._panel, self._downloads, self._look_into = panel, downloads, look_into
        self._task = busy.task()
        self._job = listen(owner, self._on_fetched, self._on_refused, self._on_progress)
        panel.fetch_requested.connect(self.fetch)
        panel.pause_requested.connect(self._task.cancel)
        panel.use_requested.connect(self._use)
        self._show()

    def close(self) -> None:
        """Pause; what was fetched stays."""
        self._downloads.close()

    @refusals_told
    def fetch(self, name: str) -> None:
        """Fetch the file, or go on where it stopped."""
        request = self._downloads.request("download", {"name": name}, self._job)
        first = Progress(bytes_here(RELEASED), RELEASED.size, f"Fetching {name}")
        self._task.start(first, lambda: self._pause(request))
        self._show()

    def _pause(self, request: int) -> bool:
        in_time = self._downloads.cancel(request)
        self._show()
        return in_time

    def _on_progress(self, progress: Progress) -> None:
        if self._task.running:
            self._task.step(progress)
            self._panel.set_progress(RELEASED.name, progress.message.partition(": ")[2])

    def _on_fetched(self, _path: object) -> None:
        if not self._task.running:  # paused while the answer was on its way
            return
        self._task.end()
        self._show()
        tell("The released classifier is on this computer.")
        self._use(RELEASED.name)

    def _on_refused(self, error: MicroCrystalError) -> None:
        self._task.end()
        self._show()
        refuse(error)

    def _use(self, _name: str) -> None:
        path = find_download(RELEASED)
        if path is not None:
            self._look_into(path)

    def _show(self) -> None:
        done = bytes_here(RELEASED)
        state = PAUSED if done else ABSENT
        if find_download(RELEASED):
            state = HERE
        elif self._task.running:
            state = FETCHING
        host = urlsplit(RELEASED.url).hostname or RELEASED.url
        row = WeightsRow(
            *(RELEASED.name, RELEASED.size, host, RELEASED.licence, RELEASED.sha256), state, done
        )
        self._panel.set_weights([row])
