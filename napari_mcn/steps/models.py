"""The Model page: training, results, prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.closing import close_all
from napari_mcn.controllers.model_controller import ModelController
from napari_mcn.controllers.review_controller import ReviewController
from napari_mcn.panels.model_panel import ModelPanel

if TYPE_CHECKING:
    from napari_mcn.steps.place import Place


class ModelStep:
    """The Model page and its controllers."""

    def __init__(self, place: Place) -> None:
        self.panel = ModelPanel()
        self.model = ModelController(
            self.panel, place.session, place.classifier, busy=place.busy, owner=place.owner
        )
        self.review = ReviewController(self.panel, place.session, place.canvas, place.open_gallery)

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front."""

    def close(self) -> None:
        """Let go of the session, the viewer and the engine."""
        close_all([self.review, self.model])
