"""Chooses the engine, keeps the micrograph prepared, and outlines every crystal at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.errors import SegmentationError
from microcrystalnet.imaging.doubles import without_doubles
from microcrystalnet.progress import Progress
from microcrystalnet.segmentation.segmenter import EverythingSettings
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refusals_told, refuse, tell
from napari_mcn.session import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.engines.segmentation import SegmentationEngine
    from microcrystalnet.errors import MicroCrystalError
    from napari_mcn.controllers.busy import Busy
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.segment_panel import SegmentPanel
    from napari_mcn.session import Session

WAIT = "Preparing the micrograph…"
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
        busy: Busy,
        dialogs: Dialogs,
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._canvas, self._engine = panel, session, canvas, engine
        self._dialogs, self._task = dialogs, busy.task()
        self._engines = {EMBEDDED: "Embedded (no download)"}
        self._active = False
        self._prepared: tuple[str, str] | None = None
        self._preparing = listen(
            owner, self._on_prepared, self._on_prepare_refused, self._on_preparing
        )
        self._outlining = listen(owner, self._on_everything, self._on_refused, self._task.step)
        panel.engine_chosen.connect(self._choose)
        panel.checkpoint_requested.connect(self._on_checkpoint)
        panel.everything_requested.connect(self.everything)
        session.events.store.connect(self._on_store)
        session.events.image_id.connect(self._on_image)
        session.events.engine.connect(self._on_engine)
        self._show_engines()

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.store.disconnect(self._on_store)
        self._session.events.image_id.disconnect(self._on_image)
        self._session.events.engine.disconnect(self._on_engine)

    def activate(self, active: bool) -> None:
        """Prepare the micrograph while the page is in use."""
        self._active = active
        if active:
            self.prepare()

    def prepare(self) -> None:
        """Let the engine look at the shown micrograph, unless it has."""
        image_id, pixels = self._session.image_id, self._canvas.pixels
        wanted = image_id or "", self._session.engine
        if image_id is None or pixels is None or self._prepared == wanted:
            return
        self._prepared = wanted
        self._panel.set_ready(False, WAIT)
        self._engine.show(image_id, pixels, self._session.engine, self._preparing)

    @refusals_told
    def everything(self, smallest_px: int) -> None:
        """Propose every crystal of the micrograph at once."""
        micrograph = self._session.micrograph
        if micrograph is None or self._canvas.pixels is None:
            raise SegmentationError("Open a micrograph on the Project page first.")
        self.prepare()
        settings = EverythingSettings(smallest_px=smallest_px, region=micrograph.region)
        listener = Tagged(self._outlining, micrograph.image_id)
        request = self._engine.everything(settings, listener)
        self._task.start(
            Progress(0, 0, f"Outlining every crystal of {micrograph.file_name}"),
            lambda: self._engine.cancel(request),
        )

    def _on_preparing(self, progress: Progress) -> None:
        self._panel.set_ready(False, progress.message or WAIT)

    def _on_prepared(self, _nothing: object) -> None:
        self._panel.set_ready(True, READY)

    def _on_prepare_refused(self, error: MicroCrystalError) -> None:
        refused = self._session.engine
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
            self._engines[str(path)] = f"SAM: {path.stem}"
            self._choose(str(path))

    def _choose(self, engine: str) -> None:
        self._session.engine = engine
        self._show_engines()

    def _on_engine(self, _engine: str) -> None:
        if self._active:
            self.prepare()

    def _show_engines(self) -> None:
        self._panel.set_engines(list(self._engines.items()), self._session.engine)

    @refusals_told
    def _on_everything(self, answer: tuple[str, Sequence[Mask]]) -> None:
        self._task.end()
        image_id, found = answer
        store = self._session.project
        known = [each.mask for each in store.state.crystals(image_id).values()]
        fresh = without_doubles(found, known)
        store.put_masks(image_id, fresh, self._session.mask_source)
        tell(_outcome(len(fresh), len(known)))

    def _on_refused(self, refusal: tuple[str, MicroCrystalError]) -> None:
        _, error = refusal
        self._task.end()
        refuse(error)

    def _on_store(self, _store: object) -> None:
        self._task.cancel()

    def _on_image(self, image_id: str | None) -> None:
        self._prepared = None
        if image_id is None:
            self._panel.set_ready(False, "No micrograph is open.")
        elif self._active:
            self.prepare()
        else:
            self._panel.set_ready(True, READY)


def _outcome(fresh: int, known: int) -> str:
    crystals = "1 crystal" if fresh == 1 else f"{fresh:,} crystals"
    if not fresh:
        return "Nothing new was found: try a smaller diameter, or click the crystals one by one."
    return (
        f"{crystals} added; the {known:,} there were are unchanged."
        if known
        else (f"{crystals} outlined: delete what is wrong, click what is missing.")
    )
