"""Shows what a click would outline while the click tool is in hand; never in the way of a click."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from qtpy.QtCore import QTimer

from microcrystalnet.domain.prompt import Click, Prompt
from microcrystalnet.errors import EngineError, MicroCrystalError
from microcrystalnet.segmentation.segmenter import MaskProposals
from napari_mcn.jobs import listen
from napari_mcn.pointing import SAME

if TYPE_CHECKING:
    from qtpy.QtCore import QObject

    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.engines.segmentation import SegmentationEngine
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.session import Session

REST_MS, LONGEST_REST_MS = 40, 500  # how long the mouse must rest before the engine is asked
PATIENCE = 2.0  # ... and at least this many times what the last answer took
SLOW_MS = 150  # a click could come meanwhile and would wait: SAM needs 300 ms without a GPU
SLOW_ANSWERS = 2  # the first may have waited for the micrograph to be prepared


class HoverController:
    """A thin outline under the resting mouse, as long as nothing is pointed at.

    An engine that answers slowly is not asked again before another engine or micrograph is chosen.
    """

    def __init__(
        self, session: Session, canvas: Canvas, engine: SegmentationEngine, owner: QObject
    ) -> None:
        self._session, self._canvas, self._engine = session, canvas, engine
        self._place: tuple[float, float] | None = None
        self._asked_at: float | None = None  # seconds; None: no answer is awaited
        self._shown: Mask | None = None
        self._slow = 0  # slow answers in a row
        self._job = listen(owner, self._on_answer, self._on_refused)
        self._timer = QTimer(owner)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self._ask)
        canvas.hovered.connect(self._on_hover)
        session.pointing.changed.connect(self._on_pointing)
        session.events.image_id.connect(self._on_other)
        session.events.engine.connect(self._on_other)

    def close(self) -> None:
        """Let go of the session and the canvas."""
        self._timer.stop()
        self._canvas.hovered.disconnect(self._on_hover)
        self._session.pointing.changed.disconnect(self._on_pointing)
        self._session.events.image_id.disconnect(self._on_other)
        self._session.events.engine.disconnect(self._on_other)

    def forget(self) -> None:
        """Show nothing, and take no answer any more."""
        self._timer.stop()
        self._place = self._asked_at = None
        self._show(None)

    @property
    def _wanted(self) -> bool:
        free = self._canvas.tool == "prompt" and self._session.pointing.aim is None
        return free and self._slow < SLOW_ANSWERS

    def _on_hover(self, row: float, col: float) -> None:
        if not self._wanted:
            return
        self._place = row, col
        if self._shown is None or not self._shown.contains(round(row), round(col)):
            self._timer.start()

    def _ask(self) -> None:
        if self._place is None or not self._wanted:
            return
        self._asked_at = time.monotonic()
        try:
            self._engine.hover(Prompt((Click(*self._place),)), self._job)
        except EngineError:
            self.forget()

    def _on_answer(self, answer: object) -> None:
        if self._asked_at is None or not isinstance(answer, MaskProposals):
            return
        self._learn_pace()
        if self._wanted:
            self._show(self._new(answer))

    def _new(self, answer: MaskProposals) -> Mask | None:
        """Give what is proposed if it is still under the mouse and not outlined already."""
        if self._place is None or not answer.masks:
            return None
        mask, known = answer.masks[0], self._session.crystal_at(*self._place)
        row, col = (round(place) for place in self._place)
        outlined = known is not None and mask.iou(known.mask) >= SAME
        return mask if mask.contains(row, col) and not outlined else None

    def _on_refused(self, _error: MicroCrystalError) -> None:
        """Say nothing: the user has asked for nothing."""
        if self._asked_at is not None:
            self._learn_pace()
            self._show(None)

    def _show(self, mask: Mask | None) -> None:
        self._shown = mask
        self._canvas.hint(mask)

    def _learn_pace(self) -> None:
        took = 1000 * (time.monotonic() - (self._asked_at or 0))
        self._asked_at = None
        self._slow = self._slow + 1 if took > SLOW_MS else 0
        self._timer.setInterval(round(min(max(REST_MS, PATIENCE * took), LONGEST_REST_MS)))

    def _on_pointing(self) -> None:
        if self._session.pointing.aim is not None or self._canvas.tool != "prompt":
            self.forget()

    def _on_other(self, _changed: object) -> None:
        self.forget()
        self._slow = 0
        self._timer.setInterval(REST_MS)
