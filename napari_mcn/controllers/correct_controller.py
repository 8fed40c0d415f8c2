"""Corrects accepted crystals: brush, delete, undo and redo, and says how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.errors import MaskError
from napari_mcn.notify import refusals_told, tell

if TYPE_CHECKING:
    from microcrystalnet.domain.mask import Mask
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.segment_panel import SegmentPanel
    from napari_mcn.session import Session


class CorrectController:
    """The lower part of the Segment page; undo and redo reach every kind of edit."""

    def __init__(self, panel: SegmentPanel, session: Session, canvas: Canvas) -> None:
        self._panel, self._session, self._canvas = panel, session, canvas
        panel.delete_requested.connect(self.delete)
        panel.undo_requested.connect(self.undo)
        panel.redo_requested.connect(self.redo)
        canvas.brushed.connect(self._on_brushed)
        session.events.store.connect(self._show)
        session.events.image_id.connect(self._show)
        session.events.crystal_id.connect(self._show)
        session.events.expert.connect(self._show)
        session.edited.connect(self._show)
        self._show(None)

    def close(self) -> None:
        """Let go of the session and the canvas."""
        self._canvas.brushed.disconnect(self._on_brushed)
        events = self._session.events
        for signal in (events.store, events.image_id, events.crystal_id, events.expert):
            signal.disconnect(self._show)
        self._session.edited.disconnect(self._show)

    @refusals_told
    def delete(self) -> None:
        """Delete the selected crystal; nothing is selected then."""
        crystal = self._session.crystal
        if crystal is None:
            raise MaskError("Select the crystal to delete first: click it.")
        self._session.project.delete_crystals([crystal.crystal_id])
        self._session.crystal_id = None

    @refusals_told
    def undo(self) -> None:
        """Take the last edit back, whatever it was, and show where it was."""
        change = self._session.project.undo()
        self._session.follow(change)
        tell("There is nothing to undo." if change is None else change.text)

    @refusals_told
    def redo(self) -> None:
        """Do again what was taken back, and show where it is."""
        change = self._session.project.redo()
        self._session.follow(change)
        tell("There is nothing to redo." if change is None else change.text)

    @refusals_told
    def _on_brushed(self, crystal_id: str, mask: Mask) -> None:
        crystal = self._session.crystals.get(crystal_id)
        if crystal is not None:
            self._session.project.put_mask(
                crystal.image_id, mask, MaskSource.MANUAL, crystal_id=crystal_id, z=crystal.z
            )

    def _show(self, _changed: object) -> None:
        crystals, selected = self._session.crystals, self._session.crystal
        store = self._session.store
        self._panel.set_counts(len(crystals), None if selected is None else "one")
        self._panel.set_history(
            store is not None and store.can_undo, store is not None and store.can_redo
        )
        self._panel.set_next_step(self._next_step(len(crystals)))

    def _next_step(self, crystals: int) -> str:
        if self._session.image_id is None:
            return "Open a project and a micrograph on the Project page."
        if not crystals:
            return "Let the program propose every crystal, or press S and click one."
        return "Press S and click what is missing, C accepts it; then go to Label."
