"""The Label page: one crystal after the other, by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.closing import close_all
from napari_mcn.controllers.label_controller import LabelController
from napari_mcn.controllers.plate_controller import PlateController
from napari_mcn.controllers.remark_controller import RemarkController
from napari_mcn.panels.label_panel import LabelPanel
from napari_mcn.panels.pages import Pages
from napari_mcn.panels.plate_page import PlatePage
from napari_mcn.remarks import Remarks

if TYPE_CHECKING:
    from napari_mcn.steps.place import Place


class LabellingStep:
    """The Label page, its sub-pages and their controllers."""

    def __init__(self, place: Place) -> None:
        self.panel = Pages(columns=4)
        self.panel.page_chosen.connect(lambda _page: self._tell_pages())
        self._active = False
        self.naming, self.many = LabelPanel(), PlatePage()
        self.panel.add_page("Crystal", self.naming)
        self.panel.add_page("Plate", self.many)
        self._add_answers(place, Remarks())

    def _add_answers(self, place: Place, remarks: Remarks) -> None:
        session, canvas = place.session, place.canvas
        self.plate = PlateController(self.many, session, canvas, remarks)
        self.label = LabelController(self.naming, session, canvas, remarks, self.plate)
        self.remark = RemarkController(
            self.naming.remarks,
            session,
            canvas,
            remarks=remarks,
            show_page=lambda: self._show_crystal(place),
            several=lambda: self.plate.selected,
        )

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front."""
        self._active = active
        self._tell_pages()

    def close(self) -> None:
        """Let go of the session."""
        close_all([self.remark, self.label, self.plate])

    def _show_crystal(self, place: Place) -> None:
        place.go_to("Label")
        self.panel.show_page("Crystal")
        self._tell_pages()

    def _tell_pages(self) -> None:
        """Tell the controllers whether their sub-page is in front."""
        self.plate.activate(self._active and self.panel.page == "Plate")
