"""Asks the classifier why it names the selected crystal so, and lays the answer on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.errors import ModelError
from microcrystalnet.examples import example
from microcrystalnet.progress import Progress
from napari_mcn.jobs import listen
from napari_mcn.notify import refusals_told, refuse

if TYPE_CHECKING:
    from qtpy.QtCore import QObject

    from microcrystalnet.engines.classifier_service import Explanation
    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from napari_mcn.busy import Busy
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.explain_panel import ExplainPanel
    from napari_mcn.session import Session


class ExplainController:
    """The Explain page and the key W."""

    def __init__(
        self,
        panel: ExplainPanel,
        session: Session,
        canvas: Canvas,
        classifier: EngineClient,
        *,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._canvas = panel, session, canvas
        self._classifier, self._task = classifier, busy.task()
        self._job = listen(owner, self._on_explained, self._on_refused, self._task.step)
        self._target: str | None = None
        self._opacity, self._hidden = 0.6, False
        panel.explain_requested.connect(self.explain)
        panel.target_chosen.connect(self._on_target)
        panel.opacity_changed.connect(self._on_opacity)
        panel.hidden_changed.connect(self._on_hidden)
        session.events.store.connect(self._on_store)
        session.events.image_id.connect(self._on_image)
        session.events.crystal_id.connect(self._on_crystal)
        session.events.model_id.connect(self._on_model)
        session.predicted.connect(self._show_prediction)
        self._on_model(session.model_id)
        self._on_crystal(session.crystal_id)

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.store.disconnect(self._on_store)
        self._session.events.image_id.disconnect(self._on_image)
        self._session.events.crystal_id.disconnect(self._on_crystal)
        self._session.events.model_id.disconnect(self._on_model)
        self._session.predicted.disconnect(self._show_prediction)

    @refusals_told
    def explain(self) -> None:
        """Show which pixels of the selected crystal move the score of its class."""
        store, crystal = self._session.project, self._session.crystal
        if crystal is None:
            raise ModelError("Select a crystal first: click it, or press K.")
        store.rounds.require_revealed(crystal.image_id)
        if self._session.model_id is None:
            raise ModelError("There is no classifier yet: train one on the Model page.")
        arguments = {
            "model_folder": store.model_folder(self._session.model_id),
            "example": example(store, crystal),
            "target": self._target,
        }
        request = self._classifier.request("explain", arguments, self._job, lane="explain")
        self._panel.set_busy(True)
        self._task.start(Progress(0, 0, "Asking the classifier why"), lambda: self._cancel(request))

    def _cancel(self, request: int) -> None:
        self._classifier.cancel(request)
        self._panel.set_busy(False)

    def _on_explained(self, answer: object) -> None:
        self._end()
        explanation: Explanation = answer  # type: ignore[assignment]  # the service's answer
        if explanation.crystal_id != self._session.crystal_id or self._canvas.sheet is None:
            return
        self._canvas.sheet.overlay.show_map(explanation.values, explanation.frame)
        self._panel.set_prediction(
            list(zip(explanation.classes, explanation.probabilities, strict=True))
        )
        self._panel.set_legend(
            f"Bright pixels move the score of {explanation.cls} most (gradient saliency)."
        )

    def _on_refused(self, error: MicroCrystalError) -> None:
        self._end()
        refuse(error)

    def _end(self) -> None:
        self._task.end()
        self._panel.set_busy(False)

    def _on_target(self, target: str | None) -> None:
        self._target = target
        if self._session.crystal is not None and self._session.model_id is not None:
            self.explain()

    def _on_opacity(self, opacity: float) -> None:
        self._opacity = opacity
        self._show_overlay()

    def _on_hidden(self, hidden: bool) -> None:
        self._hidden = hidden
        self._show_overlay()

    def _show_overlay(self) -> None:
        """Let the slider and the box hold for every micrograph, not only the one in view."""
        if self._canvas.sheet is not None:
            self._canvas.sheet.overlay.opacity = self._opacity
            self._canvas.sheet.overlay.visible = not self._hidden

    def _on_store(self, _store: object) -> None:
        self._task.cancel()
        self._target = None
        if self._session.store is not None:
            self._panel.set_scheme(self._session.store.state.scheme)

    def _on_image(self, _image_id: object) -> None:
        self._show_overlay()

    def _on_model(self, model_id: str | None) -> None:
        self._panel.set_model(None if model_id is None else self._session.model_name(model_id))
        self._on_crystal(None)

    def activate(self, active: bool) -> None:
        """Take the map away when the page is left."""
        if not active:
            self._clear()

    def _clear(self) -> None:
        if self._canvas.sheet is not None:
            self._canvas.sheet.overlay.clear()
        self._panel.set_legend("")

    def _on_crystal(self, _crystal_id: str | None) -> None:
        crystal = self._session.crystal
        self._clear()
        self._panel.set_crystal(None if crystal is None else "Selected crystal")
        self._show_prediction()
        self._show_next_step()

    def _show_prediction(self) -> None:
        said = self._session.predictions().get(self._session.crystal_id or "")
        self._panel.set_prediction(
            () if said is None else list(zip(said.classes, said.probabilities, strict=True))
        )

    def _show_next_step(self) -> None:
        if self._session.model_id is None:
            self._panel.set_next_step("Train a classifier on the Model page first.")
        elif self._session.crystal is None:
            self._panel.set_next_step("Click the crystal you wonder about.")
        else:
            self._panel.set_next_step("Press W to see what the classifier looks at.")
