"""Trains a classifier on the settled labels, lets it predict, and shows how good it is."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from microcrystalnet.errors import ModelError, ReadOnlyProjectError
from microcrystalnet.examples import Taught, examples_of, finding_taught
from microcrystalnet.learning import model_folder
from microcrystalnet.learning.config import TrainConfig
from microcrystalnet.learning.material import check_taught
from microcrystalnet.progress import Progress
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refusals_told, refuse, tell
from napari_mcn.panels.model_panel import RESULTS
from napari_mcn.result_view import result_view
from napari_mcn.slices import Slices, outlines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qtpy.QtCore import QObject

    from microcrystalnet.domain.prediction import Prediction
    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.storage.project_store import ProjectStore
    from napari_mcn.busy import Busy
    from napari_mcn.panels.model_panel import ModelPanel, TrainForm
    from napari_mcn.session import Session


class ModelController:
    """The upper half of the Model page."""

    def __init__(
        self,
        panel: ModelPanel,
        session: Session,
        classifier: EngineClient,
        *,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._classifier = panel, session, classifier
        self._training, self._predicting = busy.task(), busy.task()
        self._teaching, self._gathering = Slices(busy.task()), Slices(busy.task())
        self._taught: Taught | None = None
        self._asked: dict[str, object] = {}  # the last prediction, to be compared with the training
        self._train_job = listen(owner, self._on_trained, self._on_train_refused, self._on_epoch)
        self._predict_job = listen(
            owner, self._on_predicted, self._on_predict_refused, self._predicting.step
        )
        self._compare_job = listen(owner, self._on_compared, refuse)
        panel.train_requested.connect(self.train)
        panel.cancel_requested.connect(self._training.cancel)
        panel.predict_requested.connect(self.predict_here)
        panel.predict_all_requested.connect(self.predict_all)
        panel.model_chosen.connect(self._on_model_chosen)
        session.events.store.connect(self._on_store)
        session.events.model_id.connect(self._on_model)
        self._on_store(session.store)

    def close(self) -> None:
        """Let go of the session, and read no further."""
        self._teaching.stop()
        self._gathering.stop()
        self._session.events.store.disconnect(self._on_store)
        self._session.events.model_id.disconnect(self._on_model)

    @refusals_told
    def train(self, form: TrainForm) -> None:
        """Train on what the experts settled; the models there are stay as they are."""
        store = self._writable()
        config = TrainConfig(**asdict(form))
        config.check()
        self._teaching.run(self._finding(store, config), lambda: self._teach(config))

    def _finding(self, store: ProjectStore, config: TrainConfig) -> Iterator[Progress]:
        """Look for what is taught, with pauses."""
        self._taught = yield from finding_taught(store, config.targets)

    @refusals_told
    def _teach(self, config: TrainConfig) -> None:
        """Ask for a training on what was read."""
        store = self._writable()
        taught, self._taught = self._taught, None
        if taught is None:
            return
        check_taught(taught.labels, taught.teaching, store.state.scheme)
        model_id, folder = store.new_model_folder()
        arguments = {
            "examples": taught.examples,
            "labels": taught.labels,
            "scheme": store.state.scheme,
            "config": config,
            "folder": folder,
            "teaching": taught.teaching,
        }
        listener = Tagged(self._train_job, model_id)
        request = self._classifier.request("train", arguments, listener)
        self._panel.clear_curves()
        self._panel.set_running(True)
        self._training.start(
            Progress(0, config.epochs, f"Training on {len(taught.labels)} crystals"),
            lambda: self._cancel_training(request),
        )

    @refusals_told
    def predict_here(self) -> None:
        """Name the crystals of the shown micrograph."""
        shown = self._session.image_id
        self._predict([] if shown is None else [shown])

    @refusals_told
    def predict_all(self) -> None:
        """Name the crystals of every micrograph."""
        self._predict(list(self._session.project.state.micrographs))

    def _writable(self) -> ProjectStore:
        store = self._session.project
        if store.read_only:
            raise ReadOnlyProjectError(store.read_only_reason)
        return store

    def _predict(self, image_ids: Sequence[str]) -> None:
        store, model_id = self._writable(), self._session.model_id
        if model_id is None:
            raise ModelError("There is no classifier yet: train one first.")
        model_folder.load(store.model_folder(model_id), store.state.scheme)
        read = outlines(store, image_ids)
        self._gathering.run(read, lambda: self._ask(model_id, image_ids))

    @refusals_told
    def _ask(self, model_id: str, image_ids: Sequence[str]) -> None:
        """Ask for predictions of the crystals that were read."""
        store = self._writable()
        examples = examples_of(store, image_ids)
        if not examples:
            raise ModelError("No crystal is outlined here: go to Segment first.")
        self._asked = {"model_folder": store.model_folder(model_id), "examples": examples}
        arguments = {**self._asked, "scheme": store.state.scheme}
        request = self._classifier.request("predict", arguments, self._predict_job, lane="predict")
        self._predicting.start(
            Progress(0, len(examples), f"Predicting {len(examples)} crystals"),
            lambda: self._classifier.cancel(request),
        )

    def _cancel_training(self, request: int) -> bool:
        if not self._classifier.cancel(request):
            return False
        self._panel.set_running(False)
        tell("Training was cancelled; the models you have are unchanged.")
        return True

    def _on_epoch(self, progress: Progress) -> None:
        self._training.step(progress)
        if progress.values and self._training.running:
            self._panel.add_epoch(progress.values)

    def _on_trained(self, answer: tuple[str, object]) -> None:
        if not self._training.running:  # cancelled while the answer was on its way
            return
        self._end_training()
        self._session.model_id, _ = answer
        self._panel.show_page(RESULTS)
        tell("The classifier is trained; it now names every crystal of the project.")
        self.predict_all()

    def _on_train_refused(self, refusal: tuple[str, MicroCrystalError]) -> None:
        _, error = refusal
        if self._training.running:
            self._end_training()
            refuse(error)

    def _end_training(self) -> None:
        self._training.end()
        self._panel.set_running(False)

    @refusals_told
    def _on_predicted(self, answer: object) -> None:
        if not self._predicting.running:
            return
        self._predicting.end()
        store = self._session.project
        predictions: list[Prediction] = answer  # type: ignore[assignment]  # the service's answer
        for image_id, part in _by_micrograph(store, predictions).items():
            store.write_predictions(part[0].model_id, image_id, part)
        self._session.tell_predicted(anew=True)
        tell("1 crystal named." if len(predictions) == 1 else f"{len(predictions)} crystals named.")

        self._classifier.request(
            "compare_with_training", self._asked, self._compare_job, lane="compare"
        )

    def _on_compared(self, warnings: tuple[str, ...]) -> None:
        """Warn where crystals are unlike those the model learnt from."""
        self._panel.predict.set_warnings(warnings if self._asked else ())
        for warning in warnings if self._asked else ():
            tell(warning)

    def _on_predict_refused(self, error: MicroCrystalError) -> None:
        if self._predicting.running:
            self._predicting.end()
            refuse(error)

    def _on_store(self, _store: object) -> None:
        self._training.abandon()
        self._predicting.abandon()
        self._panel.set_running(False)
        self._teaching.stop()
        self._gathering.stop()
        self._asked = {}  # what is said of another project's crystals comes too late
        self._show_models()

    def _on_model_chosen(self, model_id: str) -> None:
        self._session.model_id = model_id

    def _on_model(self, _model_id: object) -> None:
        self._show_models()

    @refusals_told
    def _show_models(self) -> None:
        store, model_id = self._session.store, self._session.model_id
        open_ = store is not None
        models = () if store is None else store.models()
        names = [(each, f"Model {place}") for place, each in enumerate(models, 1)]
        self._panel.set_models(names, model_id)
        self._panel.set_ready(open_, "" if open_ else "Open a project on the Project page first.")
        self._panel.set_next_step(
            "Train a classifier on the crystals that the experts settled."
            if model_id is None
            else "Look at the predicted classes and the doubtful crystals, then ask Explain why."
        )
        self._panel.set_result(None)  # nothing stays in view where the card cannot be read
        if store is not None and model_id is not None:
            self._panel.set_result(result_view(model_folder.load(store.model_folder(model_id))))


def _by_micrograph(
    store: ProjectStore, predictions: Iterable[Prediction]
) -> dict[str, list[Prediction]]:
    """Sort predictions by micrograph; crystals deleted meanwhile are left out."""
    home = {
        crystal_id: image_id
        for image_id in store.state.micrographs
        for crystal_id in store.state.crystals(image_id)
    }
    sorted_: dict[str, list[Prediction]] = {}
    for each in predictions:
        if each.crystal_id in home:
            sorted_.setdefault(home[each.crystal_id], []).append(each)
    return sorted_
