"""The Measure page: sizes, shapes, and what leaves the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.closing import close_all
from napari_mcn.controllers.measure_controller import MeasureController
from napari_mcn.panels.measure_panel import MeasurePanel

if TYPE_CHECKING:
    from napari_mcn.steps.place import Place


class MeasuringStep:
    """The Measure page and its controllers."""

    def __init__(self, place: Place) -> None:
        self.panel = MeasurePanel()
        self.measure = MeasureController(self.panel, place.session, place.canvas, place.dialogs)

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front."""
        self.measure.activate(active)

    def close(self) -> None:
        """Let go of the session and the viewer."""
        close_all([self.measure])
