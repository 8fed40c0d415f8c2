"""Explains every crystal of the shown micrograph in the background, as one overlay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.domain.label import SALIENCY
from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.examples import example
from microcrystalnet.explain import words
from microcrystalnet.explain.mosaic import mosaic, whole, within
from microcrystalnet.imaging.colour_scales import ColourScale
from microcrystalnet.progress import Progress
from microcrystalnet.storage.rounds import RESERVED
from napari_mcn.exhibit import Shown
from napari_mcn.inquiry import TOGETHER
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refuse, tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from qtpy.QtCore import QObject

    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.explain.explanation import Explanation
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.busy import Busy
    from napari_mcn.exhibit import Exhibit
    from napari_mcn.inquiry import Inquiry, Question
    from napari_mcn.panels.explain_panel import ExplainPanel
    from napari_mcn.session import Session

NOTHING_HERE = "No crystal is outlined here: go to Segment first."
AT_ONCE = 32  # crystals to a request: between two of them, a single crystal gets its turn


class AllCrystalsController:
    """The All crystals button of the Why page."""

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
        self._task = busy.task()
        self._job = listen(owner, self._on_part, self._on_refused, self._on_step)
        self._run, self._request, self._active, self._own_scale = 0, 0, False, True
        self._left: list[str] = []
        self._total, self._asked, self._begun = 0, 0, False
        self._found: dict[str, tuple[Explanation, Mask]] = {}
        self._answering: Question | None = None
        panel.why.own_scale_chosen.connect(self._on_own_scale)
        inquiry.changed.connect(self._on_question)
        session.events.image_id.connect(self._on_place)
        session.events.model_id.connect(self._on_place)
        session.events.expert.connect(self._on_expert)
        session.edited.connect(self._on_edited)

    def close(self) -> None:
        """Let go of the session."""
        self._inquiry.changed.disconnect(self._on_question)
        self._session.events.image_id.disconnect(self._on_place)
        self._session.events.model_id.disconnect(self._on_place)
        self._session.events.expert.disconnect(self._on_expert)
        self._session.edited.disconnect(self._on_edited)

    def activate(self, active: bool) -> None:
        """Explain while the page is in front."""
        if active != self._active:
            self._active = active
            self._begin()

    def _on_question(self, question: Question) -> None:
        if question != self._answering or not self._task.running:  # or it is on its way
            self._begin()

    def _on_place(self, _place: object) -> None:
        self._begin()

    def _on_expert(self, _expert: object) -> None:
        """Show nothing that who sits here now should not see."""
        if self._inquiry.question.everywhere:
            self._exhibit.clear()
        self._begin()

    def _begin(self) -> None:
        """Start over with the crystals of the shown micrograph, if that is asked for."""
        self._stop()
        self._found, self._begun = {}, False
        wanted = self._active and self._inquiry.question.everywhere and not self._session.blind
        if not wanted or self._session.model_id is None or self._session.store is None:
            return
        self._exhibit.clear()
        self._left = self._open_ones(self._session.crystals)
        if not self._left:
            tell(RESERVED if self._session.crystals else NOTHING_HERE)
            self._panel.set_next_step(RESERVED if self._session.crystals else NOTHING_HERE)
            return
        self._begun = True
        self._start()

    def _open_ones(self, crystal_ids: Iterable[str]) -> list[str]:
        """Give those that are there and of which the expert may see what the classifier says."""
        closed = self._session.project.rounds.reserve(self._session.image_id or "")
        crystals = self._session.crystals
        return [each for each in crystal_ids if each in crystals and each not in closed]

    def _start(self) -> None:
        """Ask about those that are left, and show how far it is."""
        self._asked, self._total = 0, len(self._found) + len(self._left)
        self._answering = self._inquiry.question
        self._task.start(self._progress(0), self._give_up)
        self._panel.set_next_step(TOGETHER)
        self._ask()

    def _give_up(self) -> None:
        self._stop()
        self._begun = False
        self._panel.set_next_step("Press All crystals to explain them from the beginning.")

    def _stop(self) -> None:
        """Ask no further; what is being worked on ends at its next step."""
        self._run += 1
        self._left = []
        self._explainer.forget(self._request)
        self._task.end()

    def _ask(self) -> None:
        """Ask about the next part; where its micrograph cannot be reached, about none."""
        store, crystals = self._session.project, self._session.crystals
        part, self._left = self._left[:AT_ONCE], self._left[AT_ONCE:]
        self._asked = len(part)
        chosen = [crystals[each] for each in part if each in crystals]
        masks = {each.crystal_id: each.mask for each in chosen}
        try:
            examples = [example(store, each) for each in chosen]
        except MicroCrystalError as error:
            self._give_up()
            refuse(error)
            return
        arguments = {
            "model_folder": store.model_folder(str(self._session.model_id)),
            "examples": examples,
            **self._inquiry.question.arguments,
        }
        listener = Tagged(self._job, (self._run, masks))
        self._request = self._explainer.request("explain_all", arguments, listener)

    def _on_part(self, answer: tuple[tuple[int, dict[str, Mask]], list[Explanation]]) -> None:
        (run, masks), explanations = answer
        if run != self._run:  # cancelled, or asked otherwise, while the answer was on its way
            return
        self._found |= {each.crystal_id: (each, masks[each.crystal_id]) for each in explanations}
        self._task.step(self._progress(self._asked))
        if self._left:
            self._ask()
        else:
            self._task.end()
            self._show()

    def _on_step(self, progress: Progress) -> None:
        counts = progress.message == words.EXPLAINING  # and not cutting, or loading the model
        self._task.step(self._progress(progress.done if counts else 0))

    def _progress(self, here: int) -> Progress:
        """Say how many crystals are explained, ``here`` of them in the part asked about."""
        before = self._total - len(self._left) - self._asked
        return Progress(before + here, self._total, f"Explaining {self._total} crystals")

    def _on_refused(self, refusal: tuple[tuple[int, object], MicroCrystalError]) -> None:
        (run, _), error = refusal
        if run == self._run:
            self._give_up()
            refuse(error)

    def _on_own_scale(self, own: bool) -> None:
        self._own_scale = own
        if self._found and not self._left:
            self._show()

    def _on_edited(self, change: Change) -> None:
        """Take maps away of what was changed, deleted or closed; explain what is there anew."""
        if change.kind == "rounds":
            self._on_expert(None)
        here = change.kind == "masks" and change.image_id == self._session.image_id
        if not (here and self._begun):
            return
        changed = set(change.crystal_ids)
        self._found = {each: own for each, own in self._found.items() if each not in changed}
        unchanged = [each for each in self._left if each not in changed]
        self._left = [*unchanged, *self._open_ones(change.crystal_ids)]
        if self._task.running:
            self._total = len(self._found) + self._asked + len(self._left)
        else:
            self._show()
            if self._left:
                self._start()

    def _show(self) -> None:
        """Lay the maps of the crystals that are still there on the micrograph."""
        micrograph, crystals = self._session.micrograph, self._session.crystals
        if micrograph is None:
            return
        self._session.project.tell(self._found, SALIENCY)
        pieces = [pair for each, pair in self._found.items() if each in crystals]
        if not pieces:
            self._exhibit.clear()
            self._panel.set_next_step(NOTHING_HERE)
            return
        size, question = (micrograph.height, micrograph.width), self._inquiry.question
        exact = within(mosaic(*size, pieces), micrograph.region)
        scale = words.scale_of(question.method)
        values = mosaic(*size, pieces, own_scale=True) if self._own_scale else exact
        self._exhibit.show(
            Shown(
                values,
                None,
                scale,
                _limits(scale, values, self._own_scale),
                f"{words.NAMES[question.method]}, {len(pieces)} crystals",
                self._meaning(pieces, exact),
                micrograph.region,
                unit="of each crystal's strongest" if self._own_scale else "",
                exact=exact,
                outlines=tuple(mask for _, mask in pieces),
            )
        )

    def _meaning(
        self, pieces: Sequence[tuple[Explanation, Mask]], exact: NDArray[np.float32]
    ) -> str:
        """Say what the colours tell; only what has one scale has a sum."""
        question = self._inquiry.question
        asked = (question.method, question.target or "its class", question.block)
        if self._own_scale:
            return f"{words.meaning(*asked)} Each crystal has its own scale."
        kept = sum(whole(*piece, exact) for piece in pieces)
        return f"{words.meaning(*asked, words.on_sums(kept, len(pieces)))} One scale for all."


def _limits(
    scale: ColourScale, values: NDArray[np.float32], own_scale: bool
) -> tuple[float, float]:
    if not own_scale:
        return scale.limits(values)
    return (-1.0, 1.0) if scale.signed else (0.0, 1.0)
