"""The Measure page: sizes, shapes, and what leaves the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.engines.client import EngineClient
from napari_mcn.closing import close_all
from napari_mcn.controllers.export_controller import ExportController
from napari_mcn.controllers.measure_controller import MeasureController
from napari_mcn.panels.export_panel import ExportPanel
from napari_mcn.panels.measure_panel import MeasurePanel
from napari_mcn.panels.pages import Pages

if TYPE_CHECKING:
    from napari_mcn.steps.place import Place


class MeasuringStep:
    """The Measure page, its sub-pages and their controllers."""

    def __init__(self, place: Place) -> None:
        self.panel = Pages(columns=3)
        self._active = False
        self.panel.page_chosen.connect(lambda _page: self._tell_pages())
        self._add_table(place)
        self._add_export(place)

    def _add_table(self, place: Place) -> None:
        self.table = MeasurePanel()
        self.panel.add_page("Table", self.table)
        self.measure = MeasureController(self.table, place.session, place.canvas, place.dialogs)

    def _add_export(self, place: Place) -> None:
        self.export_panel = ExportPanel()
        self.panel.add_page("Export", self.export_panel)
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
        self.measure.activate(self._active and self.panel.page == "Table")

    def close(self) -> None:
        """Let go of the session and the viewer."""
        close_all([self.export, self.measure])
