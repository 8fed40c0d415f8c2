"""Judges a model that was trained elsewhere on the settled crystals of the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psygnal import Signal

from microcrystalnet.errors import ModelError
from microcrystalnet.examples import Settled, finding_settled
from microcrystalnet.learning.judged import judged_by
from microcrystalnet.progress import Progress
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refusals_told, refuse, tell
from napari_mcn.result_view import evaluation_view
from napari_mcn.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qtpy.QtCore import QObject

    from microcrystalnet.domain.prediction import Prediction
    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.learning.dataset import Example
    from napari_mcn.busy import Busy
    from napari_mcn.judgement import Judgement
    from napari_mcn.panels.model_panel import ModelPanel
    from napari_mcn.session import Session

NOTHING = (
    "No crystal that you may see has a settled class yet, so there is nothing to judge the model "
    "on; label crystals, settle them on Consensus, or seal your blind rounds first."
)


class EvaluationController:
    """The button of the Results page for imported models; ``judged`` tells that figures are there.

    Micrographs that the expert still labels blind are left out.
    """

    judged = Signal()

    def __init__(
        self,
        panel: ModelPanel,
        session: Session,
        judgement: Judgement,
        classifier: EngineClient,
        *,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._classifier = panel, session, classifier
        self._judgement, self._task = judgement, busy.task()
        self._reading = Slices(busy.task())
        self._settled: Settled = ([], [])
        self._job = listen(owner, self._on_predicted, self._on_refused)
        panel.results.evaluation_requested.connect(self.evaluate)
        session.events.model_id.connect(self._on_model)
        session.events.store.connect(self._on_model)
        session.events.expert.connect(self._on_model)
        self._on_model(None)

    def close(self) -> None:
        """Let go of the session, and read no further."""
        self._reading.stop()
        self._session.events.model_id.disconnect(self._on_model)
        self._session.events.store.disconnect(self._on_model)
        self._session.events.expert.disconnect(self._on_model)

    @refusals_told
    def evaluate(self) -> None:
        """Ask what the model makes of every settled crystal."""
        store, card = self._session.project, self._judgement.card
        if card is None or self._session.model_id is None:
            raise ModelError("Choose a model first.")
        card.check_scheme(store.state.scheme)
        folder = store.model_folder(self._session.model_id)
        self._reading.run(self._settling(), lambda: self._ask(folder))

    def _settling(self) -> Iterator[Progress]:
        """Look for the crystals whose class is settled, with pauses."""
        self._settled = yield from finding_settled(self._session.project)

    @refusals_told
    def _ask(self, folder: Path) -> None:
        """Ask for predictions of what was read."""
        store = self._session.project
        labels, examples = self._seen()
        arguments = {"model_folder": folder, "examples": examples, "scheme": store.state.scheme}
        listener = Tagged(self._job, (folder, labels))
        request = self._classifier.request("predict", arguments, listener, lane="evaluate")
        self._task.start(
            Progress(0, len(examples), f"Judging on {len(examples)} settled crystals"),
            lambda: self._classifier.cancel(request),
        )

    def _seen(self) -> tuple[dict[str, tuple[str, str]], list[Example]]:
        """Give micrograph and class of every settled crystal that may be seen, and the crystals."""
        (examples, labels), self._settled = self._settled, ([], [])
        pairs = zip(examples, labels, strict=True)
        seen = [
            pair
            for pair in pairs
            if self._judgement.open_to_see(pair[0].image_id, pair[0].crystal_id)
        ]
        if not seen:
            raise ModelError(NOTHING)
        classes = {each.crystal_id: (each.image_id, label) for each, label in seen}
        return classes, [each for each, _ in seen]

    def _on_predicted(
        self, answer: tuple[tuple[Path, dict[str, tuple[str, str]]], list[Prediction]]
    ) -> None:
        (folder, labels), said = answer
        if not self._task.running:
            return
        self._task.end()
        self._judgement.take(folder, judged_by(said, labels, said[0].classes))
        self._show()
        self.judged.emit()
        tell(f"The model is judged on {len(labels)} settled crystals.")

    def _on_refused(self, refusal: tuple[object, MicroCrystalError]) -> None:
        self._task.end()
        refuse(refusal[1])

    def _on_model(self, _value: object) -> None:
        self._reading.stop()
        self._task.abandon()
        self._show()

    def _show(self) -> None:
        card, judged = self._judgement.card, self._judgement.judged
        elsewhere = card is not None and card.training is None
        self._panel.results.set_evaluable(elsewhere)
        if card is not None and elsewhere:  # those of others are shown with their training
            self._panel.set_result(None if judged is None else evaluation_view(card, judged))
