"""Fills the atlas when it is looked at, and lets crystals of the project into it."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from microcrystalnet.atlas import pictures
from microcrystalnet.domain.scheme import description_of, look_alikes_of
from microcrystalnet.errors import ProjectError
from napari_mcn.jobs import Job, Tagged
from napari_mcn.notify import refusals_told
from napari_mcn.panels.atlas_page import AtlasEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from microcrystalnet.atlas.pictures import AtlasPicture, AtlasPlan
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.panels.atlas_page import AtlasPage
    from napari_mcn.session import Session

ORIGINS = {
    pictures.Origin.RENDERED: "a rendered example",
    pictures.Origin.FILE: "a picture of yours",
    pictures.Origin.CRYSTAL: "a crystal of this project",
}
OF_EACH_LOOK_ALIKE = 2


class AtlasController:
    """Pictures are read on a thread of their own: they may lie in many micrographs."""

    def __init__(self, page: AtlasPage, session: Session) -> None:
        self._page, self._session = page, session
        self._active, self._asked = False, 0
        self._job = Job()  # without a parent: a thread may outlive the dock
        self._job.finished.connect(self._on_read)
        page.example_requested.connect(self.use_crystal)
        page.example_withdrawn.connect(self.withdraw_crystal)
        session.events.store.connect(self._show)
        session.events.expert.connect(self._show)
        session.events.crystal_id.connect(self._on_crystal)
        session.edited.connect(self._on_edited)
        self._on_crystal(session.crystal_id)

    def close(self) -> None:
        """Let go of the session."""
        self._active = False
        self._session.events.store.disconnect(self._show)
        self._session.events.expert.disconnect(self._show)
        self._session.events.crystal_id.disconnect(self._on_crystal)
        self._session.edited.disconnect(self._on_edited)

    def activate(self, active: bool) -> None:
        """Learn whether the atlas is in front; only then it is read."""
        came = active and not self._active
        self._active = active
        if came:
            self._show()

    @refusals_told
    def use_crystal(self) -> None:
        """Make the crystal in view an example of the class this expert gave it."""
        crystal_id = self._session.crystal_id
        label = crystal_id and self._session.project.state.label(crystal_id)
        if not crystal_id or not label or label.answer.cls is None:
            raise ProjectError("Select a crystal and name its class; then it can be an example.")
        self._session.project.show_example(crystal_id, label.answer.cls)

    @refusals_told
    def withdraw_crystal(self) -> None:
        """Take the crystal in view out of the atlas."""
        if self._session.crystal_id is not None:
            self._session.project.show_example(self._session.crystal_id, None)

    def _on_edited(self, change: Change) -> None:
        if change.kind in {"scheme", "atlas"}:
            self._show()
        if change.kind in {"label", "atlas"}:
            self._on_crystal(self._session.crystal_id)

    def _on_crystal(self, crystal_id: str | None) -> None:
        store = self._session.store
        if store is None or crystal_id is None:
            self._page.set_crystal(answered=False, shown=False)
            return
        label = store.state.label(crystal_id)
        answered = label is not None and label.answer.cls is not None
        self._page.set_crystal(answered=answered, shown=crystal_id in store.state.examples)

    @refusals_told
    def _show(self, _changed: object = None) -> None:
        store = self._session.store
        if not self._active or store is None:
            return
        self._asked += 1
        listener = Tagged(self._job, self._asked)
        Thread(target=_read, args=(pictures.plan(store), listener), daemon=True).start()

    def _on_read(self, answer: object) -> None:
        asked, found = answer  # type: ignore[misc]  # as `Tagged` says
        if self._active and asked == self._asked and self._session.store is not None:
            self._page.pictures.set_entries(self._entries(found))

    def _entries(self, found: Mapping[str, tuple[AtlasPicture, ...]]) -> list[AtlasEntry]:
        scheme = self._session.project.state.scheme
        return [
            AtlasEntry(
                cls.code,
                cls.name,
                cls.colour,
                description_of(scheme, cls.code),
                [(f"{cls.code}, {ORIGINS[p.origin]}", p.pixels) for p in found.get(cls.code, ())],
                [
                    (code, each.pixels)
                    for code in look_alikes_of(scheme, cls.code)
                    for each in found.get(code, ())[-OF_EACH_LOOK_ALIKE:]
                ],
            )
            for cls in scheme.classes
        ]


def _read(planned: AtlasPlan, listener: Tagged) -> None:
    listener.done(pictures.read(planned))
