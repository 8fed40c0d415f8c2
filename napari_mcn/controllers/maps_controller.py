"""Boxes the crystals that the network names otherwise, and shows three maps side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.domain.colours import NO_CLASS, TEAL
from microcrystalnet.errors import ModelError
from microcrystalnet.report.picture import contours
from microcrystalnet.review import Reviewer, Standing, finding_misnamed
from napari_mcn.notify import refusals_told
from napari_mcn.panels.maps_page import LOOK, PREDICT
from napari_mcn.panels.side_by_side import Patch, SideBySide
from napari_mcn.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from microcrystalnet.progress import Progress
    from microcrystalnet.review import Reviewed
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.busy import Busy
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.maps_page import MapsPage
    from napari_mcn.session import Session

TITLES = ("Micrograph", "Experts", "Network")
COUNTING = "The network is being compared with the experts …"
UNCOUNTED = "The errors here were not counted; show the boxes to count them."
DASHED = (NO_CLASS, "no class (dashed, white)")
BLIND = (
    "You label this micrograph blind: what the network and the other experts say of it stays "
    "closed until you seal it on Consensus > Rounds."
)
UNPREDICTED = "The model in use has predicted nothing here yet."


class MapsController:
    """The Maps page of the Review tab; ``show_classes`` lays the predicted classes on."""

    def __init__(
        self,
        page: MapsPage,
        session: Session,
        canvas: Canvas,
        *,
        busy: Busy,
        show_classes: Callable[[bool], None],
        open_gallery: Callable[[str, Sequence[str]], None],
    ) -> None:
        self._page, self._session, self._canvas = page, session, canvas
        self._show_classes, self._open_gallery = show_classes, open_gallery
        self._boxed, self._active = False, False
        self._slices = Slices(busy.task())
        self._reviewer: Reviewer | None = None  # once the errors here are counted
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
        self._slices.stop()
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
        if self._reviewer is None:
            raise ModelError(UNCOUNTED)
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
        self.window.show_maps(pixels, self._maps(entries), self._legend(DASHED))
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

    def _legend(self, *more: tuple[str, str]) -> list[tuple[str, str]]:
        classes = self._session.project.state.scheme.classes
        named = [(each.colour, f"{each.code} {each.name}") for each in classes]
        return [*named, *more, (TEAL, "box: network contradicts experts")]

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
        here = change.image_id == self._session.image_id
        if change.kind in {"label", "decision", "masks"} and here:
            self._look_again(change.crystal_ids)
        elif change.kind == "project" or (change.kind == "images" and here):
            self._show()
        elif change.kind == "rounds":
            self._on_changed(None)

    @refusals_told
    def _show(self) -> None:
        """Count and box the errors of the micrograph in view, where somebody wants to know."""
        self._slices.stop()
        self._reviewer, self._wrong = None, ()
        self._box()
        if not (self._active or self._boxed):
            return
        if self._session.blind:
            self._page.set_next_step(BLIND)
            self._page.set_legend(())
            self._page.set_errors("", available=False, reason=BLIND)
            return
        predicted = bool(self._session.predictions())
        self._page.set_next_step(LOOK if predicted else PREDICT)
        self._page.set_legend(self._legend() if predicted and self._boxed else ())
        if predicted:
            self._page.set_errors(COUNTING, available=False, shown=self._boxed)
            self._slices.run(self._counting(), self._on_counted, self._on_stopped)
        else:
            self._page.set_errors(UNPREDICTED, available=False)

    def _counting(self) -> Iterator[Progress]:
        """Read what the experts say, and compare, with pauses."""
        store, image_id = self._session.project, self._session.image_id
        images = [] if image_id is None else [image_id]
        self._wrong = yield from finding_misnamed(store, self._session.model_id, images)

    def _on_counted(self) -> None:
        store = self._session.project
        self._reviewer = Reviewer(store, self._session.model_id)
        if self._boxed and self._session.expert == store.actor:
            self._reviewer.show(self._session.crystals)  # boxes stay from micrograph to micrograph
        self._show_counted()

    def _on_stopped(self) -> None:
        self._page.set_errors(UNCOUNTED, available=True, shown=self._boxed)

    @refusals_told
    def _look_again(self, crystal_ids: Sequence[str]) -> None:
        """Look at crystals that were edited here; what others said was read before."""
        if self._slices.running:
            self._show()
        if self._reviewer is None:
            return
        known, look = self._session.predictions(), self._reviewer.look
        wrong = {each for each in crystal_ids if each in known and look(each).wrong}
        wrong |= set(self._wrong) - set(crystal_ids)
        self._wrong = tuple(each for each in known if each in wrong)
        self._show_counted()

    def _show_counted(self) -> None:
        self._page.set_errors(self._words(), available=True, shown=self._boxed)
        self._box()

    def _box(self) -> None:
        """Draw a box around each error, if that was asked for."""
        if self._canvas.sheet is not None:
            crystals = self._session.crystals if self._boxed else {}
            found = [crystals[each].mask for each in self._wrong if each in crystals]
            self._canvas.sheet.boxes.set_masks(found)

    def _words(self) -> str:
        model = self._session.model_name(self._session.model_id or "")
        count = len(self._wrong)
        crystals = "1 crystal" if count == 1 else f"{count} crystals"
        return (
            f"{model} contradicts the settled class of {crystals} here. Who looks at the experts' "
            "classes labels these crystals no longer blind."
        )
