"""Brings outlines of other programs into the shown micrograph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.errors import ProjectError
from microcrystalnet.imaging.doubles import without_repeats
from microcrystalnet.interchange.read_file import inside, read_outlines
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refusals_told, refuse, tell

if TYPE_CHECKING:
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.domain.micrograph import Micrograph
    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.storage.project_store import ProjectStore
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
        listener = Tagged(self._job, self._session.project)
        self._background.run(lambda: _read(path, micrograph), listener)

    @refusals_told
    def _on_read(self, answer: tuple[object, Read]) -> None:
        self._panel.set_running(False)
        project, (image_id, found, masks) = answer
        store = self._session.store
        if store is None or store is not project:
            return  # it was closed meanwhile; another may hold the very same micrograph
        there = [each.mask for each in store.state.crystals(image_id).values()]
        fresh = without_repeats(masks, there)
        store.put_masks(image_id, fresh, MaskSource.IMPORT)
        where = "" if image_id == self._session.image_id else _on(store, image_id)
        left_out = _words(outside=found - len(masks), there=len(masks) - len(fresh))
        tell(f"{len(fresh)} outline{'' if len(fresh) == 1 else 's'} imported{where}{left_out}.")

    def _on_refused(self, refusal: tuple[object, MicroCrystalError]) -> None:
        _, error = refusal
        self._panel.set_running(False)
        refuse(error)


def _words(*, outside: int, there: int) -> str:
    """Say what was left out of a file's outlines."""
    words = f"; {outside} outside the analysed region left out" if outside else ""
    return f"{words}; {there} there already" if there else words


def _on(store: ProjectStore, image_id: str) -> str:
    return f" on {store.state.micrograph(image_id).file_name}"


def _read(path: Path, micrograph: Micrograph) -> Read:
    outlines = read_outlines(path, micrograph)
    return micrograph.image_id, len(outlines), inside(outlines, micrograph)
