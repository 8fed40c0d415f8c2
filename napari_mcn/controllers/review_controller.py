"""Lays the predicted classes on the micrograph, and leads to the crystals behind a result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.errors import ModelError
from microcrystalnet.review import Standing, standing
from napari_mcn.notify import refusals_told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from microcrystalnet.domain.prediction import Prediction
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.judgement import Judgement
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.model_panel import ModelPanel
    from napari_mcn.session import Session

SAID = 2  # classes that the status line names, the most probable first


class ReviewController:
    """The lower half of the Model page."""

    def __init__(
        self,
        panel: ModelPanel,
        session: Session,
        canvas: Canvas,
        judgement: Judgement,
        open_gallery: Callable[[str, Sequence[str]], None] | None = None,
    ) -> None:
        self._panel, self._session, self._canvas = panel, session, canvas
        self._judgement, self._open_gallery = judgement, open_gallery
        self._map_shown = False
        panel.class_map_toggled.connect(self.show_class_map)
        panel.doubtful_requested.connect(self.next_doubtful)
        panel.cell_chosen.connect(self.next_of_cell)
        session.events.model_id.connect(self._on_changed)
        session.events.image_id.connect(self._on_changed)
        session.events.abstain.connect(self._on_changed)
        session.events.expert.connect(self._on_expert)
        session.predicted.connect(self._show)
        session.predicted_anew.connect(self._on_anew)
        session.edited.connect(self._on_edited)
        self._show()

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.model_id.disconnect(self._on_changed)
        self._session.events.image_id.disconnect(self._on_changed)
        self._session.events.abstain.disconnect(self._on_changed)
        self._session.events.expert.disconnect(self._on_expert)
        self._session.predicted.disconnect(self._show)
        self._session.predicted_anew.disconnect(self._on_anew)
        self._session.edited.disconnect(self._on_edited)

    def show_class_map(self, shown: bool) -> None:
        """Show the predicted classes instead of the expert's, or back."""
        self._map_shown = shown
        self._show()

    @refusals_told
    def next_doubtful(self) -> None:
        """Go from the least certain crystal of this micrograph to the next less doubtful one."""
        known = self._session.predictions()
        there = [each for each in self._session.crystals if each in known]
        order = sorted(there, key=lambda each: known[each].confidence)
        if not order:
            raise ModelError("Nothing is predicted here yet: press Predict here first.")
        self._session.crystal_id = following(order, self._session.crystal_id)

    @refusals_told
    def next_of_cell(self, truth: str, predicted: str) -> None:
        """Show the crystals that the experts call ``truth`` and the network ``predicted``.

        Without a gallery, go to the next one of them.
        """
        cell = self._cell(truth, predicted)
        if not cell:
            raise ModelError(
                f"No judged crystal is {truth} to the experts and {predicted} to the network."
            )
        if self._open_gallery is not None:
            self._open_gallery(f"Settled as {truth} when judged, named {predicted}", list(cell))
            return
        chosen = following(list(cell), self._session.crystal_id)
        self._session.go_to(cell[chosen], chosen)

    def _cell(self, truth: str, predicted: str) -> dict[str, str]:
        """Give the micrograph of every judged crystal behind a cell of the confusion matrix."""
        judged = self._judgement.judged
        if judged is None:
            return {}
        return self._judgement.homes(judged.named(judged.which(truth, predicted)))

    def _on_changed(self, _value: object) -> None:
        self._show()

    def _on_expert(self, _expert: object) -> None:
        self.show_class_map(False)  # whoever labels next shall not be swayed

    def _on_anew(self) -> None:
        self.show_class_map(True)

    def _on_edited(self, change: Change) -> None:
        here = change.image_id == self._session.image_id and change.kind in {"masks", "images"}
        if here or change.kind == "rounds":
            self._show()

    def _answered(self, prediction: Prediction) -> bool:
        return prediction.confidence >= self._session.abstain

    def _show(self) -> None:
        known, sheet = self._session.predictions(), self._canvas.sheet
        shown = self._map_shown and bool(known)
        self._panel.set_predicted(shown, bool(known), "Predict this micrograph first.")
        crystals, model_id = self._session.crystals, self._session.model_id
        stands = {k: standing(known[k], model_id, crystals.get(k)) for k in known}
        holds = {each: stands[each] is Standing.CURRENT for each in known}
        words = {each: said(known[each], holds[each]) for each in known}
        self._canvas.remarks = words if shown else {}
        if shown:
            self._session.project.tell(known)
        if sheet is not None:
            sure = {k: known[k].cls for k in known if holds[k] and self._answered(known[k])}
            sheet.predicted.set_classes(sure if shown else {})  # the layer's eye shows nothing
            sheet.predicted.visible = shown
            sheet.class_map.visible = not shown


def following(order: Sequence[str], current: str | None) -> str:
    """Give the entry after the current one, the first again after the last."""
    place = order.index(current) + 1 if current in order else 0
    return order[place % len(order)]


def said(prediction: Prediction, holds: bool = True) -> str:
    """Write a prediction for the status line, such as ``AA 83 %, PES 12 %``."""
    pairs = zip(prediction.probabilities, prediction.classes, strict=True)
    shares = ", ".join(
        f"{cls} {100 * share:.0f} %" for share, cls in sorted(pairs, reverse=True)[:SAID]
    )
    return shares if holds else f"{shares}, but the outline was changed since: predict again"
