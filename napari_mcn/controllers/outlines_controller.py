"""Brings outlines of other programs into the shown micrograph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.errors import ProjectError
from microcrystalnet.imaging.doubles import without_repeats
from microcrystalnet.interchange.read_file import inside, read_outlines
from napari_mcn.jobs import listen
from napari_mcn.notify import refusals_told, refuse, tell

if TYPE_CHECKING:
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.domain.micrograph import Micrograph
    from microcrystalnet.errors import MicroCrystalError
    from napari_mcn.background import Background
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.panels.outlines_section import OutlinesSection
    from napari_mcn.session import Session

Read = tuple[str, int, "list[Mask]"]  # image id, outlines in the file, masks inside


class OutlinesController:
    """A part of the Segment page; files are read on a thread of their own."""

    def __init__(
        self,
        panel: OutlinesSection,
        session: Session,
        background: Background,
        *,
        dialogs: Dialogs,
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._background = panel, session, background
        self._dialogs = dialogs
        self._job = listen(owner, self._on_read, self._on_refused)
        panel.import_requested.connect(self._on_import)

    def close(self) -> None:
        """Stop reading."""
        self._background.close()

    def _on_import(self) -> None:
        path = self._dialogs.outlines()
        if path is not None:
            self.bring_in(path)

    @refusals_told
    def bring_in(self, path: Path) -> None:
        """Add the outlines of a file to the shown micrograph."""
        micrograph = self._session.micrograph
        if micrograph is None:
            raise ProjectError("Open the micrograph that the outlines belong to first.")
        self._panel.set_running(True)
        self._background.run(lambda: _read(path, micrograph), self._job)

    @refusals_told
    def _on_read(self, read: Read) -> None:
        self._panel.set_running(False)
        image_id, found, masks = read
        if image_id != self._session.image_id:
            return
        there = [each.mask for each in self._session.crystals.values()]
        fresh = without_repeats(masks, there)
        self._session.project.put_masks(image_id, fresh, MaskSource.IMPORT)
        tell(_words(len(fresh), outside=found - len(masks), there=len(masks) - len(fresh)))

    def _on_refused(self, error: MicroCrystalError) -> None:
        self._panel.set_running(False)
        refuse(error)


def _words(imported: int, *, outside: int, there: int) -> str:
    """Say what became of the outlines of a file."""
    words = f"{imported} outline{'' if imported == 1 else 's'} imported"
    if outside:
        words += f"; {outside} outside the analysed region left out"
    if there:
        words += f"; {there} there already"
    return f"{words}."


def _read(path: Path, micrograph: Micrograph) -> Read:
    outlines = read_outlines(path, micrograph)
    return micrograph.image_id, len(outlines), inside(outlines, micrograph)
