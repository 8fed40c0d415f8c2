"""Boxes the crystals that the network names otherwise, and shows three maps side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.errors import ModelError
from microcrystalnet.report.picture import contours
from microcrystalnet.review import Reviewer, Standing, misnamed
from napari_mcn.notify import refusals_told
from napari_mcn.panels.side_by_side import NO_CLASS, TEAL, Patch, SideBySide

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from microcrystalnet.review import Reviewed
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.maps_page import MapsPage
    from napari_mcn.session import Session

TITLES = ("Micrograph", "Experts", "Network")


class MapsController:
    """The Maps page of the Review tab; ``show_classes`` lays the predicted classes on."""

    def __init__(
        self,
        page: MapsPage,
        session: Session,
        canvas: Canvas,
        *,
        show_classes: Callable[[bool], None],
        open_gallery: Callable[[str, Sequence[str]], None],
    ) -> None:
        self._page, self._session, self._canvas = page, session, canvas
        self._show_classes, self._open_gallery = show_classes, open_gallery
        self._boxed, self._active = False, False
        self._wrong: tuple[str, ...] = ()
        self.window: SideBySide | None = None
        page.boxes_toggled.connect(self.show_boxes)
        page.maps_requested.connect(self.show_maps)
        page.gallery_requested.connect(self.show_gallery)
        session.events.model_id.connect(self._on_changed)
        session.events.image_id.connect(self._on_changed)
        session.events.expert.connect(self._on_expert)
        session.predicted.connect(self._show)
        session.edited.connect(self._on_edited)

    def close(self) -> None:
        """Let go of the session, and close the window of three maps."""
        self._session.events.model_id.disconnect(self._on_changed)
        self._session.events.image_id.disconnect(self._on_changed)
        self._session.events.expert.disconnect(self._on_expert)
        self._session.predicted.disconnect(self._show)
        self._session.edited.disconnect(self._on_edited)
        self._close_window()

    def activate(self, active: bool) -> None:
        """Count errors only while somebody looks."""
        self._active = active
        self._show()

    @refusals_told
    def show_boxes(self, shown: bool) -> None:
        """Lay the predicted classes on the micrograph with teal boxes around errors, or not."""
        self._boxed = False
        if shown:
            self._look()
        self._boxed = shown
        self._show_classes(shown)
        self._show()

    @refusals_told
    def show_gallery(self) -> None:
        """Show the errors of this micrograph in the gallery."""
        self._show()
        if not self._wrong:
            raise ModelError("The network contradicts no settled class on this micrograph.")
        self._open_gallery("Errors on this micrograph", self._wrong)

    @refusals_told
    def show_maps(self) -> None:
        """Show the micrograph, the experts' map and the network's in a window of their own."""
        entries, pixels = self._look(), self._canvas.pixels
        if pixels is None:
            raise ModelError("This micrograph cannot be shown.")
        if self.window is None:
            self.window = SideBySide(TITLES, self._page)
            self.window.opened.connect(self._on_opened)
            self.window.closed.connect(self._on_closed)
        name = self._session.project.state.micrograph(entries[0].image_id).file_name
        self.window.setWindowTitle(name)
        self.window.show_maps(pixels, self._maps(entries), self._legend())
        self.window.show()
        self.window.raise_()

    def _look(self) -> Sequence[Reviewed]:
        """Look at all crystals here; the expert has then seen what the others settled.

        Raises
        ------
        BlindError
            If the micrograph is labelled blind.
        ModelError
            If nothing is predicted or outlined here.
        """
        store, image_id = self._session.project, self._session.image_id
        if image_id is None or not self._session.crystals:
            raise ModelError("No crystal is outlined here: go to Segment first.")
        store.rounds.require_revealed(image_id)
        if not self._session.predictions():
            raise ModelError("Nothing is predicted here yet: press Predict on the Model page.")
        return Reviewer(store, self._session.model_id).show(self._session.crystals).entries

    def _maps(self, entries: Sequence[Reviewed]) -> list[list[Patch]]:
        scheme = self._session.project.state.scheme
        colours = {each.code: each.colour for each in scheme.known}
        experts, network = [], []
        for each in entries:
            if each.crystal is None:
                continue
            lines = tuple(contours(each.crystal.mask))
            holds = each.standing is Standing.CURRENT and each.prediction is not None
            said = each.prediction.cls if holds and each.prediction else ""
            experts.append(Patch(each.crystal_id, lines, colours.get(each.truth or "")))
            network.append(Patch(each.crystal_id, lines, colours.get(said), each.wrong))
        return [[], experts, network]

    def _legend(self) -> list[tuple[str, str]]:
        classes = self._session.project.state.scheme.classes
        named = [(each.colour, f"{each.code} {each.name}") for each in classes]
        return [
            *named,
            (NO_CLASS, "no class (dashed)"),
            (TEAL, "box: the network contradicts the settled class"),
        ]

    def _on_opened(self, row: float, col: float) -> None:
        crystal = self._session.crystal_at(row, col)
        if crystal is not None:
            self._session.crystal_id = crystal.crystal_id

    def _on_closed(self) -> None:
        self.window = None

    def _close_window(self) -> None:
        if self.window is not None:
            self.window.close()

    def _on_changed(self, _value: object) -> None:
        self._close_window()
        self._show()

    def _on_expert(self, _expert: object) -> None:
        self._boxed = False  # whoever labels next shall not be swayed
        self._close_window()
        self._show()

    def _on_edited(self, change: Change) -> None:
        if change.kind in {"label", "decision", "masks"}:
            if change.image_id == self._session.image_id:
                self._show()
        elif change.kind == "rounds":
            self._on_changed(None)

    def _show(self) -> None:
        """Count and box the errors of the micrograph in view, where somebody wants to know."""
        sheet, store, image_id = self._canvas.sheet, self._session.store, self._session.image_id
        if not (self._active or self._boxed) or store is None or image_id is None:
            self._box(())
            return
        known = self._session.predictions()
        self._wrong = misnamed(store, self._session.model_id, [image_id]) if known else ()
        shown = self._boxed and bool(known)
        self._page.set_errors(
            self._words() if known else "Nothing is predicted here yet.",
            available=bool(known),
            shown=shown,
        )
        self._box(self._wrong if shown and sheet is not None else ())

    def _box(self, crystal_ids: Sequence[str]) -> None:
        sheet, crystals = self._canvas.sheet, self._session.crystals
        if sheet is not None:
            sheet.boxes.set_masks(crystals[each].mask for each in crystal_ids)

    def _words(self) -> str:
        model = self._session.model_name(self._session.model_id or "")
        count = len(self._wrong)
        crystals = "1 crystal" if count == 1 else f"{count} crystals"
        return (
            f"{model} contradicts the settled class of {crystals} here. Who looks at the experts' "
            "classes labels these crystals no longer blind."
        )
