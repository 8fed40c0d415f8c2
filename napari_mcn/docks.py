"""Assembles the workbench: the only place that knows every panel, controller and engine."""

from __future__ import annotations

from collections.abc import Sequence

from napari.viewer import Viewer
from qtpy.QtCore import QEvent, Qt
from qtpy.QtWidgets import QApplication

from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.engines.client import EngineClient
from microcrystalnet.engines.segmentation import SegmentationEngine
from napari_mcn.actions import actions_of, why
from napari_mcn.busy import Busy
from napari_mcn.closing import Closable, close_all
from napari_mcn.controllers.canvas_controller import CanvasController
from napari_mcn.controllers.save_controller import SaveController
from napari_mcn.dialogs import Dialogs, SystemDialogs
from napari_mcn.keyboard import Keyboard
from napari_mcn.keymap import cheat_sheet
from napari_mcn.layers.canvas import Canvas
from napari_mcn.layers.roles import unwrapped
from napari_mcn.notify import refuse
from napari_mcn.panels.cheat_sheet import CheatSheet
from napari_mcn.panels.workbench import Workbench
from napari_mcn.preferences import Preferences
from napari_mcn.session import Session
from napari_mcn.steps.experts import ExpertsStep
from napari_mcn.steps.explaining import ExplainingStep
from napari_mcn.steps.labelling import LabellingStep
from napari_mcn.steps.measuring import MeasuringStep
from napari_mcn.steps.models import ModelStep
from napari_mcn.steps.outlining import OutliningStep
from napari_mcn.steps.place import Place, Step
from napari_mcn.steps.projects import ProjectStep
from napari_mcn.steps.reviewing import ReviewingStep

HINTS = {
    "Project": "Projects, micrographs, their scale, and exchange with others.",
    "Segment": "Outline crystals.",
    "Label": "Name crystals, and say what the classes are.",
    "Consensus": "Settle disputes, measure agreement, plan rounds.",
    "Model": "Train a classifier, judge it, and let it name crystals.",
    "Review": "See where the classifier errs.",
    "Explain": "See why the classifier names a crystal so.",
    "Measure": "Sizes, statistics, figures and export.",
}


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
        self.session.troubled.connect(refuse)
        self.canvas = Canvas(unwrapped(napari_viewer))
        self._dialogs = dialogs or SystemDialogs(self)
        self._preferences = preferences or Preferences()
        self._add_engines()
        # First the canvas: the other controllers read the layers it makes.
        self.canvas_controller = CanvasController(self.canvas, self.session)
        self._add_steps()
        self.save = SaveController(self, self.session, self)
        self._add_key_list()
        self._add_keys()
        self._close_with_window()

    def _add_engines(self) -> None:
        self.segmentation = SegmentationEngine(EngineClient("segmentation"))
        self.classifier = EngineClient("classifier")

    def _add_steps(self) -> None:
        place = Place(
            session=self.session,
            canvas=self.canvas,
            busy=Busy(self),
            dialogs=self._dialogs,
            preferences=self._preferences,
            segmentation=self.segmentation,
            classifier=self.classifier,
            owner=self,
            go_to=self.go_to,
            open_gallery=self.open_gallery,
        )
        self.projects, self.outlining = ProjectStep(place), OutliningStep(place)
        self.labelling, self.experts = LabellingStep(place), ExpertsStep(place)
        self.models, self.explaining = ModelStep(place), ExplainingStep(place)
        self.reviewing = ReviewingStep(
            place,
            self.labelling.remarks,
            why=lambda: why(self),
            show_classes=self.models.review.show_class_map,
        )
        self.measuring = MeasuringStep(place)
        self._steps: dict[str, Step] = {
            "Project": self.projects,
            "Segment": self.outlining,
            "Label": self.labelling,
            "Consensus": self.experts,
            "Model": self.models,
            "Review": self.reviewing,
            "Explain": self.explaining,
            "Measure": self.measuring,
        }
        for name, step in self._steps.items():
            self.add_step(name, step.panel, HINTS[name])
        self.step_chosen.connect(self._on_step)

    def _add_key_list(self) -> None:
        self._sheet = CheatSheet(self)
        self._sheet.setWindowFlag(Qt.WindowType.Window)
        self.keys_requested.connect(self.show_keys)

    def _add_keys(self) -> None:
        canvas, prompt = self.canvas, self.outlining.prompt
        holds = {
            "hide": (canvas.hide_overlays, canvas.show_overlays),
            "erase": (lambda: prompt.set_sign(False), lambda: prompt.set_sign(True)),
        }
        self._keyboard = Keyboard(canvas.viewer, self, actions_of(self), holds)

    def go_to(self, step: str) -> None:
        """Bring a page to the front, as a click on its tab does."""
        self.show_step(step)
        self._on_step(step)

    def open_gallery(self, title: str, crystal_ids: Sequence[str]) -> None:
        """Show the crystals behind a figure on the Review page."""
        self.reviewing.open_gallery(title, crystal_ids)

    def show_keys(self) -> None:
        """Show what every key does, or put that list away."""
        if self._sheet.isVisible():
            self._sheet.close()
            return
        store = self.session.store
        self._sheet.set_keys(cheat_sheet(FOUR_CLASSES if store is None else store.state.scheme))
        self._sheet.show()

    def _on_step(self, step: str) -> None:
        for name, each in self._steps.items():
            each.activate(name == step)

    def _close_with_window(self) -> None:
        self._parts: list[Closable] = [
            self._keyboard,
            self.save,
            *reversed(self._steps.values()),
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
