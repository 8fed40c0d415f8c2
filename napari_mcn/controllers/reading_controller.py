"""Reads the file of the micrograph in view again, after its sidecar was put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.errors import ProjectError
from microcrystalnet.micrographs import reader
from microcrystalnet.micrographs.known import scale_words
from microcrystalnet.micrographs.page_path import at_page
from napari_mcn.notify import refusals_told, tell

if TYPE_CHECKING:
    from pathlib import Path

    from microcrystalnet.domain.micrograph import Micrograph
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.panels.scale_page import ScalePage
    from napari_mcn.session import Session


class ReadingController:
    """The part of the Scale page that reads again, and offers what was read over what was typed."""

    def __init__(self, page: ScalePage, session: Session, dialogs: Dialogs) -> None:
        self._page, self._session, self._dialogs = page, session, dialogs
        page.read_again_requested.connect(self._on_again)
        page.file_scale_requested.connect(self._on_file_scale)
        session.events.image_id.connect(self._on_image)
        session.edited.connect(self._on_edited)
        self._show()

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.image_id.disconnect(self._on_image)
        self._session.edited.disconnect(self._on_edited)

    def _on_again(self) -> None:
        micrograph = self._session.micrograph
        if micrograph is None:
            return
        chosen = self._dialogs.same_file(micrograph.file_name)
        if chosen is not None:
            self._read(micrograph, chosen)

    @refusals_told
    def _read(self, micrograph: Micrograph, chosen: Path) -> None:
        path = at_page(chosen, micrograph.page) if micrograph.page else chosen
        before = micrograph.reading, micrograph.scale
        now = self._session.project.read_again(micrograph.image_id, reader.examine(path))
        if (now.reading, now.scale) == before:
            tell("The file says what it said when it was last read; nothing has changed.")
        elif not now.calibrated:
            tell(f"The file was read again and gives no scale. {now.scale_note}")
        elif now.scale != before[1]:
            tell(f"The file was read again: {scale_words(now)}, {now.scale_source}.")
        else:
            tell("The file was read again; the scale stays as it was.")

    @refusals_told
    def _on_file_scale(self) -> None:
        micrograph = self._session.micrograph
        if micrograph is None or micrograph.reading is None:
            raise ProjectError("Read the file of this micrograph again first.")
        self._session.project.set_scale(micrograph.image_id, micrograph.reading.scale)

    def _on_image(self, _image_id: str | None) -> None:
        self._show()

    def _on_edited(self, change: Change) -> None:
        if change.kind == "images" and change.image_id == self._session.image_id:
            self._show()

    def _show(self) -> None:
        micrograph = self._session.micrograph
        self._page.set_offer("" if micrograph is None else _offer(micrograph))


def _offer(micrograph: Micrograph) -> str:
    """Say what the file gives where people gave another scale since, or an empty text."""
    reading = micrograph.reading
    if reading is None or reading.scale.pixel_size is None or not micrograph.scaled_by_people:
        return ""
    told = reading.scale
    if micrograph.scale == told:
        return ""
    return (
        f"The file, read again, says {told.pixel_size.nm:.4g} nm/px ({told.source}). What was "
        "measured, typed or corrected here is kept."
    )
