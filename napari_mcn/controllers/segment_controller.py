"""Chooses the engine and keeps the micrograph prepared for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from microcrystalnet.progress import Progress
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refuse
from napari_mcn.session import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.engines.segmentation import SegmentationEngine
    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.imaging.preprocess import Recipe
    from napari_mcn.busy import Busy
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.segment_panel import SegmentPanel
    from napari_mcn.session import Session

WAIT = "Preparing the micrograph…"
LEARNS = "Noise2Void learns from this micrograph"
READY = "Ready: click a crystal, or let the program propose them all."


class SegmentController:
    """The upper half of the Segment page."""

    def __init__(
        self,
        panel: SegmentPanel,
        session: Session,
        canvas: Canvas,
        engine: SegmentationEngine,
        *,
        dialogs: Dialogs,
        busy: Busy,
        owner: QObject,
        after_prepared: Callable[[], None] = lambda: None,
    ) -> None:
        self._after_prepared = after_prepared
        self._panel, self._session, self._canvas, self._engine = panel, session, canvas, engine
        self._dialogs = dialogs
        self._engines = {EMBEDDED: "Embedded (no download)"}
        self._active = False
        self._prepared: tuple[str, str, Recipe] | None = None
        self._task = busy.task()
        self._preparing = listen(
            owner, self._on_prepared, self._on_prepare_refused, self._on_preparing
        )
        panel.engine_chosen.connect(self._choose)
        panel.checkpoint_requested.connect(self._on_checkpoint)
        session.events.image_id.connect(self._on_image)
        session.events.engine.connect(self._on_engine)
        session.events.recipe.connect(self._on_recipe)
        self._show_engines()

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.image_id.disconnect(self._on_image)
        self._session.events.engine.disconnect(self._on_engine)
        self._session.events.recipe.disconnect(self._on_recipe)

    def activate(self, active: bool) -> None:
        """Prepare the micrograph while the page is in use."""
        self._active = active
        if active:
            self.prepare()

    def prepare(self) -> None:
        """Let the engine look at the shown micrograph, unless it has."""
        image_id, pixels = self._session.image_id, self._canvas.pixels
        recipe = self._session.recipe
        wanted = image_id or "", self._session.engine, recipe
        if image_id is None or pixels is None or self._prepared == wanted:
            return
        self._prepared = wanted
        self._panel.set_ready(False, WAIT)
        listener = Tagged(self._preparing, wanted)
        request = self._engine.show(image_id, pixels, self._session.engine, listener, recipe)
        if recipe.blind_spot:
            self._task.start(Progress(0, 0, LEARNS), lambda: self._cancel(request))

    def _cancel(self, request: int) -> None:
        """Stop Noise2Void, and outline on the other filters' result."""
        self._engine.cancel(request)
        self._session.recipe = replace(self._session.recipe, blind_spot=False)

    def _on_preparing(self, progress: Progress) -> None:
        if self._prepared is None:
            return
        self._panel.set_ready(False, progress.message or WAIT)
        self._task.step(progress)

    def _on_prepared(self, answer: tuple[object, object]) -> None:
        wanted, _ = answer
        if wanted != self._prepared:
            return  # another micrograph, or none, is shown by now
        self._task.end()
        self._panel.set_ready(True, READY)
        if not self._session.recipe.steps:
            self._after_prepared()

    def _on_prepare_refused(self, refusal: tuple[object, MicroCrystalError]) -> None:
        wanted, error = refusal
        if wanted != self._prepared:
            return
        refused = self._session.engine
        self._task.end()
        self._prepared = None
        # The buttons stay usable: asking again starts the engine afresh.
        self._panel.set_ready(True, str(error))
        refuse(error)
        if refused != EMBEDDED:
            self._engines.pop(refused, None)
            self._choose(EMBEDDED)

    def _on_checkpoint(self) -> None:
        path: Path | None = self._dialogs.checkpoint()
        if path is not None:
            self.use(str(path), f"SAM: {path.stem}")

    def offer(self, engine: str, text: str) -> None:
        """Let the user choose one more engine; ``text`` is what it is called."""
        self._engines[engine] = text
        self._show_engines()

    def use(self, engine: str, text: str) -> None:
        """Outline with an engine from now on."""
        self.offer(engine, text)
        self._choose(engine)

    def _choose(self, engine: str) -> None:
        self._session.engine = engine
        self._show_engines()

    def _on_engine(self, _engine: str) -> None:
        if self._active:
            self.prepare()

    def _on_recipe(self, _recipe: Recipe) -> None:
        if self._active:
            self.prepare()

    def _show_engines(self) -> None:
        self._panel.set_engines(list(self._engines.items()), self._session.engine)

    def _on_image(self, image_id: str | None) -> None:
        self._prepared = None
        self._task.end()
        if image_id is None:
            self._panel.set_ready(False, "No micrograph is open.")
        elif self._active:
            self.prepare()
        else:
            self._panel.set_ready(True, READY)
