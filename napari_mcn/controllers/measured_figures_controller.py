"""Draws the figures of the crystals that count on a thread, and saves them with their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from microcrystalnet.errors import MicroCrystalError, UnreadableFileError
from microcrystalnet.micrographs.reader import read_pixels
from microcrystalnet.report.figure_registry import MEASURED
from microcrystalnet.report.measured_material import FigureError, Material
from microcrystalnet.report.whole import staged
from microcrystalnet.statistics.population import population
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refusals_told, refuse, tell
from napari_mcn.panels.size_plot import Dot

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from qtpy.QtCore import QObject

    from napari_mcn.background import Background
    from napari_mcn.census import Census
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.panels.figures_page import FiguresPage
    from napari_mcn.session import Session

DOTS = "scatter"
WRITTEN = (".svg", ".pdf", ".png", ".csv")  # for each figure
PREVIEW_DPI = 130
ORIENTED = "Directions are those on the micrograph; in the rock only where it was oriented."


class MeasuredFiguresController:
    """The Figures sub-page; matplotlib works on threads and never on the window's own.

    ``background`` draws the newest preview, ``saving`` writes every file that was asked for.
    """

    def __init__(
        self,
        page: FiguresPage,
        session: Session,
        census: Census,
        background: Background,
        *,
        saving: Background,
        dialogs: Dialogs,
        owner: QObject,
    ) -> None:
        self._page, self._session, self._census = page, session, census
        self._background, self._saving, self._dialogs = background, saving, dialogs
        self._drawn = listen(owner, self._on_drawn, self._on_refused)
        self._saved = listen(owner, self._on_saved, refuse)
        self._active, self._asked, self._name = False, 0, next(iter(MEASURED))
        page.figure_chosen.connect(self.show_figure)
        page.save_requested.connect(self.save)
        page.save_all_requested.connect(self.save_all)
        page.crystal_chosen.connect(self._on_dot)
        session.events.crystal_id.connect(page.dots.select)
        session.events.image_id.connect(self._on_image)
        census.changed.connect(self._refresh)

    def close(self) -> None:
        """Let go of the session and of the thread."""
        self._session.events.crystal_id.disconnect(self._page.dots.select)
        self._session.events.image_id.disconnect(self._on_image)
        self._census.changed.disconnect(self._refresh)
        self._background.close()
        self._saving.close()

    def activate(self, active: bool) -> None:
        """Draw when the page comes to the front."""
        self._active = active
        self._refresh()

    def show_figure(self, name: str) -> None:
        """Draw another figure."""
        self._name = name
        self._refresh()

    @refusals_told
    def save(self) -> None:
        """Write the figure as SVG, PDF and PNG, with the CSV behind it."""
        material, name = self._material(), self._name
        path = self._dialogs.save_as(f"{name}.svg", *WRITTEN, beside=WRITTEN)
        if path is not None:
            wanted = {path.stem: name}
            self._saving.run(lambda: _save(material, wanted, path.parent), self._saved)

    @refusals_told
    def save_all(self) -> None:
        """Write every figure but those one asks for by name into a folder."""
        material, folder = self._material(), self._dialogs.save_as("figures")
        wanted = {name: name for name, kind in MEASURED.items() if not kind.opt_in}
        if folder is not None:
            self._saving.run(lambda: _save(material, wanted, folder), self._saved)

    def _material(self) -> Material:
        store = self._session.project
        crystals = population(self._census.counted, self._census.length)
        paths = {each: store.image_path(each) for each in store.state.micrographs}
        shown, said = self._session.image_id, self._census.classes_from
        return Material(crystals, store.state.scheme, _Pixels(paths), shown, said)

    def _on_image(self, _image_id: object) -> None:
        if self._name == "micrographs":
            self._refresh()

    def _refresh(self) -> None:
        if not self._active:
            return
        self._asked += 1
        self._page.show_dots(self._name == DOTS)
        try:
            material = self._material()
        except MicroCrystalError as refusal:
            self._on_refused((self._asked, refusal))
            return
        self._page.set_next_step(
            f"Figures hold the crystals that count, chosen above. {self._census.said}"
        )
        if self._name == DOTS:
            self._show_dots(material)
            return
        self._page.preview.set_picture(b"")
        self._page.set_note("Drawing …")
        draw = MEASURED[self._name].draw
        self._background.run(
            lambda: draw(material).rendered("png", PREVIEW_DPI), Tagged(self._drawn, self._asked)
        )

    def _show_dots(self, material: Material) -> None:
        dots = [
            Dot(it.row.crystal_id, it.length, it.row.measurement.aspect_ratio,
                material.colour(it.row.cls))
            for it in material.crystals.crystals
            if it.whole
        ]  # fmt: skip
        self._page.dots.set_dots(dots, material.axis, "aspect ratio")
        self._page.dots.select(self._session.crystal_id)
        self._page.set_note("Click a dot to see its crystal." if dots else "No crystal counts.")
        self._page.set_ready(bool(dots), some=bool(self._census.counted))

    @refusals_told
    def _on_dot(self, crystal_id: str) -> None:
        image_id = self._session.project.state.crystal(crystal_id).image_id
        self._session.go_to(image_id, crystal_id)

    def _on_drawn(self, answer: Any) -> None:  # the tag and a PNG file
        asked, picture = answer
        if asked == self._asked:
            self._page.preview.set_picture(picture)
            self._page.set_note(ORIENTED if MEASURED[self._name].opt_in else "")
            self._page.set_ready(True, some=True)

    def _on_refused(self, refusal: Any) -> None:  # the tag and the error
        asked, error = refusal
        if asked == self._asked:
            self._page.preview.set_picture(b"")
            self._page.set_next_step(str(error))
            self._page.set_note("")
            self._page.set_ready(False, some=isinstance(error, FigureError))

    def _on_saved(self, sentence: object) -> None:
        tell(str(sentence))


class _Pixels:
    """Reads recorded pixels on the thread that draws; the last micrograph stays in memory."""

    def __init__(self, paths: dict[str, Path]) -> None:
        self._paths = paths
        self._last: tuple[str, NDArray[np.generic] | None] = ("", None)

    def __call__(self, image_id: str) -> NDArray[np.generic] | None:
        if self._last[0] != image_id:
            try:
                self._last = image_id, read_pixels(self._paths[image_id])
            except UnreadableFileError:
                self._last = image_id, None
        return self._last[1]


def _save(material: Material, wanted: dict[str, str], folder: Path) -> str:
    """Write figures by file stem; what cannot be drawn is told. Runs on a thread."""
    written, refused = 0, ""
    with staged(folder) as stage:
        for stem, name in wanted.items():
            try:
                MEASURED[name].draw(material).save(stage, stem, material.classes_from)
                written += 1
            except FigureError as refusal:
                refused = str(refusal)
    if not written:
        raise FigureError(refused)
    figures = "The figure was" if written == 1 else f"{written} figures were"
    return f"{figures} written into {folder.name} as SVG, PDF, PNG and CSV."
