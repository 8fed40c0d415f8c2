"""Corrects crystals by brush and deletion, undoes and redoes, and says how many there are."""

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
        session.events.marked.connect(self._show)
        session.edited.connect(self._show)
        session.pointing.changed.connect(self._on_pointing)
        self._show(None)

    def close(self) -> None:
        """Let go of the session and the canvas."""
        self._canvas.brushed.disconnect(self._on_brushed)
        events = self._session.events
        for signal in (events.store, events.image_id, events.crystal_id, events.expert):
            signal.disconnect(self._show)
        events.marked.disconnect(self._show)
        self._session.edited.disconnect(self._show)
        self._session.pointing.changed.disconnect(self._on_pointing)

    @refusals_told
    def delete(self) -> None:
        """Delete the marked crystals, or else the selected one; nothing is selected then."""
        chosen = self._session.chosen
        if not chosen:
            raise MaskError("Select the crystal to delete first: click it.")
        self._session.project.delete_crystals([each.crystal_id for each in chosen])
        self._session.crystal_id, self._session.marked = None, frozenset()

    @refusals_told
    def undo(self) -> None:
        """Take the last click back, or else the last edit, whatever it was, and show where."""
        if self._session.pointing.take_back():
            return
        change = self._session.project.undo()
        self._session.follow(change)
        tell("There is nothing to undo." if change is None else change.text)

    @refusals_told
    def redo(self) -> None:
        """Do again what was taken back, and show where it is."""
        if self._session.pointing.repeat():
            return
        change = self._session.project.redo()
        self._session.follow(change)
        tell("There is nothing to redo." if change is None else change.text)

    def _on_pointing(self) -> None:
        self._show(None)

    @refusals_told
    def _on_brushed(self, crystal_id: str, mask: Mask) -> None:
        crystal = self._session.crystals.get(crystal_id)
        if crystal is not None:
            self._session.project.put_mask(
                crystal.image_id,
                mask,
                MaskSource.MANUAL,
                crystal_id=crystal_id,
                z=crystal.z,
                prompt=crystal.prompt,
            )

    def _show(self, _changed: object) -> None:
        crystals, chosen = self._session.crystals, self._session.chosen
        store, pointing = self._session.store, self._session.pointing
        number = "one" if len(chosen) == 1 else str(len(chosen))
        self._panel.set_counts(len(crystals), number if chosen else None)
        self._panel.set_history(
            pointing.aim is not None or (store is not None and store.can_undo),
            pointing.can_repeat or (store is not None and store.can_redo),
        )
        self._panel.set_next_step(self._next_step(len(crystals)))

    def _next_step(self, crystals: int) -> str:
        if self._session.image_id is None:
            return "Open a project and a micrograph on the Project page."
        if not crystals:
            return "Let the program propose every crystal, or press S and click one."
        return "Press S and click what is missing, C accepts it; then go to Label."
