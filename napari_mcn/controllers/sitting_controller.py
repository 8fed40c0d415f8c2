"""Remembers who labels on this computer, and says once a sitting whose answers are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.notify import tell

if TYPE_CHECKING:
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.preferences import Preferences
    from napari_mcn.session import Session

CHOOSE = "press Ctrl+Z and choose your name on the Label page."


class SittingController:
    """Who sits here: whom somebody chose, else who labelled last, else the computer's account.

    Several experts may share one account, so answers under a name that nobody chose in this sitting
    are pointed out with the first of them.
    """

    def __init__(self, session: Session, preferences: Preferences) -> None:
        self._session, self._preferences = session, preferences
        self._opened_as: str | None = None
        self._clear = False  # whether it is clear whose answers these are
        session.events.store.connect(self._on_store)
        session.events.expert.connect(self._on_expert)
        session.edited.connect(self._on_edited)
        self._on_store(session.store)

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.store.disconnect(self._on_store)
        self._session.events.expert.disconnect(self._on_expert)
        self._session.edited.disconnect(self._on_edited)

    def _on_store(self, _store: object) -> None:
        store = self._session.store
        self._opened_as, self._clear = None if store is None else store.actor, False

    def _on_expert(self, expert: str | None) -> None:
        """Remember whom a person chose, which opening a project is not."""
        if expert is not None and (self._clear or expert != self._opened_as):
            self._preferences.expert, self._clear = expert, True

    def _on_edited(self, change: Change) -> None:
        if change.kind != "label" or self._clear:
            return
        self._clear = True
        store, chosen = self._session.project, self._preferences.chosen
        if not chosen and store.actor == self._preferences.expert:
            tell(
                f"You label as {store.actor}, the name of this computer's account. If others use "
                f"it too, {CHOOSE}"
            )
            self._preferences.expert = store.actor  # going on with it is a choice
        elif len(store.experts()) > 1:
            tell(f"You label as {store.actor}. If that is not you, {CHOOSE}")
