"""Asks the classifier why it names the selected crystal so, and lays the answer on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.domain.label import SALIENCY
from microcrystalnet.errors import MicroCrystalError, ModelError
from microcrystalnet.examples import example
from microcrystalnet.explain.blocks import blocks_of
from microcrystalnet.learning import model_folder
from microcrystalnet.progress import ignore_progress
from microcrystalnet.storage.rounds import RESERVED
from napari_mcn.exhibit import of_crystal
from napari_mcn.inquiry import BLIND, TOGETHER
from napari_mcn.jobs import listen
from napari_mcn.notify import refusals_told, refuse
from napari_mcn.patience import Patience

if TYPE_CHECKING:
    from qtpy.QtCore import QObject

    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.explain.explanation import Explanation
    from microcrystalnet.learning.records import ModelCard
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.busy import Busy
    from napari_mcn.exhibit import Exhibit
    from napari_mcn.inquiry import Inquiry, Question
    from napari_mcn.panels.explain_panel import ExplainPanel
    from napari_mcn.session import Session

STOPPED = "Stopped. Press “Why this class?” to ask again."


class ExplainController:
    """The Why page, for the selected crystal, and the key W."""

    def __init__(
        self,
        panel: ExplainPanel,
        session: Session,
        exhibit: Exhibit,
        inquiry: Inquiry,
        explainer: EngineClient,
        *,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._panel, self._session = panel, session
        self._exhibit, self._inquiry, self._explainer = exhibit, inquiry, explainer
        self._patience = Patience(busy.task(), owner, panel.set_busy)
        self._active, self._request = False, 0
        step = self._patience.step
        self._job = listen(owner, self._on_explained, self._on_refused, step)
        self._warming = listen(owner, lambda _: None, lambda _: None, ignore_progress)
        panel.why.explain_requested.connect(self.explain)
        panel.why.target_chosen.connect(lambda target: inquiry.ask(target=target))
        panel.why.method_chosen.connect(lambda method: inquiry.ask(method=method))
        panel.why.block_chosen.connect(lambda block: inquiry.ask(block=block))
        panel.why.everywhere_chosen.connect(lambda every: inquiry.ask(everywhere=every))
        exhibit.changed.connect(self._on_exhibited)
        inquiry.changed.connect(self._on_question)
        session.events.store.connect(self._on_store)
        session.events.crystal_id.connect(self._on_crystal)
        session.events.model_id.connect(self._on_model)
        session.events.expert.connect(self._on_expert)
        session.predicted.connect(self._show_prediction)
        session.edited.connect(self._on_edited)
        self._on_model(session.model_id)

    def close(self) -> None:
        """Let go of the session."""
        self._exhibit.changed.disconnect(self._on_exhibited)
        self._inquiry.changed.disconnect(self._on_question)
        self._session.events.store.disconnect(self._on_store)
        self._session.events.crystal_id.disconnect(self._on_crystal)
        self._session.events.model_id.disconnect(self._on_model)
        self._session.events.expert.disconnect(self._on_expert)
        self._session.predicted.disconnect(self._show_prediction)
        self._session.edited.disconnect(self._on_edited)

    def _on_expert(self, _expert: object) -> None:
        self._on_crystal(self._session.crystal_id)

    @refusals_told
    def explain(self) -> None:
        """Show which pixels of the selected crystal count for its class."""
        self._session.project  # noqa: B018  refuses where none is open
        if self._session.crystal is None:
            raise ModelError("Select a crystal first: click it, or press K.")
        self._session.project.rounds.require_revealed(
            self._session.crystal.image_id, self._session.crystal.crystal_id
        )
        if self._session.model_id is None:
            raise ModelError("There is no classifier yet: train one on the Model page.")
        if self._inquiry.question.everywhere:
            self._inquiry.ask(everywhere=False)  # which asks
        else:
            self._ask()

    def activate(self, active: bool) -> None:
        """Explain whatever is selected while the page is in front; take the map away after."""
        if active == self._active:
            return
        self._active = active
        if active:
            self._show_prediction()
            self._warm()
            self._explain_live()
        else:
            self._give_up()

    @refusals_told
    def _warm(self) -> None:
        """Load the model before the first crystal is clicked."""
        model_id, crystal = (
            self._session.model_id,
            next(iter(self._session.crystals.values()), None),
        )
        if model_id is None or self._session.store is None:
            return
        self._exhibit.prepare()
        arguments: dict[str, object] = {"model_folder": self._folder(model_id)}
        if crystal is not None:
            arguments["example"] = example(self._session.project, crystal)
        self._explainer.request("warm", arguments, self._warming, lane="warm")

    def _explain_live(self) -> None:
        """Ask about the selected crystal; the map before stays until the answer is there."""
        if self._awaited:
            self._ask()
        elif self._active and not self._inquiry.question.everywhere:
            self._give_up()

    @refusals_told
    def _ask(self) -> None:
        store, crystal = self._session.project, self._session.crystal
        if crystal is None or self._session.model_id is None:
            return
        if self._session.blind or self._session.reserved:
            return
        arguments = {
            "model_folder": self._folder(self._session.model_id),
            "example": example(store, crystal),
            **self._inquiry.question.arguments,
        }
        self._request = self._explainer.request("explain", arguments, self._job, lane="explain")
        self._patience.wait("Asking the classifier why", self._cancel)

    def _folder(self, model_id: str) -> object:
        return self._session.project.model_folder(model_id)

    def _cancel(self) -> bool:
        if not self._explainer.forget(self._request):
            return False  # the map is on its way
        self._give_up()
        self._panel.set_next_step(STOPPED)
        return True

    def _give_up(self) -> None:
        self._forget()
        self._exhibit.clear()

    def _forget(self) -> None:
        self._patience.end()
        self._explainer.forget(self._request)

    def _on_explained(self, answer: object) -> None:
        self._patience.end()
        explanation: Explanation = answer  # type: ignore[assignment]  # the service's answer
        crystal, question = self._session.crystal, self._inquiry.question
        micrograph = self._session.micrograph
        asked = (explanation.crystal_id, explanation.model_id, explanation.method)
        wanted = (self._session.crystal_id, self._session.model_id, question.method)
        if crystal is None or micrograph is None or asked != wanted or question.everywhere:
            return  # deleted, left, or asked about otherwise while the answer was on its way
        self._session.project.tell([crystal.crystal_id], SALIENCY)
        self._exhibit.show(of_crystal(explanation, micrograph, crystal.mask, question.block))
        shares = zip(explanation.classes, explanation.probabilities, strict=True)
        self._panel.set_prediction(list(shares))

    def _on_refused(self, error: MicroCrystalError) -> None:
        self._patience.end()
        self._exhibit.clear()
        refuse(error)

    def _on_question(self, question: Question) -> None:
        self._panel.set_everywhere(question.everywhere)
        if question.everywhere:
            self._forget()
        elif self._active:
            self._explain_live()
        self._show_next_step()

    def _on_exhibited(self, _shown: object) -> None:
        self._show_next_step()

    def _on_store(self, _store: object) -> None:
        self._forget()
        self._exhibit.clear()

    def _on_edited(self, change: Change) -> None:
        """Explain a crystal anew when its outline changed; forget one that was deleted."""
        if change.kind in {"scheme", "rounds"}:
            self._on_model(self._session.model_id)
        if change.kind != "masks" or self._session.crystal_id not in change.crystal_ids:
            return
        if not self._inquiry.question.everywhere and self._active:
            self._on_crystal(self._session.crystal_id)

    @refusals_told
    def _on_model(self, model_id: str | None) -> None:
        self._panel.set_model(None if model_id is None else self._session.model_name(model_id))
        self._panel.set_blocks(0)
        try:
            if model_id is not None:
                self._offer(model_folder.load(self._folder(model_id)))
        finally:
            self._on_crystal(self._session.crystal_id)
            if self._active:
                self._warm()

    def _offer(self, card: ModelCard) -> None:
        """Offer the classes and the convolution blocks of a model."""
        self._panel.set_targets(self._session.project.state.scheme, card.classes)
        try:
            count = len(blocks_of(card.network))
        except ModelError:
            count = 0
        self._panel.set_blocks(count)
        method = self._panel.why.method.currentData()
        self._inquiry.ask(method=method, target=None, block=count or None)

    def _on_crystal(self, _crystal_id: str | None) -> None:
        crystal = self._session.crystal
        self._panel.set_crystal(None if crystal is None else "Selected crystal")
        self._show_prediction()
        self._show_next_step()
        self._explain_live()

    def _show_prediction(self) -> None:
        said = self._session.predictions().get(self._session.crystal_id or "")
        if said is None and self._awaited:
            return  # the answer brings the probabilities; until then the bars would only blink
        if said is not None and self._active:
            self._session.project.tell([said.crystal_id])
        shares = () if said is None else list(zip(said.classes, said.probabilities, strict=True))
        self._panel.set_prediction(shares)

    @property
    def _awaited(self) -> bool:
        known = self._session.crystal is not None and self._session.model_id is not None
        shut = self._session.blind or self._session.reserved or self._inquiry.question.everywhere
        return self._active and known and not shut

    def _show_next_step(self) -> None:
        if self._session.blind:
            self._panel.set_next_step(BLIND)
        elif self._session.reserved and not self._inquiry.question.everywhere:
            self._panel.set_next_step(RESERVED)
        elif self._session.model_id is None:
            self._panel.set_next_step("Train a classifier on the Model page first.")
        elif self._inquiry.question.everywhere:
            self._panel.set_next_step(
                TOGETHER
                if self._exhibit.shown is None
                else "Hold H to compare the maps with the bare micrograph."
            )
        elif self._session.crystal is None:
            self._panel.set_next_step("Click the crystal you wonder about.")
        else:
            self._panel.set_next_step("J and K go to the next crystal; hold H to see it bare.")
