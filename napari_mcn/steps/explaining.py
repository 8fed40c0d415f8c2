"""The Explain page: why the classifier calls a crystal what it does, and whether to trust it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.engines.client import EngineClient
from napari_mcn.closing import close_all
from napari_mcn.controllers.all_crystals_controller import AllCrystalsController
from napari_mcn.controllers.exhibit_controller import ExhibitController
from napari_mcn.controllers.explain_controller import ExplainController
from napari_mcn.controllers.layers_controller import LayersController
from napari_mcn.controllers.trust_controller import TrustController
from napari_mcn.exhibit import Exhibit
from napari_mcn.inquiry import Inquiry
from napari_mcn.panels.explain_panel import LAYERS, WHY, ExplainPanel

if TYPE_CHECKING:
    from napari_mcn.steps.place import Place


class ExplainingStep:
    """The Explain page, its controllers, and the engine that explains."""

    def __init__(self, place: Place) -> None:
        self.panel, self._engine = ExplainPanel(), EngineClient("explainer")
        self.exhibit, self.inquiry = Exhibit(place.canvas), Inquiry()
        shared = self.panel, place.session
        work = {"busy": place.busy, "owner": place.owner}
        self.shown = ExhibitController(
            *shared, place.canvas, self.exhibit, self._engine, dialogs=place.dialogs, **work
        )
        self.explain = ExplainController(*shared, self.exhibit, self.inquiry, self._engine, **work)
        self.everywhere = AllCrystalsController(
            *shared, self.exhibit, self.inquiry, self._engine, **work
        )
        self.layers = LayersController(*shared, self.exhibit, self._engine, **work)
        self.trust = TrustController(*shared, self.inquiry, self._engine, **work)
        self._active = False
        self.panel.pages.page_chosen.connect(self._on_page)

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front."""
        self._active = active
        self._on_page(self.panel.pages.page)

    def show_why(self) -> None:
        """Bring the Why page to the front, as a click on its button does."""
        self.panel.pages.show_page(WHY)
        self._on_page(WHY)

    def _on_page(self, page: str) -> None:
        layers = self._active and page == LAYERS
        why = self._active and page != LAYERS
        parts = [(self.layers, layers), (self.everywhere, why), (self.explain, why)]
        for part, active in sorted(parts, key=lambda pair: pair[1]):
            part.activate(active)  # what is left first, as it takes its map away

    def close(self) -> None:
        """Let go of the session, the viewer and the engine."""
        close_all(
            [self.trust, self.layers, self.everywhere, self.explain, self.shown, self._engine]
        )
