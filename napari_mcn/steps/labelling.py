"""The Label page: one crystal after the other, by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.closing import close_all
from napari_mcn.controllers.atlas_controller import AtlasController
from napari_mcn.controllers.label_controller import LabelController
from napari_mcn.controllers.plate_controller import PlateController
from napari_mcn.controllers.remark_controller import RemarkController
from napari_mcn.controllers.scheme_controller import SchemeController
from napari_mcn.panels.atlas_page import AtlasPage
from napari_mcn.panels.label_panel import LabelPanel
from napari_mcn.panels.pages import Pages, scrolled
from napari_mcn.panels.plate_page import PlatePage
from napari_mcn.panels.scheme_page import SchemePage
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
        self.panel.add_page("Crystal", scrolled(self.naming), "Name one crystal after the other.")
        self.panel.add_page("Plate", self.many, "Name many crystals at once.")
        self.remarks = Remarks()
        self._add_answers(place, self.remarks)
        self._add_classes(place)

    def _add_classes(self, place: Place) -> None:
        self.atlas_page, self.scheme_page = AtlasPage(), SchemePage()
        self.panel.add_page("Atlas", scrolled(self.atlas_page), "Examples of each class.")
        self.panel.add_page(
            "Classes", scrolled(self.scheme_page), "Add, change and retire classes."
        )
        self.atlas = AtlasController(self.atlas_page, place.session)
        self.scheme = SchemeController(self.scheme_page, place.session, place.dialogs)

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
        close_all([self.scheme, self.atlas, self.remark, self.label, self.plate])

    def _show_crystal(self, place: Place) -> None:
        place.go_to("Label")
        self.panel.show_page("Crystal")
        self._tell_pages()

    def _tell_pages(self) -> None:
        """Tell the controllers whether their sub-page is in front."""
        self.plate.activate(self._active and self.panel.page == "Plate")
        self.atlas.activate(self._active and self.panel.page == "Atlas")
