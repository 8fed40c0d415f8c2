"""Brings micrographs into the project: chosen, dropped on the page, or dropped on the viewer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qtpy.QtCore import QTimer

from microcrystalnet.errors import MicroCrystalError, ProjectError
from microcrystalnet.micrographs import reader
from microcrystalnet.micrographs.page_path import at_page
from microcrystalnet.micrographs.tiff import SeveralPagesError
from microcrystalnet.progress import Progress
from napari_mcn.notify import refuse, tell
from napari_mcn.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.micrographs.pages import PageSummary
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.project_panel import ProjectPanel
    from napari_mcn.session import Session

AT_ONCE_BYTES = 8 << 20  # files that are read and copied faster than anybody would notice
MOST_REFUSALS = 3  # notifications at once; a folder may hold hundreds of files
SOON_MS = 400  # files dropped together become layers one after the other; a large one takes so long


@dataclass(frozen=True, slots=True, eq=False)
class Adding:
    """What became of files that are added: a micrograph's id or a refusal, by path.

    ``shown`` is the micrograph that was in view when it began, ``before`` what was known then.
    """

    shown: str | None
    before: set[str]
    outcomes: dict[Path, str | MicroCrystalError] = field(default_factory=dict)

    @property
    def paths(self) -> list[Path]:
        """The files that are in the project now."""
        return [path for path, each in self.outcomes.items() if isinstance(each, str)]

    @property
    def added(self) -> list[str]:
        """The micrographs of these files, each once."""
        found = (each for each in self.outcomes.values() if isinstance(each, str))
        return list(dict.fromkeys(found))

    @property
    def fresh(self) -> list[str]:
        """Those that were not in the project before."""
        return [each for each in self.added if each not in self.before]

    @property
    def refused(self) -> list[MicroCrystalError]:
        """Why files could not be added."""
        return [each for each in self.outcomes.values() if isinstance(each, MicroCrystalError)]


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
        slices: Slices | None = None,
    ) -> None:
        self._session, self._canvas, self._dialogs = session, canvas, dialogs
        self._open_project, self._slices = open_project, slices or Slices()
        self._dropped: list[Path] = []
        self._asking = False
        self._pages: dict[tuple[str, ...], int | None] = {}
        self._soon = QTimer(owner)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._take_dropped)
        panel.micrographs_requested.connect(self._on_micrographs)
        panel.files_dropped.connect(self.add)
        canvas.files_dropped.connect(self._on_files_dropped)
        session.events.store.connect(self._on_store)

    def close(self) -> None:
        """Let go of the canvas and the session, and add no further."""
        self._soon.stop()
        self._slices.stop()
        self._session.events.store.disconnect(self._on_store)
        self._canvas.files_dropped.disconnect(self._on_files_dropped)

    def add(self, paths: Sequence[Path]) -> None:
        """Bring micrographs into the project; a folder stands for the images in it."""
        if len(paths) == 1 and _is_project(paths[0]):
            self._open_project(paths[0])
        elif self._session.store is None:
            refuse(ProjectError("Start a project with New, or open one, then add micrographs."))
        elif self._slices.running:
            refuse(ProjectError("Micrographs are still being added; add these after that."))
        elif paths:
            self._add_files([file for path in paths for file in _images(path)])

    def _add_files(self, files: Sequence[Path], *, dropped: bool = False) -> None:
        """Add files, many bytes of them with pauses in which the window answers."""
        adding = Adding(self._session.image_id, set(self._session.project.state.micrographs))
        self._pages = {}
        at_least = 1 if sum(map(_size, files)) > AT_ONCE_BYTES else len(files) + 1

        def end() -> None:
            self._show_added(adding)
            for path in adding.paths if dropped else ():
                self._canvas.take_stray(path)

        self._slices.run(self._adding(files, adding), end, end, at_least=at_least)

    def _adding(self, files: Sequence[Path], adding: Adding) -> Iterator[Progress]:
        for at, file in enumerate(files, 1):
            adding.outcomes[file] = self._add_one(file)
            yield Progress(at, len(files), f"Adding {len(files)} micrographs")

    def _show_added(self, adding: Adding) -> None:
        """Show the first that is new, unless somebody went elsewhere, and say what was added."""
        added, fresh = adding.added, adding.fresh
        if added and self._session.image_id == adding.shown:
            self._session.show((fresh or added)[0])
        tell_outcome(len(fresh), adding.refused, len(adding.outcomes))

    def _on_store(self, _store: object) -> None:
        self._slices.stop()

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
        if self._asking or self._slices.running:  # what came before is answered and added first
            self._soon.start(SOON_MS)
            return
        dropped, self._dropped = self._dropped, []
        if self._session.store is None:
            tell(
                "This image belongs to no project: start one with New on the Project page, then "
                "drop it again to outline and name its crystals."
            )
            return
        self._add_files(dropped, dropped=True)


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


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # why it cannot be read is told when it is added


def _is_project(path: Path) -> bool:
    try:
        return (path / "project.json").exists()
    except OSError:
        return False  # why it cannot be read is told when it is added


def _images(path: Path) -> list[Path]:
    """Give a file itself, whatever it is, and of a folder the images in it."""
    try:
        return sorted(each for each in path.iterdir() if each.suffix.lower() in reader.SUFFIXES)
    except OSError:
        return [path]  # a file, or why it cannot be read is told when it is added
