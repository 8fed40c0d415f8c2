"""The Consensus page: how far the experts agree, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_mcn.background import Background
from napari_mcn.closing import close_all
from napari_mcn.controllers.adjudication_controller import AdjudicationController
from napari_mcn.controllers.agreement_controller import AgreementController
from napari_mcn.controllers.consensus_controller import ConsensusController
from napari_mcn.controllers.rounds_controller import RoundsController
from napari_mcn.disputes import Disputes
from napari_mcn.panels.agreement_panel import AgreementPanel
from napari_mcn.panels.consensus_panel import ConsensusPanel
from napari_mcn.panels.pages import Pages
from napari_mcn.panels.rounds_panel import RoundsPanel
from napari_mcn.slices import Slices

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
        self._add_rounds(place)

    def _add_disputes(self, place: Place) -> None:
        self.disputes = ConsensusPanel()
        self.panel.add_page(
            "Disputes", self.disputes, "Crystals on which the experts differ, to be decided."
        )
        session, disputes = place.session, Disputes()
        slices = Slices(place.busy.task())
        self.consensus = ConsensusController(self.disputes, session, disputes, slices)
        self.adjudication = AdjudicationController(self.disputes, session, place.canvas, disputes)
        self.disputes.gallery_button.clicked.connect(lambda: self._show_gallery(place))

    def _add_agreement(self, place: Place) -> None:
        panel = AgreementPanel()
        self.panel.add_page("Agreement", panel, "How far the experts agree, in figures.")
        self.agreement = AgreementController(
            panel,
            place.session,
            Background(),
            dialogs=place.dialogs,
            owner=place.owner,
            slices=Slices(place.busy.task()),
            open_gallery=place.open_gallery,
        )

    def _add_rounds(self, place: Place) -> None:
        self.rounds_panel = RoundsPanel()
        self.panel.add_page(
            "Rounds", self.rounds_panel, "Who labels which micrographs blind, and how far they are."
        )
        self.rounds = RoundsController(
            self.rounds_panel, place.session, self._show_disputes, Slices(place.busy.task())
        )

    def _show_gallery(self, place: Place) -> None:
        place.open_gallery("Disputed by the experts", self.consensus.waiting)

    def _show_disputes(self) -> None:
        self.panel.show_page("Disputes")
        self._tell_pages()

    def activate(self, active: bool) -> None:
        """Learn whether the page is in front."""
        self._active = active
        self._tell_pages()

    def _tell_pages(self) -> None:
        """Tell the controllers whether their sub-page is in front."""
        self.adjudication.activate(self._active and self.panel.page == "Disputes")
        self.agreement.activate(self._active and self.panel.page == "Agreement")
        self.rounds.activate(self._active and self.panel.page == "Rounds")

    def close(self) -> None:
        """Let go of the session."""
        close_all([self.rounds, self.agreement, self.adjudication, self.consensus])
