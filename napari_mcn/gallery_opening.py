"""Reads what the gallery needs before it is opened, a slice at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.errors import ModelError
from microcrystalnet.review import finding_misnamed
from napari_mcn.notify import refusals_told
from napari_mcn.slices import everything

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from microcrystalnet.progress import Progress
    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.session import Session
    from napari_mcn.slices import Slices

ALL_ERRORS = "Named otherwise than settled"


class GalleryOpening:
    """Opens the gallery once everything is read; the window answers meanwhile.

    Parameters
    ----------
    fill
        Shows crystals, by title and ids, in the gallery, with a pause after every few.
    lead
        Brings the gallery to the front.
    """

    def __init__(
        self,
        session: Session,
        slices: Slices,
        fill: Callable[[str, Sequence[str]], Iterator[Progress]],
        lead: Callable[[], None],
    ) -> None:
        self._session, self._slices, self._fill, self._lead = session, slices, fill, lead
        session.events.store.connect(self._on_other)
        session.events.expert.connect(self._on_other)
        session.events.model_id.connect(self._on_other)

    def close(self) -> None:
        """Let go of the session, and read no further."""
        self._slices.stop()
        self._session.events.store.disconnect(self._on_other)
        self._session.events.expert.disconnect(self._on_other)
        self._session.events.model_id.disconnect(self._on_other)

    @refusals_told
    def open(self, title: str, crystal_ids: Sequence[str]) -> None:
        """Show crystals in the gallery; see `GalleryController.open`."""
        store = self._session.project
        store.rounds.require_open()
        self._slices.run(self._showing(store, title, crystal_ids), self._lead)

    def _showing(
        self, store: ProjectStore, title: str, crystal_ids: Sequence[str]
    ) -> Iterator[Progress]:
        yield from everything(store)
        yield from self._fill(title, crystal_ids)

    @refusals_told
    def open_errors(self) -> None:
        """Show every crystal that the model in use names otherwise than the experts settled."""
        store, model_id = self._session.project, self._session.model_id
        if model_id is None:
            raise ModelError("There is no classifier yet: train one on the Model page.")
        store.rounds.require_open()
        self._slices.run(self._showing_errors(store, model_id), self._lead)

    def _showing_errors(self, store: ProjectStore, model_id: str) -> Iterator[Progress]:
        wrong = yield from finding_misnamed(store, model_id, store.state.micrographs)
        if not wrong:
            raise ModelError(
                "No predicted crystal contradicts a settled class: predict all on the Model page."
            )
        yield from self._fill(ALL_ERRORS, wrong)

    def _on_other(self, _changed: object) -> None:
        self._slices.stop()
