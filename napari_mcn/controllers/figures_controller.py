"""Has the figures of a paper drawn by a child process, into a folder the user chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.engines.client import EngineClient
from microcrystalnet.errors import ModelError
from microcrystalnet.progress import Progress
from microcrystalnet.report.figure_material import FigureMaterial, gathering_material, note_shown
from napari_mcn.jobs import listen
from napari_mcn.notify import refusals_told, refuse, tell
from napari_mcn.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.errors import MicroCrystalError
    from napari_mcn.busy import Busy
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.panels.maps_page import MapsPage
    from napari_mcn.session import Session


class FiguresController:
    """The button of the Maps page; Cancel ends the child."""

    def __init__(
        self,
        page: MapsPage,
        session: Session,
        engine: EngineClient | None = None,
        *,
        dialogs: Dialogs,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._page, self._session, self._dialogs = page, session, dialogs
        self._engine = engine or EngineClient("explainer")
        self._task, self._slices = busy.task(), Slices(busy.task())
        self._material: FigureMaterial | None = None
        self._job = listen(owner, self._on_drawn, self._on_refused, self._task.step)
        page.figures_requested.connect(self.draw)
        session.events.store.connect(self._on_store)
        session.events.expert.connect(self._on_expert)

    def close(self) -> None:
        """Let go of the session and the engine, and read no further."""
        self._slices.stop()
        self._session.events.store.disconnect(self._on_store)
        self._session.events.expert.disconnect(self._on_expert)
        self._engine.close()

    @refusals_told
    def draw(self) -> None:
        """Ask for a folder and have the figures drawn there."""
        store, model_id = self._session.project, self._session.model_id
        store.rounds.require_open()
        if model_id is None:
            raise ModelError("There is no classifier yet: train one on the Model page.")
        folder = self._dialogs.save_as("figures")
        if folder is not None:
            self._slices.run(
                self._gathering(model_id),
                lambda: self._begin(store.model_folder(model_id), folder),
            )

    def _gathering(self, model_id: str) -> Iterator[Progress]:
        """Gather what is drawn, with pauses."""
        self._material = yield from gathering_material(self._session.project, model_id)

    @refusals_told
    def _begin(self, model: Path, folder: Path) -> None:
        """Have drawn what was gathered."""
        material, self._material = self._material, None
        if material is not None:
            note_shown(self._session.project, material)
        arguments = {
            "model_folder": model,
            "material": material,
            "out": folder,
        }
        request = self._engine.request("figures", arguments, self._job)
        self._page.set_running(True)
        self._task.start(Progress(0, 0, "Drawing the figures"), lambda: self._cancel(request))

    def _cancel(self, request: int) -> bool:
        if not self._engine.cancel(request):
            return False
        self._page.set_running(False)
        tell("The figures were cancelled; those that were drawn stay.")
        return True

    def _on_drawn(self, written: object) -> None:
        if self._task.running:
            self._end()
            paths = list(written) if isinstance(written, list) else []
            tell(f"{len(paths)} files were written; figures.csv lists them, and what was left out.")

    def _on_refused(self, error: MicroCrystalError) -> None:
        if self._task.running:
            self._end()
            refuse(error)

    def _on_store(self, _store: object) -> None:
        self._slices.stop()
        self._task.abandon()
        self._page.set_running(False)

    def _on_expert(self, _expert: object) -> None:
        self._slices.stop()  # another expert may see less

    def _end(self) -> None:
        self._task.end()
        self._page.set_running(False)
