"""Says at every moment whether what the experts did is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QObject, Signal

if TYPE_CHECKING:
    from microcrystalnet.storage.project_store import Pending
    from napari_mcn.panels.workbench import Workbench
    from napari_mcn.session import Session


class SaveController(QObject):
    """Brings the writer's news from its thread to the save line."""

    _told = Signal(object)

    def __init__(self, workbench: Workbench, session: Session, owner: QObject) -> None:
        super().__init__(owner)
        self._workbench, self._session = workbench, session
        self._told.connect(self._show)
        session.events.store.connect(self._on_store)
        session.edited.connect(self._on_edited)
        self._on_store(session.store)

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.store.disconnect(self._on_store)
        self._session.edited.disconnect(self._on_edited)

    def _on_store(self, _store: object) -> None:
        store = self._session.store
        if store is None:
            self._workbench.set_saved("", trouble=False)
            return
        store.on_saved = self._told.emit
        self._show(store.pending())

    def _on_edited(self, _change: object) -> None:
        if self._session.store is not None:
            self._show(self._session.store.pending())

    def _show(self, pending: Pending) -> None:
        store = self._session.store
        if store is None:
            return
        if store.read_only:
            self._workbench.set_saved(store.read_only_reason, trouble=True)
        elif pending.trouble:
            self._workbench.set_saved(pending.trouble, trouble=True)  # it says how many edits
        elif pending.unsaved:
            self._workbench.set_saved("Saving…", trouble=False, in_folder=False)
        elif pending.only_here:
            self._workbench.set_saved("Saved on this computer", trouble=False, in_folder=False)
        elif pending.held:
            labels = "1 label waits" if pending.held == 1 else f"{pending.held} labels wait"
            text = f"Saved; {labels} on this computer for your seal"
            self._workbench.set_saved(text, trouble=False, in_folder=False)
        else:
            self._workbench.set_saved("Saved in the project folder", trouble=False)
