"""The Label page: one crystal after the other, by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.closing import close_all
from napari_mcn.controllers.label_controller import LabelController
from napari_mcn.panels.label_panel import LabelPanel

if TYPE_CHECKING:
    from napari_mcn.steps.place import Place


class LabellingStep:
    """The Label page and its controllers."""

    def __init__(self, place: Place) -> None:
        self.panel = LabelPanel()
        self.label = LabelController(self.panel, place.session, place.canvas)

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front."""

    def close(self) -> None:
        """Let go of the session."""
        close_all([self.label])
