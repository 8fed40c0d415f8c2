"""The Measure page: sizes, shapes, and what leaves the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtWidgets import QVBoxLayout, QWidget

from microcrystalnet.engines.client import EngineClient
from microcrystalnet.report.figure_registry import MEASURED
from microcrystalnet.statistics.population import LENGTHS
from napari_mcn.background import Background
from napari_mcn.census import Census
from napari_mcn.closing import close_all
from napari_mcn.controllers.choice_controller import ChoiceController
from napari_mcn.controllers.export_controller import ExportController
from napari_mcn.controllers.measure_controller import MeasureController
from napari_mcn.controllers.measured_figures_controller import MeasuredFiguresController
from napari_mcn.controllers.samples_controller import SamplesController
from napari_mcn.controllers.statistics_controller import StatisticsController
from napari_mcn.panels.choice_section import ChoiceSection
from napari_mcn.panels.export_panel import ExportPanel
from napari_mcn.panels.figures_page import FiguresPage
from napari_mcn.panels.measure_panel import MeasurePanel
from napari_mcn.panels.pages import Pages
from napari_mcn.panels.samples_page import SamplesPage
from napari_mcn.panels.statistics_page import StatisticsPage

if TYPE_CHECKING:
    from napari_mcn.steps.place import Place

COUNTING = ("Table", "Statistics", "Figures")  # the sub-pages that the choice of crystals is for


class MeasuringStep:
    """The Measure page, its sub-pages and their controllers."""

    def __init__(self, place: Place) -> None:
        self.panel, self.pages = QWidget(), Pages(columns=3)
        self.choice, self._active = ChoiceSection(), False
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages, 1)
        self.pages.insert_above(self.choice)
        self.pages.page_chosen.connect(lambda _page: self._tell_pages())
        self.census = Census(place.session)
        self.choosing = ChoiceController(self.choice, place.session, self.census)
        self._add_table(place)
        self._add_statistics(place)
        self._add_figures(place)
        self._add_samples(place)
        self._add_export(place)

    def _add_table(self, place: Place) -> None:
        self.table = MeasurePanel()
        self.pages.add_page("Table", self.table, "A row for each crystal.")
        self.measure = MeasureController(
            self.table,
            place.session,
            self.census,
            Background(newest_only=False),
            dialogs=place.dialogs,
            owner=place.owner,
        )

    def _add_statistics(self, place: Place) -> None:
        self.statistics_page = StatisticsPage(LENGTHS)
        self.pages.add_page(
            "Statistics", self.statistics_page, "Sizes and abundance of each class."
        )
        self.statistics = StatisticsController(
            self.statistics_page,
            place.session,
            self.census,
            Background(),
            dialogs=place.dialogs,
            owner=place.owner,
        )

    def _add_figures(self, place: Place) -> None:
        self.figures_page = FiguresPage({name: kind.title for name, kind in MEASURED.items()})
        self.pages.add_page("Figures", self.figures_page, "Figures with the numbers behind them.")
        self.figures = MeasuredFiguresController(
            self.figures_page,
            place.session,
            self.census,
            Background(),
            saving=Background(newest_only=False),
            dialogs=place.dialogs,
            owner=place.owner,
        )

    def _add_samples(self, place: Place) -> None:
        self.samples_page = SamplesPage()
        self.pages.add_page("Samples", self.samples_page, "Where each micrograph comes from.")
        self.samples = SamplesController(self.samples_page, place.session, place.dialogs)

    def _add_export(self, place: Place) -> None:
        self.export_panel = ExportPanel()
        self.pages.add_page(
            "Export",
            self.export_panel,
            "Tables, outlines and pictures for other programs; the report.",
        )
        self.export = ExportController(
            self.export_panel,
            place.session,
            EngineClient("publisher"),
            dialogs=place.dialogs,
            busy=place.busy,
            owner=place.owner,
        )

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front."""
        self._active = active
        self._tell_pages()

    def _tell_pages(self) -> None:
        """Tell the controllers whether their sub-page is in front."""
        front = self.pages.page if self._active else ""
        self.choice.setVisible(self.pages.page in COUNTING)
        self.census.activate(front in COUNTING)
        self.measure.activate(front == "Table")
        self.statistics.activate(front == "Statistics")
        self.figures.activate(front == "Figures")

    def close(self) -> None:
        """Let go of the session and the viewer."""
        parts = [self.export, self.samples, self.figures, self.statistics, self.measure]
        close_all([*parts, self.choosing, self.census])
