"""The Consensus page: how far the experts agree, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.background import Background
from napari_mcn.closing import close_all
from napari_mcn.controllers.agreement_controller import AgreementController
from napari_mcn.controllers.consensus_controller import ConsensusController
from napari_mcn.panels.agreement_panel import AgreementPanel
from napari_mcn.panels.consensus_panel import ConsensusPanel
from napari_mcn.panels.pages import Pages

if TYPE_CHECKING:
    from napari_mcn.steps.place import Place


class ExpertsStep:
    """The Consensus page, its sub-pages and their controllers."""

    def __init__(self, place: Place) -> None:
        self.panel = Pages(columns=3)
        self._active = False
        self.panel.page_chosen.connect(lambda _page: self._tell_pages())
        self._add_disputes(place)
        self._add_agreement(place)

    def _add_disputes(self, place: Place) -> None:
        self.disputes = ConsensusPanel()
        self.panel.add_page("Disputes", self.disputes)
        self.consensus = ConsensusController(self.disputes, place.session)

    def _add_agreement(self, place: Place) -> None:
        panel = AgreementPanel()
        self.panel.add_page("Agreement", panel)
        self.agreement = AgreementController(
            panel, place.session, Background(), dialogs=place.dialogs, owner=place.owner
        )

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front."""
        self._active = active
        self._tell_pages()

    def _tell_pages(self) -> None:
        """Tell the controllers whether their sub-page is in front."""
        self.agreement.activate(self._active and self.panel.page == "Agreement")

    def close(self) -> None:
        """Let go of the session."""
        close_all([self.agreement, self.consensus])
