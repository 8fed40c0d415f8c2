"""The Consensus page: how far the experts agree, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.closing import close_all
from napari_mcn.controllers.consensus_controller import ConsensusController
from napari_mcn.panels.consensus_panel import ConsensusPanel

if TYPE_CHECKING:
    from napari_mcn.steps.place import Place


class ExpertsStep:
    """The Consensus page and its controllers."""

    def __init__(self, place: Place) -> None:
        self.panel = ConsensusPanel()
        self.consensus = ConsensusController(self.panel, place.session)

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front."""

    def close(self) -> None:
        """Let go of the session."""
        close_all([self.consensus])
