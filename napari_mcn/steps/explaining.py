"""The Explain page: why the classifier calls a crystal what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.closing import close_all
from napari_mcn.controllers.explain_controller import ExplainController
from napari_mcn.panels.explain_panel import ExplainPanel

if TYPE_CHECKING:
    from napari_mcn.steps.place import Place


class ExplainingStep:
    """The Explain page and its controllers."""

    def __init__(self, place: Place) -> None:
        self.panel = ExplainPanel()
        self.explain = ExplainController(
            self.panel,
            place.session,
            place.canvas,
            place.classifier,
            busy=place.busy,
            owner=place.owner,
        )

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front."""
        self.explain.activate(active)

    def close(self) -> None:
        """Let go of the session, the viewer and the engine."""
        close_all([self.explain])
