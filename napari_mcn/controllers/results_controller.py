"""Leads from a model's figures to the crystals behind them, and saves the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psygnal import Signal

from microcrystalnet.errors import ModelError
from microcrystalnet.progress import Progress
from napari_mcn.jobs import listen
from napari_mcn.notify import refusals_told, refuse, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qtpy.QtCore import QObject

    from microcrystalnet.engines.client import EngineClient
    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.report.evaluation_figures import Evaluated
    from napari_mcn.busy import Busy
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.judgement import Judgement
    from napari_mcn.panels.model_panel import ModelPanel
    from napari_mcn.session import Session

BLIND = (
    "These crystals lie on micrographs that you label blind; what the classifier makes of them "
    "stays closed until you seal those on Consensus > Rounds."
)
GONE = "These crystals are not in the project any more."


class ResultsController:
    """The figures of the Results page.

    ``crystals_chosen`` tells ids of crystals and what they are, whenever a dot, a lasso, a bin, a
    bar or a cell of the confusion matrix was chosen.
    """

    crystals_chosen = Signal(list, str)

    def __init__(
        self,
        panel: ModelPanel,
        session: Session,
        judgement: Judgement,
        classifier: EngineClient,
        *,
        dialogs: Dialogs,
        busy: Busy,
        owner: QObject,
        open_gallery: Callable[[str, Sequence[str]], None] | None = None,
    ) -> None:
        self._panel, self._session, self._classifier = panel, session, classifier
        self._open_gallery = open_gallery
        self._judgement, self._dialogs = judgement, dialogs
        self._drawing = busy.task()
        self._job = listen(owner, self._on_drawn, self._on_refused)
        self._walk: tuple[str, ...] = ()
        self._title = ""
        panel.results.crystals_chosen.connect(self.choose)
        panel.results.figure_requested.connect(self.save_figure)
        panel.results.figures_requested.connect(self.save_all)
        panel.cell_chosen.connect(self._on_cell)
        panel.step_requested.connect(self.step)
        session.events.model_id.connect(self._on_model)
        session.events.store.connect(self._on_model)
        session.events.expert.connect(self._on_model)
        self._on_model(None)

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.model_id.disconnect(self._on_model)
        self._session.events.store.disconnect(self._on_model)
        self._session.events.expert.disconnect(self._on_model)

    @refusals_told
    def choose(self, crystal_ids: Sequence[str], title: str) -> None:
        """Show crystals in the gallery, and a single one on its micrograph as well.

        Without a gallery, go to the first; the arrows below the page lead to the others.
        """
        homes = self._judgement.homes(crystal_ids)
        there = tuple(homes)
        if not there:
            raise ModelError(GONE)
        seen = tuple(each for each in there if self._judgement.open_to_see(homes[each], each))
        if not seen:
            raise ModelError(BLIND)
        self._show_chosen(seen, title)
        if self._open_gallery is not None:
            self._open_gallery(title, seen)
        if self._open_gallery is None or len(seen) == 1:
            self._go_to(seen[0])

    @refusals_told
    def step(self, way: int) -> None:
        """Go to the next (1) or the previous (-1) of the chosen crystals."""
        homes = self._judgement.homes(self._walk)
        there = tuple(homes)
        self._walk = tuple(each for each in there if self._judgement.open_to_see(homes[each], each))
        if not self._walk:
            raise ModelError(BLIND if there else GONE)
        current = self._session.crystal_id
        place = self._walk.index(current) + way if current in self._walk else 0
        self._go_to(self._walk[place % len(self._walk)])

    @refusals_told
    def save_figure(self, name: str) -> None:
        """Write one figure where the user says, and its numbers as CSV beside it."""
        evaluated = self._judgement.evaluated()
        if name.startswith("tsne") and evaluated.feature_map is None:
            raise ModelError("The crystals are not laid out yet; wait for the dots, then save.")
        if name == "training_curves" and not evaluated.history:
            raise ModelError("This model was trained elsewhere; its curves are not known.")
        path = self._dialogs.save_as(f"{name}.svg", ".svg", ".pdf", ".png", beside=(".csv",))
        if path is not None:
            if name.startswith("tsne"):
                self._note(evaluated)
            self._draw("draw_figure", {"path": path, "name": name, "evaluated": evaluated})

    @refusals_told
    def save_all(self) -> None:
        """Write every figure into a folder."""
        evaluated = self._judgement.evaluated()
        folder = self._dialogs.save_as("figures")
        if folder is not None:
            self._note(evaluated)
            self._draw("draw_figures", {"folder": folder, "evaluated": evaluated})

    def _go_to(self, crystal_id: str) -> None:
        self._session.go_to(self._judgement.homes([crystal_id])[crystal_id], crystal_id)
        count = len(self._walk)
        if count > 1:
            place = self._walk.index(crystal_id) + 1
            self._panel.set_chosen(f"{self._title}: {place} of {count}", count)

    def _show_chosen(self, crystal_ids: tuple[str, ...], title: str) -> None:
        self._walk, self._title = crystal_ids, title
        self._panel.set_chosen(title, len(crystal_ids))
        self._panel.results.dots.set_chosen(crystal_ids)
        self.crystals_chosen.emit(list(crystal_ids), title)

    def _on_cell(self, truth: str, predicted: str) -> None:
        """Tell of a cell's crystals; whoever shows the matrix goes to the first of them."""
        judged = self._judgement.judged
        if judged is None:
            return
        homes = self._judgement.homes(judged.named(judged.which(truth, predicted)))
        seen = tuple(each for each in homes if self._judgement.open_to_see(homes[each], each))
        if seen:
            self._show_chosen(
                seen, f"{truth} to the experts when judged, {predicted} to the network"
            )

    def _on_model(self, _value: object) -> None:
        self._judgement.read()
        self._walk = ()
        self._panel.set_chosen("", 0)

    def _note(self, evaluated: Evaluated) -> None:
        """Note that the table of the t-SNE tells who was settled, or is predicted, as what."""
        if evaluated.feature_map is not None:
            self._session.project.reveal(evaluated.feature_map.crystal_ids)
            self._session.project.tell(evaluated.feature_map.crystal_ids)

    def _draw(self, method: str, arguments: dict[str, object]) -> None:
        request = self._classifier.request(method, arguments, self._job)
        self._drawing.start(Progress(0, 0, "Drawing"), lambda: self._cancel(request))

    def _cancel(self, request: int) -> bool:
        if not self._classifier.cancel(request):
            return False
        tell("Drawing was cancelled; what was written by then stays.")
        return True

    def _on_drawn(self, path: object) -> None:
        self._drawing.end()
        tell(f"Saved as {path}, with the numbers as CSV beside it.")

    def _on_refused(self, error: MicroCrystalError) -> None:
        self._drawing.end()
        refuse(error)
