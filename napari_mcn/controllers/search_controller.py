"""Searches for better choices of a training, shows the trials, and brings the best to Train."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING

from microcrystalnet.errors import ReadOnlyProjectError, TrainingError
from microcrystalnet.examples import Taught, finding_taught
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.material import check_taught
from microcrystalnet.learning.search_folder import Search, Trial, read
from microcrystalnet.progress import Progress
from napari_mcn.jobs import listen
from napari_mcn.notify import refusals_told, refuse, tell
from napari_mcn.panels.model_panel import TRAIN, TrainForm
from napari_mcn.panels.row_table import TableRow
from napari_mcn.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.busy import Busy
    from napari_mcn.panels.model_panel import ModelPanel
    from napari_mcn.session import Session

FOLDER = "searches"


class SearchController:
    """The Search page; it has a child process of its own, so that one can predict meanwhile."""

    def __init__(
        self,
        panel: ModelPanel,
        session: Session,
        searcher: EngineClient,
        *,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._searcher = panel, session, searcher
        self._page, self._task = panel.search, busy.task()
        self._job = listen(owner, self._on_found, self._on_refused, self._on_progress)
        self._slices = Slices(busy.task())
        self._taught: Taught | None = None
        self._folder: Path | None = None
        self._search: Search | None = None
        self._page.search_requested.connect(self.search)
        self._page.cancel_requested.connect(self._task.cancel)
        self._page.use_requested.connect(self.use)
        session.events.store.connect(self._on_store)

    def close(self) -> None:
        """Let go of the session and end the child; finished trials stay."""
        self._slices.stop()
        self._session.events.store.disconnect(self._on_store)
        self._searcher.close()

    @refusals_told
    def activate(self, active: bool) -> None:
        """Show the search of these crystals and choices, where there is one."""
        busy = self._task.running or self._slices.running
        if not active or busy or self._session.store is None:
            return
        config = self._config()
        self._slices.run(self._finding(self._session.store, config), lambda: self._look(config))

    def _finding(self, store: ProjectStore, config: TrainConfig) -> Iterator[Progress]:
        """Look for what is taught, with pauses."""
        self._taught = yield from finding_taught(store, config.targets)

    @refusals_told
    def _look(self, config: TrainConfig) -> None:
        store, taught = self._session.project, self._taught
        if taught is None:
            return
        self._folder = self._folder_of(store, taught, config)
        self._read()

    @refusals_told
    def search(self, trials: int) -> None:
        """Begin a search, or go on with the one of the same crystals and choices."""
        store = self._session.project
        if store.read_only:
            raise ReadOnlyProjectError(store.read_only_reason)
        config = self._config()
        config.check()
        self._slices.run(self._finding(store, config), lambda: self._begin(config, trials))

    @refusals_told
    def _begin(self, config: TrainConfig, trials: int) -> None:
        """Ask for a search with what was read."""
        store, taught = self._session.project, self._taught
        if taught is None:
            return
        check_taught(taught.labels, taught.teaching, store.state.scheme)
        self._folder = self._folder_of(store, taught, config)
        self._read()
        done = len(self._search.trials) if self._search else 0
        if done >= trials:
            raise TrainingError(
                f"There are {done} trials already; choose a larger number of trials to go on."
            )
        arguments = {
            "examples": taught.examples,
            "labels": taught.labels,
            "scheme": store.state.scheme,
            "config": config,
            "folder": self._folder,
            "trials": trials,
            "teaching": taught.teaching,
        }
        request = self._searcher.request("search", arguments, self._job)
        self._page.set_running(True)
        first = Progress(done, trials, f"Searching with {len(taught.labels)} crystals")
        self._task.start(first, lambda: self._cancel(request))

    @refusals_told
    def use(self, number: str) -> None:
        """Bring the choices of a trial to the Train page."""
        if self._search is None:
            return
        trial = self._search.trials[int(number) - 1]
        config = replace(self._search.config, **trial.params)
        chosen = {each.name: getattr(config, each.name) for each in fields(TrainForm)}
        self._panel.fields.set_value(TrainForm(**chosen))
        self._panel.show_page(TRAIN)
        tell(f"The choices of trial {number} stand under Advanced; press Train to use them.")

    def _config(self) -> TrainConfig:
        return TrainConfig(**asdict(self._panel.fields.value()))

    def _folder_of(self, store: ProjectStore, taught: Taught, config: TrainConfig) -> Path:
        """Give the folder of the search with exactly these crystals and choices."""
        key = hashlib.sha256(json.dumps(asdict(config), sort_keys=True).encode())
        for example, label in zip(taught.examples, taught.labels, strict=True):
            key.update(f"{example.crystal_id} {label}\n".encode())
            key.update(example.mask.pixels.tobytes())
        key.update(taught.teaching.shares.tobytes())
        return store.folder / FOLDER / key.hexdigest()[:16]

    def _cancel(self, request: int) -> bool:
        if not self._searcher.cancel(request):
            return False
        self._page.set_running(False)
        self._read()
        tell("The search was cancelled; finished trials stay, and it can go on.")
        return True

    def _on_progress(self, progress: Progress) -> None:
        if not self._task.running:
            return
        self._task.step(progress)
        known = len(self._search.trials) if self._search else 0
        if not progress.message.startswith(f"Trial {known + 1} "):
            self._read()

    def _on_found(self, _found: object) -> None:
        if self._task.running:
            self._end()
            tell("The search is done; choose a trial and press Use these settings.")

    def _on_refused(self, error: MicroCrystalError) -> None:
        if self._task.running:
            self._end()
            refuse(error)

    def _end(self) -> None:
        self._task.end()
        self._page.set_running(False)
        self._read()

    def _on_store(self, _store: object) -> None:
        self._task.abandon()
        self._page.set_running(False)
        self._slices.stop()
        self._folder = None
        self._read()

    @refusals_told
    def _read(self) -> None:
        """Show the trials that are finished."""
        if self._folder is not None:
            self._session.project.pulse.require()
        self._search = None if self._folder is None else read(self._folder)
        if self._search is None:
            self._page.set_trials((), "", None)
            return
        trials = self._search.trials
        best = self._search.best
        place = None if best is None else str(trials.index(best) + 1)
        said = f"{len(trials)} trials so far with these crystals and choices."
        if best is not None:
            said += f" The best is trial {place}. {best.note}".rstrip()
        rows = [_row(number, trial) for number, trial in enumerate(trials, 1)]
        self._page.set_trials(rows, said, place)


def _row(number: int, trial: Trial) -> TableRow:
    values = (
        number,
        trial.loss,
        trial.accuracy,
        trial.batch,
        trial.crop_size,
        trial.dropout,
        trial.optimizer,
        trial.learning_rate,
        trial.epochs,
        trial.state,
        trial.seconds,
    )
    return TableRow(str(number), values, hints={9: trial.note or trial.state})
