"""The Label page: one crystal after the other, by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.closing import close_all
from napari_mcn.controllers.label_controller import LabelController
from napari_mcn.controllers.remark_controller import RemarkController
from napari_mcn.panels.label_panel import LabelPanel
from napari_mcn.panels.pages import Pages
from napari_mcn.remarks import Remarks

if TYPE_CHECKING:
    from napari_mcn.steps.place import Place


class LabellingStep:
    """The Label page and its controllers."""

    def __init__(self, place: Place) -> None:
        self.panel = Pages(columns=4)
        self.naming = LabelPanel()
        self.panel.add_page("One by one", self.naming)
        remarks = Remarks()
        self.label = LabelController(self.naming, place.session, place.canvas, remarks)
        self.remark = RemarkController(
            self.naming.remarks,
            place.session,
            place.canvas,
            remarks=remarks,
            show_page=lambda: self._come_forward(place),
        )

    def _come_forward(self, place: Place) -> None:
        place.go_to("Label")
        self.panel.show_page("One by one")

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front."""

    def close(self) -> None:
        """Let go of the session."""
        close_all([self.remark, self.label])
