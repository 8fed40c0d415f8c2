"""The Project page: opening, creating, micrographs in and out, who labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.engines.client import EngineClient
from napari_mcn.background import Background
from napari_mcn.closing import close_all
from napari_mcn.controllers.exchange_controller import ExchangeController
from napari_mcn.controllers.intake_controller import IntakeController
from napari_mcn.controllers.label_import_controller import LabelImportController
from napari_mcn.controllers.project_controller import ProjectController
from napari_mcn.controllers.reading_controller import ReadingController
from napari_mcn.controllers.scale_controller import ScaleController
from napari_mcn.controllers.sitting_controller import SittingController
from napari_mcn.panels.exchange_panel import ExchangePanel
from napari_mcn.panels.label_import_panel import LabelImportPanel
from napari_mcn.panels.pages import Pages
from napari_mcn.panels.project_panel import ProjectPanel
from napari_mcn.panels.scale_page import ScalePage
from napari_mcn.samples import sample_copy
from napari_mcn.slices import Slices

if TYPE_CHECKING:
    from napari_mcn.steps.place import Place


class ProjectStep:
    """The Project page and its controllers."""

    def __init__(self, place: Place) -> None:
        self.panel = Pages(columns=2)
        self.sitting = SittingController(place.session, place.preferences)
        self.overview = ProjectPanel()
        self.panel.add_page("Micrographs", self.overview, "Open a project and its micrographs.")
        self.project = ProjectController(
            self.overview,
            place.session,
            dialogs=place.dialogs,
            preferences=place.preferences,
            copy_sample=sample_copy,
        )
        self.intake = IntakeController(
            self.overview,
            place.session,
            place.canvas,
            dialogs=place.dialogs,
            open_project=self.project.open,
            owner=place.owner,
            slices=Slices(place.busy.task()),
        )
        self.scale_page = ScalePage()
        self.panel.add_page(
            "Scale", self.scale_page, "Pixel size, tilt, and the part that is analysed."
        )
        self.scale = ScaleController(self.scale_page, place.session, place.canvas)
        self.reading = ReadingController(self.scale_page, place.session, place.dialogs)
        self.panel.page_chosen.connect(lambda _name: self.scale.put_away())
        self._add_label_import(place)
        self._add_exchange(place)

    def _add_label_import(self, place: Place) -> None:
        self.label_import_panel = LabelImportPanel()
        self.panel.add_page(
            "Import labels", self.label_import_panel, "Bring in labels from spreadsheets."
        )
        self.label_import = LabelImportController(
            self.label_import_panel,
            place.session,
            EngineClient("label_tables"),
            dialogs=place.dialogs,
            busy=place.busy,
            owner=place.owner,
        )

    def _add_exchange(self, place: Place) -> None:
        self.exchange_panel = ExchangePanel()
        self.panel.add_page(
            "Exchange",
            self.exchange_panel,
            "Send your labels, bring in those of others, check the project.",
        )
        self.exchange = ExchangeController(
            self.exchange_panel,
            place.session,
            Background(),
            dialogs=place.dialogs,
            busy=place.busy,
            owner=place.owner,
        )

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front."""
        self.project.activate(active)
        if not active:
            self.scale.put_away()

    def close(self) -> None:
        """Let go of the session."""
        first = [self.exchange, self.label_import, self.reading, self.scale]
        close_all([*first, self.intake, self.project, self.sitting])
