"""Opens and makes projects, and shows their micrographs and where the scale came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QTimer

from microcrystalnet.domain.micrograph import Micrograph, ScaleSource
from microcrystalnet.errors import ProjectError
from microcrystalnet.micrographs.known import doubt_words, known_of, scale_words
from microcrystalnet.storage.project_store import ProjectStore
from napari_mcn.notify import refusals_told, tell
from napari_mcn.panels.project_panel import MicrographRow

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from microcrystalnet.storage.project_store import Change
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.panels.project_panel import ProjectPanel
    from napari_mcn.preferences import Preferences
    from napari_mcn.session import Session


class ProjectController:
    """The Project page."""

    def __init__(
        self,
        panel: ProjectPanel,
        session: Session,
        *,
        dialogs: Dialogs,
        preferences: Preferences,
        copy_sample: Callable[[], Path],
    ) -> None:
        self._panel, self._session = panel, session
        self._dialogs, self._preferences, self._copy_sample = dialogs, preferences, copy_sample
        self._active = True
        self._uncounted: list[str] = []
        self._counting = QTimer(panel)
        self._counting.timeout.connect(self._count)
        panel.new_requested.connect(self._on_new)
        panel.open_requested.connect(self._on_open)
        panel.sample_requested.connect(self.open_sample)
        panel.micrograph_chosen.connect(self._on_micrograph_chosen)
        panel.pixel_size_typed.connect(self._on_pixel_size)
        session.events.store.connect(self._on_store)
        session.events.image_id.connect(self._on_image)
        session.events.expert.connect(self._on_expert)
        session.edited.connect(self._on_edited)
        self._on_store(session.store)

    def close(self) -> None:
        """Let go of the session."""
        self._counting.stop()
        events = self._session.events
        events.store.disconnect(self._on_store)
        events.image_id.disconnect(self._on_image)
        events.expert.disconnect(self._on_expert)
        self._session.edited.disconnect(self._on_edited)

    def activate(self, active: bool) -> None:
        """Bring the list up to date when the page comes to the front."""
        self._active = active
        self._show_micrographs()

    @refusals_told
    def open(self, folder: Path, expert: str | None = None) -> None:
        """Open a project folder in place of the present one, as who labels on this computer."""
        self._session.open(ProjectStore.open(folder, expert or self._preferences.expert))

    @refusals_told
    def create(self, folder: Path) -> None:
        """Start an empty project."""
        self._session.open(ProjectStore.create(folder, self._preferences.expert))

    @refusals_told
    def open_sample(self) -> None:
        """Open a copy of the sample project."""
        self.open(self._copy_sample())

    def step(self, by: int) -> None:
        """Show the next micrograph (1) or the one before (-1)."""
        store = self._session.store
        ids = [] if store is None else list(store.state.micrographs)
        if not ids:
            tell(self._next_step(0))
            return
        place = ids.index(self._session.image_id) + by if self._session.image_id in ids else 0
        if 0 <= place < len(ids):
            self._session.show(ids[place])
        else:
            tell(f"This is the {'last' if by > 0 else 'first'} of {len(ids)} micrographs.")

    def _on_new(self) -> None:
        folder = self._dialogs.new_project()
        if folder is not None:
            self.create(folder)

    def _on_open(self) -> None:
        folder = self._dialogs.existing_project()
        if folder is not None:
            self.open(folder)

    def _on_micrograph_chosen(self, image_id: str) -> None:
        if image_id != self._session.image_id:
            self._session.show(image_id)

    @refusals_told
    def _on_pixel_size(self, side_nm: float, plus_minus_nm: float) -> None:
        micrograph = self._session.micrograph
        if micrograph is None:
            return
        if not side_nm:
            raise ProjectError("Type how many nanometres a pixel of this micrograph measures.")
        relative = plus_minus_nm / side_nm if plus_minus_nm else None
        scale = micrograph.scale.resized(side_nm, ScaleSource.USER, relative)
        self._session.project.set_scale(micrograph.image_id, scale)

    def _on_store(self, _store: object) -> None:
        store = self._session.store
        if store is None:
            self._panel.set_project(None, "")
        else:
            self._panel.set_project(store.folder.name, str(store.folder))
            self._panel.set_health(store.read_only_reason if store.read_only else "")
        self._show_micrographs()
        self._show_scale()

    def _on_image(self, image_id: str | None) -> None:
        self._panel.set_current(image_id)
        self._show_scale()

    def _on_expert(self, _expert: str | None) -> None:
        self._show_micrographs()

    def _on_edited(self, change: Change) -> None:
        self._show_micrographs()
        if change.kind == "images":
            self._show_scale()

    def _show_micrographs(self) -> None:
        if not self._active:
            return
        store = self._session.store
        rows = (
            []
            if store is None
            else [_row(store, each) for each in store.state.micrographs.values()]
        )
        self._panel.set_micrographs(rows)
        self._uncounted = [each.image_id for each in rows if each.crystals is None]
        self._counting.start() if self._uncounted else self._counting.stop()
        self._panel.set_current(self._session.image_id)
        self._panel.set_next_step(self._next_step(len(rows)))

    def _count(self) -> None:
        """Count one micrograph more; a large project would keep the window waiting otherwise."""
        store = self._session.store
        if store is None or not self._uncounted:
            self._counting.stop()
            return
        store.state.load(self._uncounted.pop(0))
        if not self._uncounted:
            self._show_micrographs()

    def _show_scale(self) -> None:
        micrograph = self._session.micrograph
        if micrograph is not None:
            known = known_of(micrograph)
            self._panel.set_scale(
                scale_words(micrograph),
                micrograph.scale_source.value,
                micrograph.calibrated,
                "\n".join(f"{each.name}: {each.value}  {each.origin}" for each in known),
                doubt_words(micrograph),
            )
            level = micrograph.scale.level
            side_nm = level.nm if level else 0.0  # never that of another micrograph
            self._panel.set_pixel_size(side_nm, side_nm * (micrograph.scale_uncertainty or 0.0))

    def _next_step(self, micrographs: int) -> str:
        if self._session.store is None:
            return "Open the sample project to look around, or start your own."
        if not micrographs:
            return "Drop micrographs here, or add them with the button."
        return "Choose a micrograph, check its scale, then go to Segment."


def scale_text(micrograph: Micrograph) -> str:
    """Write a pixel size for people, such as ``10 nm/px``."""
    size = micrograph.pixel_size
    return "unknown" if size is None else f"{size.nm:.4g} nm/px"


def _row(store: ProjectStore, micrograph: Micrograph) -> MicrographRow:
    image_id, known = micrograph.image_id, micrograph.image_id in store.state.loaded
    tally = store.state.tally(image_id) if known else None
    return MicrographRow(
        image_id,
        micrograph.file_name,
        tally and tally.crystals,
        tally and tally.labelled,
        scale_text(micrograph),
        micrograph.calibrated and not doubt_words(micrograph),
        doubt_words(micrograph),
    )
