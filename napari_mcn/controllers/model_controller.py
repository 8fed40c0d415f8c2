"""Trains a classifier on the settled labels, predicts, and shows how good it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from microcrystalnet.errors import ModelError, TrainingError
from microcrystalnet.examples import examples_of, settled_examples
from microcrystalnet.learning import model_folder
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.progress import Progress
from napari_mcn.controllers.result_view import result_view
from napari_mcn.jobs import listen
from napari_mcn.notify import refusals_told, refuse, tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qtpy.QtCore import QObject

    from microcrystalnet.domain.prediction import Prediction
    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.learning.records import ModelCard
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.controllers.busy import Busy
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.model_panel import ModelPanel, TrainForm
    from napari_mcn.session import Session


class ModelController:
    """The Model page."""

    def __init__(
        self,
        panel: ModelPanel,
        session: Session,
        canvas: Canvas,
        classifier: EngineClient,
        *,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._canvas = panel, session, canvas
        self._classifier, self._busy = classifier, busy
        self._training: str | None = None  # id of the model being trained
        self._map_shown = False
        self._train_job = listen(owner, self._on_trained, self._on_train_refused, self._on_epoch)
        self._predict_job = listen(owner, self._on_predicted, self._on_refused, busy.step)
        panel.train_requested.connect(self.train)
        panel.cancel_requested.connect(busy.cancel)
        panel.predict_requested.connect(self.predict_here)
        panel.predict_all_requested.connect(self.predict_all)
        panel.model_chosen.connect(self._on_model_chosen)
        panel.class_map_toggled.connect(self.show_class_map)
        panel.doubtful_requested.connect(self.next_doubtful)
        panel.cell_chosen.connect(self.next_of_cell)
        session.events.store.connect(self._on_store)
        session.events.model_id.connect(self._on_model)
        session.events.image_id.connect(self._on_image)
        session.edited.connect(self._on_edited)
        self._on_store(session.store)

    def close(self) -> None:
        """Let go of the session."""
        events = self._session.events
        events.store.disconnect(self._on_store)
        events.model_id.disconnect(self._on_model)
        events.image_id.disconnect(self._on_image)
        self._session.edited.disconnect(self._on_edited)

    @refusals_told
    def train(self, form: TrainForm) -> None:
        """Train on what the experts settled; the models there are stay as they are."""
        store = self._session.project
        examples, labels = settled_examples(store)
        if not examples:
            raise TrainingError(
                "No crystal is settled yet: at least two experts must give it the same class."
            )
        self._training, folder = store.new_model_folder()
        arguments = {
            "examples": examples,
            "labels": labels,
            "scheme": store.state.scheme,
            "config": _config(form),
            "folder": folder,
        }
        self._panel.clear_curves()
        self._panel.set_running(True)
        request = self._classifier.request("train", arguments, self._train_job)
        self._busy.start(
            Progress(0, form.epochs, f"Training on {len(examples)} crystals"),
            lambda: self._cancel_training(request),
        )

    def predict_here(self) -> None:
        """Name the crystals of the shown micrograph."""
        if self._session.image_id is not None:
            self._predict([self._session.image_id])

    @refusals_told
    def predict_all(self) -> None:
        """Name the crystals of every micrograph."""
        self._predict(list(self._session.project.state.micrographs))

    def show_class_map(self, shown: bool) -> None:
        """Show the predicted classes instead of the expert's, or back."""
        self._map_shown = shown
        self._show_predictions()

    def next_doubtful(self) -> None:
        """Go from the least certain crystal of this micrograph to the next less doubtful one."""
        known = self._known()
        order = sorted(known, key=lambda each: known[each].confidence)
        self._session.crystal_id = following(order, self._session.crystal_id)

    @refusals_told
    def next_of_cell(self, truth: str, predicted: str) -> None:
        """Go to the next crystal that the experts call ``truth`` and the network ``predicted``."""
        cell = self._cell(truth, predicted)
        chosen = following(list(cell), self._session.crystal_id)
        if chosen is None:
            tell(f"No held-out crystal is {truth} to the experts and {predicted} to the network.")
            return
        if cell[chosen] != self._session.image_id:
            self._session.show(cell[chosen])
        self._session.crystal_id = chosen

    def _cell(self, truth: str, predicted: str) -> dict[str, str]:
        """Give the micrograph of every held-out crystal behind a cell of the confusion matrix."""
        card = self._card()
        if card is None or card.training is None:
            return {}
        return {
            each.crystal_id: each.image_id
            for each in card.training.held_out
            if each.truth == truth and card.classes[int(np.argmax(each.probabilities))] == predicted
        }

    def _card(self) -> ModelCard | None:
        store, model_id = self._session.store, self._session.model_id
        if store is None or model_id is None:
            return None
        return model_folder.load(store.model_folder(model_id))

    def _cancel_training(self, request: int) -> None:
        self._classifier.cancel(request)
        self._training = None
        self._panel.set_running(False)
        tell("Training was cancelled; the models you have are unchanged.")

    @refusals_told
    def _predict(self, image_ids: Sequence[str]) -> None:
        store, model_id = self._session.project, self._session.model_id
        if model_id is None:
            raise ModelError("There is no classifier yet: train one first.")
        examples = examples_of(store, image_ids)
        if not examples:
            raise ModelError("No crystal is outlined here: go to Segment first.")
        arguments = {"model_folder": store.model_folder(model_id), "examples": examples}
        request = self._classifier.request("predict", arguments, self._predict_job)
        self._busy.start(
            Progress(0, len(examples), f"Predicting {len(examples)} crystals"),
            lambda: self._classifier.cancel(request),
        )

    def _on_epoch(self, progress: Progress) -> None:
        self._busy.step(progress)
        if progress.values:
            self._panel.add_epoch(progress.values)

    def _on_trained(self, _summary: object) -> None:
        self._busy.end()
        self._panel.set_running(False)
        model_id, self._training = self._training, None
        if model_id is None or self._session.store is None:
            return
        self._session.model_id = model_id
        tell("The classifier is trained; it now names the crystals of this micrograph.")
        self.predict_here()

    def _on_train_refused(self, error: MicroCrystalError) -> None:
        self._training = None
        self._panel.set_running(False)
        self._on_refused(error)

    @refusals_told
    def _on_predicted(self, answer: object) -> None:
        self._busy.end()
        store = self._session.store
        if store is None:
            return
        predictions: list[Prediction] = answer  # type: ignore[assignment]  # the service's answer
        for image_id, part in _by_micrograph(self._session, predictions).items():
            store.write_predictions(part[0].model_id, image_id, part)
        self._map_shown = True
        self._show_predictions()
        tell(f"{len(predictions)} crystals predicted.")

    def _on_refused(self, error: MicroCrystalError) -> None:
        self._busy.end()
        refuse(error)

    def _on_store(self, _store: object) -> None:
        self._show_models()
        self._show_readiness()

    def _on_image(self, _image_id: object) -> None:
        self._show_predictions()

    def _on_model_chosen(self, model_id: str) -> None:
        self._session.model_id = model_id

    def _on_model(self, _model_id: object) -> None:
        self._show_models()
        self._show_predictions()
        self._show_readiness()

    def _on_edited(self, change: Change) -> None:
        self._show_readiness()
        if change.kind == "masks" and change.image_id == self._session.image_id:
            self._show_predictions()

    @refusals_told
    def _show_models(self) -> None:
        store, model_id = self._session.store, self._session.model_id
        models = () if store is None else store.models()
        names = [(each, f"Model {place}") for place, each in enumerate(models, 1)]
        self._panel.set_models(names, model_id)
        card = self._card()
        self._panel.set_result(None if card is None else result_view(card))

    def _known(self) -> Mapping[str, Prediction]:
        """Give the predictions of the chosen model for the shown micrograph."""
        store, image_id, model_id = (
            self._session.store,
            self._session.image_id,
            self._session.model_id,
        )
        if store is None or image_id is None or model_id is None:
            return {}
        crystals = self._session.crystals
        known = store.predictions(model_id, image_id)
        return {each: prediction for each, prediction in known.items() if each in crystals}

    def _show_predictions(self) -> None:
        known, sheet = self._known(), self._canvas.sheet
        shown = self._map_shown and bool(known)
        self._panel.set_predicted(shown, bool(known), "Predict this micrograph first.")
        if sheet is not None:
            sheet.predicted.set_classes({each: known[each].cls for each in known})
            sheet.predicted.visible = shown
            sheet.class_map.visible = not shown

    def _show_readiness(self) -> None:
        open_ = self._session.store is not None
        self._panel.set_ready(open_, "" if open_ else "Open a project on the Project page first.")
        self._panel.set_next_step(
            "Train a classifier on the crystals that the experts settled."
            if self._session.model_id is None
            else "Predict this micrograph, then look at the class map and at Explain."
        )


def _config(form: TrainForm) -> TrainConfig:
    return TrainConfig(network=form.network, epochs=form.epochs, split=form.split, seed=form.seed)


def following(order: Sequence[str], current: str | None) -> str | None:
    """Give the entry after the current one, the first again after the last."""
    if not order:
        return None
    place = order.index(current) + 1 if current in order else 0
    return order[place % len(order)]


def _by_micrograph(
    session: Session, predictions: Iterable[Prediction]
) -> dict[str, list[Prediction]]:
    """Sort predictions by micrograph; crystals deleted meanwhile are left out."""
    state = session.project.state
    home = {
        crystal_id: image_id
        for image_id in state.micrographs
        for crystal_id in state.crystals(image_id)
    }
    sorted_: dict[str, list[Prediction]] = {}
    for each in predictions:
        if each.crystal_id in home:
            sorted_.setdefault(home[each.crystal_id], []).append(each)
    return sorted_
