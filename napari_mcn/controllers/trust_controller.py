"""Checks whether a kind of map can be trusted, and says so in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.domain.label import SALIENCY
from microcrystalnet.examples import example, examples_of
from microcrystalnet.explain import words
from microcrystalnet.explain.outline import by_class
from microcrystalnet.progress import Progress
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refusals_told, refuse
from napari_mcn.slices import Slices, outlines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qtpy.QtCore import QObject

    from microcrystalnet.domain.crystal import Crystal
    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.explain.outline import OutlineShare
    from microcrystalnet.explain.pixel_curves import PixelCurves
    from microcrystalnet.explain.sanity import Cascade
    from microcrystalnet.learning.dataset import Example
    from napari_mcn.busy import Busy
    from napari_mcn.inquiry import Inquiry, Question
    from napari_mcn.panels.explain_panel import ExplainPanel
    from napari_mcn.session import Session
MOST = 64  # crystals for the outline: integrated gradients take nearly a second for each


class TrustController:
    """The Trust page: two checks of the selected crystal's map, one of all crystals' maps."""

    def __init__(
        self,
        panel: ExplainPanel,
        session: Session,
        inquiry: Inquiry,
        explainer: EngineClient,
        *,
        busy: Busy,
        owner: QObject,
    ) -> None:
        self._page, self._session, self._inquiry = panel.trust, session, inquiry
        self._explainer, self._task = explainer, busy.task()
        self._slices = Slices(busy.task())
        self._job = listen(owner, self._on_checked, self._on_refused, self._task.step)
        self._run, self._request = 0, 0
        self._left: list[tuple[str, dict[str, object]]] = []
        self._page.check_requested.connect(self.check)
        inquiry.changed.connect(self._on_question)
        session.events.crystal_id.connect(self._on_crystal)
        session.events.model_id.connect(self._on_crystal)
        session.events.expert.connect(self._on_crystal)

    def close(self) -> None:
        """Let go of the session, and read no further."""
        self._slices.stop()
        self._inquiry.changed.disconnect(self._on_question)
        self._session.events.crystal_id.disconnect(self._on_crystal)
        self._session.events.model_id.disconnect(self._on_crystal)
        self._session.events.expert.disconnect(self._on_crystal)

    @refusals_told
    def check(self) -> None:
        """Run the three checks on the kind of map that is chosen."""
        self._stop()
        store, crystal = self._session.project, self._session.crystal
        if crystal is None or self._session.model_id is None:
            return
        store.rounds.require_revealed(crystal.image_id, crystal.crystal_id)
        folder = store.model_folder(self._session.model_id)
        asked = {"model_folder": folder, **self._inquiry.question.arguments}
        open_ = [each for each in store.state.micrographs if not store.rounds.blind_on(each)]
        self._slices.run(outlines(store, open_), lambda: self._begin(asked, crystal, open_))

    @refusals_told
    def _begin(self, asked: dict[str, object], crystal: Crystal, image_ids: Sequence[str]) -> None:
        """Ask about a crystal, and about those whose outlines were read."""
        store = self._session.project
        one, all_ = example(store, crystal), examples_of(store, image_ids)
        some = _spread(all_)
        self._left = [
            ("curves", {**asked, "example": one}),
            ("cascade", {**asked, "examples": [one]}),
            ("outline", {**asked, "examples": some}),
        ]
        taken = f"{len(some)} of {len(all_)} crystals, evenly spread,"
        if len(some) == len(all_):
            taken = f"all {len(all_)} crystals"
        store.tell([crystal.crystal_id], SALIENCY)
        self._page.clear(f"{self._name()}: the selected crystal, and {taken} for the outline.")
        self._task.start(Progress(0, 0, "Checking the maps"), self._cancel)
        self._ask()

    def _name(self) -> str:
        question = self._inquiry.question
        block = f", block {question.block}" if question.method == "gradcam" else ""
        return f"{words.NAMES[question.method]}{block}"

    def _ask(self) -> None:
        (check, arguments), self._left = self._left[0], self._left[1:]
        listener = Tagged(self._job, (self._run, check))
        self._request = self._explainer.request(check, arguments, listener)

    def _cancel(self) -> None:
        self._stop()
        self._page.set_subject(f"{self._name()}: stopped. What is not below was not checked.")

    def _stop(self) -> None:
        self._run += 1
        self._slices.stop()
        self._left = []
        self._explainer.forget(self._request)
        self._task.end()

    def _on_checked(self, answer: tuple[tuple[int, str], object]) -> None:
        (run, check), found = answer
        if run != self._run:
            return
        show: dict[str, Callable[..., None]] = {
            "curves": self._show_curves,
            "cascade": self._show_cascade,
            "outline": self._show_outline,
        }
        show[check](found)
        if self._left:
            self._ask()
        else:
            self._task.end()

    def _on_refused(self, refusal: tuple[tuple[int, str], MicroCrystalError]) -> None:
        (run, _), error = refusal
        if run == self._run:
            self._stop()
            refuse(error)

    def _show_curves(self, found: PixelCurves) -> None:
        self._page.set_pixels(
            (found.deletion, found.random_deletion),
            (found.insertion, found.random_insertion),
            words.on_curves(found),
        )

    def _show_cascade(self, found: Cascade) -> None:
        self._page.set_forgetting(
            (1.0, *(each.rank for each in found.stages)),
            (1.0, *(each.structure for each in found.stages)),
            words.on_cascade(found),
        )

    def _show_outline(self, found: list[OutlineShare]) -> None:
        classes = by_class(found, sorted({each.cls for each in found}))
        self._page.set_outline(
            [(each.cls, each.attribution, each.area) for each in classes],
            "\n".join(map(words.on_outline, classes))
            or "No crystal is large enough for an outline and an interior.",
        )

    def _on_question(self, _question: Question) -> None:
        self._clear()

    def _on_crystal(self, _crystal: object) -> None:
        self._clear()

    def _clear(self) -> None:
        """Show nothing that was found about something else."""
        self._stop()
        self._page.clear("")


def _spread(examples: Sequence[Example]) -> list[Example]:
    """Take `MOST` crystals evenly from all micrographs, or all there are."""
    count = min(MOST, len(examples))
    step = (len(examples) - 1) / max(count - 1, 1)
    return [examples[round(number * step)] for number in range(count)]
