"""See how far the experts agree, and go through what they do not agree on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QGridLayout, QWidget

from microcrystalnet.domain.verdict import State
from napari_mcn.panels.button import Button
from napari_mcn.panels.panel import Panel, caption, heading, sentence, stacked
from napari_mcn.panels.row_table import RowTable, TableRow

COLUMNS = ("Crystal", "Votes", "State")
SAID = {
    State.UNLABELLED: "without a label",
    State.SINGLE: "with one label",
    State.AGREED: "agreed",
    State.DISPUTED: "disputed",
    State.ADJUDICATED: "decided",
    State.EXCLUDED: "not crystals",
    State.UNDECIDABLE: "undecidable",
    State.SELF_REVIEWED: "self-reviewed",
}


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """One crystal in the list; ``votes`` is a short text such as ``RES 2, PES 1``."""

    crystal_id: str
    title: str
    votes: str
    state: State


class ConsensusPanel(Panel):
    """Counts by state, agreement, and the crystals that need a decision.

    Signals: ``reveal_requested()`` to look at everyone's votes, ``crystal_chosen(str)`` with a
    crystal id, ``next_disagreement_requested()``.
    """

    reveal_requested = Signal()
    crystal_chosen = Signal(str)
    next_disagreement_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Label crystals as two or more experts, then compare them here.", parent)
        self._build_hidden()
        self._build_revealed()
        self._add(self.revealed, 1)
        self._fill()
        self.set_counts({})
        self.set_rows(())
        self.set_agreement("")
        self.set_hidden("Nobody's answers are shown until you ask for them.")

    def set_counts(self, counts: Mapping[State, int]) -> None:
        """Show how many crystals are in each state."""
        for state, label in self.counts.items():
            label.setText(f"{counts.get(state, 0):,}")

    def set_rows(self, rows: Sequence[DisputeRow]) -> None:
        """Show the crystals to go through, most urgent first."""
        self.disputes.set_rows(
            COLUMNS,
            [TableRow(each.crystal_id, (each.title, each.votes, str(each.state))) for each in rows],
        )
        self.next_button.set_available(bool(rows), "The experts do not disagree on any crystal.")

    def set_agreement(self, text: str) -> None:
        """Say how far the experts agree; empty says what is missing."""
        self.agreement.setText(text or "Two experts must have named the same crystals first.")

    def set_hidden(self, reason: str | None) -> None:
        """Hide the votes and say why; None shows them."""
        self.hidden.setVisible(reason is not None)
        self.revealed.setVisible(reason is None)
        self.reason.setText(reason or "")

    def set_reveal_available(self, available: bool, reason: str = "") -> None:
        """Allow or forbid looking at the votes."""
        self.reveal_button.set_available(available, reason)

    def select(self, crystal_id: str | None) -> None:
        """Highlight a crystal in the list."""
        self.disputes.select(crystal_id)

    def _build_hidden(self) -> None:
        self.reason = sentence()
        self.reveal_button = Button(
            "Show everyone's answers", "Ends your blind labelling.", primary=True
        )
        self.reveal_button.clicked.connect(self.reveal_requested)
        self.hidden = stacked(self.reason, self.reveal_button)
        self._add(self.hidden)

    def _build_revealed(self) -> None:
        self.agreement = sentence()
        self.disputes = RowTable(COLUMNS)
        self.disputes.setMinimumHeight(150)
        self.disputes.set_stretched(1)
        self.disputes.row_chosen.connect(self.crystal_chosen)
        self.next_button = Button("Next disagreement", "Fly to the next one (G).", primary=True)
        self.next_button.clicked.connect(self.next_disagreement_requested)
        self.revealed = stacked(
            heading("Crystals"),
            self._build_counts(),
            heading("Agreement"),
            self.agreement,
            heading("To look at"),
            self.disputes,
            self.next_button,
        )

    def _build_counts(self) -> QGridLayout:
        self.counts = {state: caption("0", large=True) for state in SAID}
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        for column in (1, 3):
            grid.setColumnStretch(column, 1)
        for at, (state, label) in enumerate(self.counts.items()):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label, at // 2, 2 * (at % 2))
            grid.addWidget(caption(SAID[state]), at // 2, 2 * (at % 2) + 1)
        return grid
