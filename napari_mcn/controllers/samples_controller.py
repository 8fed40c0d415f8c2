"""Joins samples to micrographs, and names the texture of the one in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.spreadsheets.sample_table import join_samples
from napari_mcn.notify import refusals_told
from napari_mcn.panels.row_table import TableRow

if TYPE_CHECKING:
    from microcrystalnet.domain.sample import Sample, Texture
    from microcrystalnet.spreadsheets.sample_table import Joined
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.panels.samples_page import SamplesPage
    from napari_mcn.session import Session

NAMED = 3  # names in a sentence


class SamplesController:
    """The Samples sub-page."""

    def __init__(self, page: SamplesPage, session: Session, dialogs: Dialogs) -> None:
        self._page, self._session, self._dialogs = page, session, dialogs
        page.table_requested.connect(self.join)
        page.texture_chosen.connect(self._on_texture)
        page.image_chosen.connect(session.show)
        session.events.store.connect(self._show)
        session.events.image_id.connect(self._show)
        session.edited.connect(self._on_edited)
        self._show()

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.store.disconnect(self._show)
        self._session.events.image_id.disconnect(self._show)
        self._session.edited.disconnect(self._on_edited)

    @refusals_told
    def join(self) -> None:
        """Ask for a table and join it by file name."""
        store = self._session.project
        path = self._dialogs.sample_table()
        if path is None:
            return
        joined = join_samples(path, store.state.micrographs)
        changed = store.set_samples(joined.samples)
        self._page.set_note(_outcome(joined, changed))

    @refusals_told
    def _on_texture(self, texture: Texture | None) -> None:
        if self._session.image_id is not None:
            self._session.project.set_texture(self._session.image_id, texture)

    def _on_edited(self, change: Change) -> None:
        if change.kind == "images":
            self._show()

    def _show(self, _value: object = None) -> None:
        store, shown = self._session.store, self._session.micrograph
        micrographs = () if store is None else store.state.micrographs.values()
        rows = []
        for each in micrographs:
            sample = each.sample
            said = (sample.name, _depth(sample), sample.locality) if sample else ("", None, "")
            values = (each.file_name, *said, each.texture.value if each.texture else "")
            rows.append(TableRow(each.image_id, values))
        self._page.set_rows(rows)
        self._page.set_shown(self._session.image_id, shown.texture if shown else None)
        self._page.join_button.set_available(store is not None, "Open a project first.")


def _depth(sample: Sample) -> str | None:
    """Write a depth to the centimetre; a table's four digits would be too few."""
    return None if sample.depth_m is None else f"{sample.depth_m:.8g}"


def _outcome(joined: Joined, changed: int) -> str:
    many = len(joined.samples)
    have = "1 micrograph has" if many == 1 else f"{many} micrographs have"
    words = f"{have} a sample in this table, {changed} changed."
    if joined.unknown_files:
        words += f" Not in the project: {_some(joined.unknown_files)}."
    if joined.without_sample:
        words += f" Without a sample: {_some(joined.without_sample)}."
    return words


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
