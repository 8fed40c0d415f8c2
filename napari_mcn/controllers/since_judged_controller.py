"""Tells on the Results page how many labels have changed since the model was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.since_judged import since_judged
from napari_mcn.slices import Slices, everything

if TYPE_CHECKING:
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.judgement import Judgement
    from napari_mcn.panels.results_page import ResultsPage
    from napari_mcn.session import Session


class SinceJudgedController:
    """A sentence of the Results page; answers are read only while that is in front."""

    def __init__(self, page: ResultsPage, session: Session, judgement: Judgement) -> None:
        self._page, self._session, self._judgement = page, session, judgement
        self._slices, self._active = Slices(), False
        for signal in ("store", "expert", "model_id"):
            getattr(session.events, signal).connect(self._show)
        session.edited.connect(self._on_edited)

    def close(self) -> None:
        """Let go of the session, and read no further."""
        self._slices.stop()
        for signal in ("store", "expert", "model_id"):
            getattr(self._session.events, signal).disconnect(self._show)
        self._session.edited.disconnect(self._on_edited)

    def activate(self, active: bool) -> None:
        """Look when the page comes to the front."""
        self._active = active
        self._show()

    def _on_edited(self, change: Change) -> None:
        if change.kind in {"label", "decision", "masks", "rounds", "project"}:
            self._show()

    def _show(self, _changed: object = None) -> None:
        self._slices.stop()
        self._page.set_since("")
        store = self._session.store
        if not self._active or store is None or self._judgement.judged is None:
            return
        if not store.rounds.blind_session:  # which opens nobody's answers
            self._slices.run(everything(store), self._say)

    def _say(self) -> None:
        if self._judgement.judged is not None:
            self._page.set_since(since_judged(self._session.project, self._judgement.judged))
