"""Assembles the workbench: the only place that knows every panel, controller and engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari.viewer import Viewer
from qtpy.QtCore import QEvent, Qt
from qtpy.QtWidgets import QApplication

from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.engines.ahead import LookAhead
from microcrystalnet.engines.client import EngineClient
from microcrystalnet.engines.segmentation import SegmentationEngine
from napari_mcn.actions import actions_of
from napari_mcn.closing import Closable, close_all
from napari_mcn.controllers.ahead_controller import AheadController
from napari_mcn.controllers.busy import Busy
from napari_mcn.controllers.canvas_controller import CanvasController
from napari_mcn.controllers.compare_controller import CompareController
from napari_mcn.controllers.consensus_controller import ConsensusController
from napari_mcn.controllers.correct_controller import CorrectController
from napari_mcn.controllers.everything_controller import EverythingController
from napari_mcn.controllers.explain_controller import ExplainController
from napari_mcn.controllers.finetune_controller import FinetuneController
from napari_mcn.controllers.hover_controller import HoverController
from napari_mcn.controllers.intake_controller import IntakeController
from napari_mcn.controllers.label_controller import LabelController
from napari_mcn.controllers.measure_controller import MeasureController
from napari_mcn.controllers.model_controller import ModelController
from napari_mcn.controllers.project_controller import ProjectController
from napari_mcn.controllers.prompt_controller import PromptController
from napari_mcn.controllers.reshape_controller import ReshapeController
from napari_mcn.controllers.review_controller import ReviewController
from napari_mcn.controllers.save_controller import SaveController
from napari_mcn.controllers.segment_controller import SegmentController
from napari_mcn.controllers.weights_controller import WeightsController
from napari_mcn.dialogs import Dialogs, SystemDialogs
from napari_mcn.keyboard import Keyboard
from napari_mcn.keymap import cheat_sheet
from napari_mcn.layers.canvas import Canvas
from napari_mcn.layers.roles import unwrapped
from napari_mcn.panels.cheat_sheet import CheatSheet
from napari_mcn.panels.consensus_panel import ConsensusPanel
from napari_mcn.panels.explain_panel import ExplainPanel
from napari_mcn.panels.label_panel import LabelPanel
from napari_mcn.panels.measure_panel import MeasurePanel
from napari_mcn.panels.model_panel import ModelPanel
from napari_mcn.panels.project_panel import ProjectPanel
from napari_mcn.panels.segment_panel import SegmentPanel
from napari_mcn.panels.workbench import Workbench
from napari_mcn.preferences import Preferences
from napari_mcn.samples import sample_copy
from napari_mcn.session import Session

if TYPE_CHECKING:
    pass


class MicrocrystalDock(Workbench):
    """The dock widget: one column with a page for every step.

    Parameters
    ----------
    napari_viewer
        The viewer to work in; napari passes it.
    dialogs, preferences
        What asks the user and what remembers; tests bring their own.
    """

    def __init__(
        self,
        napari_viewer: Viewer,
        dialogs: Dialogs | None = None,
        preferences: Preferences | None = None,
    ) -> None:
        self._docked = False
        super().__init__()
        self.session = Session()
        self.canvas = Canvas(unwrapped(napari_viewer))
        self._dialogs = dialogs or SystemDialogs(self)
        self._preferences = preferences or Preferences()
        self._add_pages()
        self._add_engines()
        self._add_controllers()
        self._add_keys()
        self._close_with_window()

    def _add_pages(self) -> None:
        self.project_panel, self.segment_panel = ProjectPanel(), SegmentPanel()
        self.label_panel, self.consensus_panel = LabelPanel(), ConsensusPanel()
        self.model_panel, self.explain_panel = ModelPanel(), ExplainPanel()
        self.measure_panel = MeasurePanel()
        self.add_step("Project", self.project_panel)
        self.add_step("Segment", self.segment_panel)
        self.add_step("Label", self.label_panel)
        self.add_step("Consensus", self.consensus_panel)
        self.add_step("Model", self.model_panel)
        self.add_step("Explain", self.explain_panel)
        self.add_step("Measure", self.measure_panel)
        self.step_chosen.connect(self._on_step)
        self.keys_requested.connect(self.show_keys)
        self._sheet = CheatSheet(self)
        self._sheet.setWindowFlag(Qt.WindowType.Window)

    def _add_engines(self) -> None:
        self.segmentation = SegmentationEngine(EngineClient("segmentation"))
        self.classifier = EngineClient("classifier")

    def _add_controllers(self) -> None:
        session, canvas, busy = self.session, self.canvas, Busy(self)
        # First the canvas: the other controllers read the layers it makes.
        self.canvas_controller = CanvasController(canvas, session)
        self.project = ProjectController(
            self.project_panel,
            session,
            dialogs=self._dialogs,
            preferences=self._preferences,
            copy_sample=sample_copy,
        )
        self.intake = IntakeController(
            self.project_panel,
            session,
            canvas,
            dialogs=self._dialogs,
            open_project=self.project.open,
            owner=self,
        )
        self._add_outlining(busy)
        self.label = LabelController(self.label_panel, session, canvas)
        self.consensus = ConsensusController(self.consensus_panel, session)
        self.model = ModelController(
            self.model_panel, session, self.classifier, busy=busy, owner=self
        )
        self.review = ReviewController(self.model_panel, session, canvas)
        self.explain = ExplainController(
            self.explain_panel, session, canvas, self.classifier, busy=busy, owner=self
        )
        self.measure = MeasureController(self.measure_panel, session, canvas, self._dialogs)
        self.save = SaveController(self, session, self)

    def _add_outlining(self, busy: Busy) -> None:
        panel, session, canvas = self.segment_panel, self.session, self.canvas
        self.ahead = AheadController(session, LookAhead())
        self.segment = SegmentController(
            panel,
            session,
            canvas,
            self.segmentation,
            dialogs=self._dialogs,
            owner=self,
            after_prepared=self.ahead.look,
        )
        self.weights = WeightsController(
            panel.weights, EngineClient("sam_chores"), engines=self.segment, busy=busy, owner=self
        )
        self.finetune = FinetuneController(
            panel.finetuning,
            session,
            EngineClient("sam_chores"),
            use=self.segment.use,
            busy=busy,
            owner=self,
        )
        self.everything = EverythingController(
            panel.everything,
            session,
            canvas,
            self.segmentation,
            prepare=self.segment.prepare,
            busy=busy,
            owner=self,
        )
        self.prompt = PromptController(
            panel, session, canvas, self.segmentation, prepare=self.segment.prepare, owner=self
        )
        self.hover = HoverController(session, canvas, self.segmentation, self)
        self.correct = CorrectController(panel, session, canvas)
        self.compare = CompareController(panel.compare, session, canvas, self._dialogs)
        self.reshape = ReshapeController(panel.correct, session, canvas)
        panel.correct.reopen_requested.connect(self.prompt.reopen)

    def _add_keys(self) -> None:
        canvas, prompt = self.canvas, self.prompt
        holds = {
            "hide": (canvas.hide_overlays, canvas.show_overlays),
            "erase": (lambda: prompt.set_sign(False), lambda: prompt.set_sign(True)),
        }
        self._keyboard = Keyboard(canvas.viewer, self, actions_of(self), holds)

    def go_to(self, step: str) -> None:
        """Bring a page to the front, as a click on its tab does."""
        self.show_step(step)
        self._on_step(step)

    def show_keys(self) -> None:
        """Show what every key does, or put that list away."""
        if self._sheet.isVisible():
            self._sheet.close()
            return
        store = self.session.store
        self._sheet.set_keys(cheat_sheet(FOUR_CLASSES if store is None else store.state.scheme))
        self._sheet.show()

    def _on_step(self, step: str) -> None:
        self.project.activate(step == "Project")
        self.segment.activate(step == "Segment")
        self.everything.activate(step == "Segment")
        self.compare.activate(step == "Segment")
        self.explain.activate(step == "Explain")
        self.measure.activate(step == "Measure")
        if step != "Segment":
            self.prompt.put_away()

    def _close_with_window(self) -> None:
        self._parts: list[Closable] = [
            self._keyboard,
            self.save,
            self.measure,
            self.explain,
            self.review,
            self.model,
            self.consensus,
            self.label,
            self.compare,
            self.reshape,
            self.correct,
            self.hover,
            self.prompt,
            self.finetune,
            self.weights,
            self.everything,
            self.segment,
            self.ahead,
            self.intake,
            self.project,
            self.canvas_controller,
            self.session,
            self.segmentation,
            self.classifier,
        ]
        parts = self._parts  # not `self`: the widget must be free to go
        self.destroyed.connect(lambda: close_all(parts))
        application = QApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close_parts)

    def close_parts(self) -> None:
        """End the engines and write what is pending; doing it twice does no harm."""
        if self._parts:
            self.canvas.close()
        close_all(self._parts)

    def event(self, event: QEvent) -> bool:
        """Close when napari's cross takes the page out of the window; it does not come back."""
        handled = super().event(event)
        if event.type() == QEvent.Type.ParentChange:
            docked = self.parent() is not None
            if self._docked and not docked:
                self.close_parts()
                self.deleteLater()
            self._docked = docked
        return handled
