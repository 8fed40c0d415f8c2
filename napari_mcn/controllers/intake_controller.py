"""Brings micrographs into the project: chosen, dropped on the page, or dropped on the viewer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from qtpy.QtCore import QTimer

from microcrystalnet.errors import MicroCrystalError, ProjectError
from microcrystalnet.micrographs import reader
from microcrystalnet.micrographs.page_path import at_page
from microcrystalnet.micrographs.tiff import SeveralPagesError
from napari_mcn.notify import refuse, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.micrographs.pages import PageSummary
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.project_panel import ProjectPanel
    from napari_mcn.session import Session

MOST_REFUSALS = 3  # notifications at once; a folder may hold hundreds of files
SOON_MS = 400  # files dropped together become layers one after the other; a large one takes so long


class IntakeController:
    """Adds files; ``open_project`` is called with a project folder that was dropped instead."""

    def __init__(
        self,
        panel: ProjectPanel,
        session: Session,
        canvas: Canvas,
        *,
        dialogs: Dialogs,
        open_project: Callable[[Path], None],
        owner: QObject,
    ) -> None:
        self._session, self._canvas, self._dialogs = session, canvas, dialogs
        self._open_project = open_project
        self._dropped: list[Path] = []
        self._asking = False
        self._pages: dict[tuple[str, ...], int | None] = {}
        self._soon = QTimer(owner)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._take_dropped)
        panel.micrographs_requested.connect(self._on_micrographs)
        panel.files_dropped.connect(self.add)
        canvas.files_dropped.connect(self._on_files_dropped)

    def close(self) -> None:
        """Let go of the canvas."""
        self._soon.stop()
        self._canvas.files_dropped.disconnect(self._on_files_dropped)

    def add(self, paths: Sequence[Path]) -> None:
        """Bring micrographs into the project; a folder stands for the images in it."""
        if len(paths) == 1 and (paths[0] / "project.json").exists():
            self._open_project(paths[0])
        elif self._session.store is None:
            refuse(ProjectError("Start a project with New, or open one, then add micrographs."))
        elif paths:
            self._add_files([file for path in paths for file in _images(path)])

    def _add_files(self, files: Sequence[Path]) -> Mapping[Path, str | MicroCrystalError]:
        before = set(self._session.project.state.micrographs)
        self._pages = {}
        outcomes = {file: self._add_one(file) for file in files}
        added = [each for each in outcomes.values() if isinstance(each, str)]
        fresh = [each for each in dict.fromkeys(added) if each not in before]
        if added:
            self._session.show((fresh or added)[0])
        refused = [each for each in outcomes.values() if isinstance(each, MicroCrystalError)]
        tell_outcome(len(fresh), refused, len(files))
        return outcomes

    def _add_one(self, path: Path) -> str | MicroCrystalError:
        try:
            return self._add_picture(path)
        except SeveralPagesError as several:
            return self._ask_and_add(path, several.pages)
        except MicroCrystalError as error:
            return error

    def _add_picture(self, path: Path) -> str:
        return self._session.project.add_micrograph(path, reader.examine(path)).image_id

    def _ask_and_add(self, path: Path, pages: Sequence[PageSummary]) -> str | MicroCrystalError:
        """Ask which page is meant; files added together with the same pages are asked of once."""
        titles = tuple(f"{each.title}, {each.width} x {each.height}" for each in pages)
        if titles not in self._pages:
            self._asking = True
            try:
                self._pages[titles] = self._dialogs.page(path.name, titles)
            finally:
                self._asking = False
        place = self._pages[titles]
        if place is None:
            return ProjectError(f"{path.name} was not added: none of its pictures was chosen.")
        try:
            return self._add_picture(at_page(path, pages[place].number))
        except MicroCrystalError as error:
            return error

    def _on_micrographs(self) -> None:
        self.add(self._dialogs.micrographs())

    def _on_files_dropped(self, paths: Sequence[Path]) -> None:
        """Wait until napari has made its layers of all the files, then take them in."""
        self._dropped += [each for each in paths if each.suffix.lower() in reader.SUFFIXES]
        if self._dropped:
            self._soon.start(SOON_MS)

    def _take_dropped(self) -> None:
        if self._asking:  # the question is answered first
            self._soon.start(SOON_MS)
            return
        dropped, self._dropped = self._dropped, []
        if self._session.store is None:
            tell(
                "This image belongs to no project: start one with New on the Project page, then "
                "drop it again to outline and name its crystals."
            )
            return
        for path, outcome in self._add_files(dropped).items():
            if isinstance(outcome, str):
                self._canvas.take_stray(path)


def tell_outcome(fresh: int, refused: Sequence[MicroCrystalError], files: int) -> None:
    """Say how many micrographs are new, and why others are not."""
    if not files:
        tell("There is no TIFF, PNG, JPEG or BMP file in what you chose.")
    elif fresh:
        tell("1 micrograph added." if fresh == 1 else f"{fresh} micrographs added.")
    elif not refused:
        tell("What you chose is in the project already.")
    for error in refused[:MOST_REFUSALS]:
        refuse(error)
    if len(refused) > MOST_REFUSALS:
        tell(f"{len(refused) - MOST_REFUSALS} more files could not be added either.")


def _images(path: Path) -> list[Path]:
    """Give a file itself, whatever it is, and of a folder the images in it."""
    if not path.is_dir() or not os.access(path, os.R_OK | os.X_OK):
        return [path]
    return sorted(each for each in path.iterdir() if each.suffix.lower() in reader.SUFFIXES)
