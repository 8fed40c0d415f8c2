"""The Review page: the crystals behind every figure, the maps, and where the network errs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.closing import close_all
from napari_mcn.controllers.errors_controller import ErrorsController
from napari_mcn.controllers.figures_controller import FiguresController
from napari_mcn.controllers.gallery_controller import GalleryController
from napari_mcn.controllers.maps_controller import MapsController
from napari_mcn.gallery_answers import GalleryAnswers
from napari_mcn.gallery_opening import GalleryOpening
from napari_mcn.panels.errors_page import ErrorsPage
from napari_mcn.panels.gallery_page import GalleryPage
from napari_mcn.panels.maps_page import MapsPage
from napari_mcn.panels.pages import Pages, scrolled
from napari_mcn.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from napari_mcn.remarks import Remarks
    from napari_mcn.steps.place import Place

GALLERY, MAPS, ERRORS = "Gallery", "Maps", "Errors"


class ReviewingStep:
    """The Review page, its sub-pages and their controllers."""

    def __init__(
        self,
        place: Place,
        remarks: Remarks,
        *,
        why: Callable[[], None],
        show_classes: Callable[[bool], None],
    ) -> None:
        self.panel, self._place = Pages(columns=3), place
        self.page, self.maps_page, self.errors_page = GalleryPage(), MapsPage(), ErrorsPage()
        self.panel.add_page(
            GALLERY, self.page, "Crystals beside each other, with what was said of them."
        )
        self.panel.add_page(
            MAPS, scrolled(self.maps_page), "Errors on the micrograph, and figures."
        )
        self.panel.add_page(
            ERRORS, scrolled(self.errors_page), "Whether it errs where the experts disagreed."
        )
        self.panel.page_chosen.connect(lambda _page: self._tell_pages())
        self._active = False
        self._add_gallery(remarks, why)
        self.maps = MapsController(
            self.maps_page,
            place.session,
            place.canvas,
            busy=place.busy,
            show_classes=show_classes,
            open_gallery=self.open_gallery,
        )
        self.errors = ErrorsController(
            self.errors_page, place.session, self.open_gallery, Slices(place.busy.task())
        )
        self.figures = FiguresController(
            self.maps_page,
            place.session,
            dialogs=place.dialogs,
            busy=place.busy,
            owner=place.owner,
        )

    def _add_gallery(self, remarks: Remarks, why: Callable[[], None]) -> None:
        session, canvas = self._place.session, self._place.canvas
        looking = Slices(self._place.busy.task())
        self.gallery = GalleryController(self.page, session, canvas, self._place.owner, looking)
        self.answers = GalleryAnswers(session, canvas, remarks, lambda: self.gallery.chosen)
        self.page.answers.class_chosen.connect(self.answers.choose_class)
        self.page.answers.unclear_chosen.connect(self.answers.choose_unclear)
        self.page.answers.discard_chosen.connect(self.answers.discard)
        self.page.why_requested.connect(why)
        reading = Slices(self._place.busy.task())
        self.opening = GalleryOpening(session, reading, self.gallery.opening, self._lead_to_gallery)
        self.page.errors_requested.connect(self.opening.open_errors)

    def open_gallery(self, title: str, crystal_ids: Sequence[str]) -> None:
        """Show crystals in the gallery, and bring it to the front."""
        self.opening.open(title, crystal_ids)

    def _lead_to_gallery(self) -> None:
        self.panel.show_page(GALLERY)
        self._place.go_to("Review")
        self._tell_pages()
        self.page.plate.setFocus()

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front."""
        self._active = active
        self._tell_pages()

    def close(self) -> None:
        """Let go of the session, the engine and the window of maps."""
        close_all([self.opening, self.figures, self.errors, self.maps, self.gallery])

    def _tell_pages(self) -> None:
        self.gallery.activate(self._active and self.panel.page == GALLERY)
        self.maps.activate(self._active and self.panel.page == MAPS)
        self.errors.activate(self._active and self.panel.page == ERRORS)
