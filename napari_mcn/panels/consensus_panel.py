"""Go through what the experts do not agree on, and decide it together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QWidget

from microcrystalnet.domain.verdict import State
from napari_mcn.panels.adjudicators import Adjudicators
from napari_mcn.panels.button import Button, squeezed
from napari_mcn.panels.colours import ACCENT
from napari_mcn.panels.decision_section import DecisionSection
from napari_mcn.panels.dispute_card import DisputeCard
from napari_mcn.panels.fold import Fold
from napari_mcn.panels.panel import Panel, caption, restyle, row, sentence, stacked
from napari_mcn.panels.row_table import RowTable, TableRow
from napari_mcn.panels.sitting import Sitting

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

SAID_OF_ONE = SAID | {
    State.SINGLE: "not confirmed",
    State.UNLABELLED: "no label",
    State.EXCLUDED: "excluded",
}


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """One crystal in the list; ``votes`` is a short text such as ``RES 2, PES 1``."""

    crystal_id: str
    title: str
    votes: str
    state: State


class ConsensusPanel(Panel):
    """Who decides, the crystal in question, the queue, and counts by state.

    Signals: ``reveal_requested()`` to look at everyone's votes, ``crystal_chosen(str)`` with a
    crystal id, ``next_disagreement_requested()``, ``together_toggled(bool)`` to take one micrograph
    after the other; and those of `sitting`, `card` and `decision`.
    """

    reveal_requested = Signal()
    crystal_chosen = Signal(str)
    next_disagreement_requested = Signal()
    together_toggled = Signal(bool)

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
        self.disputes.set_rows(COLUMNS, [_table_row(each) for each in rows])
        self.set_waiting(sum(each.state is State.DISPUTED for each in rows))

    def add_rows(self, rows: Sequence[DisputeRow]) -> None:
        """Show more crystals to go through, after those that are shown."""
        self.disputes.add_rows([_table_row(each) for each in rows])

    def set_row(self, row: DisputeRow) -> None:
        """Show one crystal of the list otherwise, without moving it."""
        self.disputes.set_row(_table_row(row))

    def set_waiting(self, crystals: int) -> None:
        """Say how many crystals still wait for a decision."""
        self.next_button.set_available(crystals > 0, "The experts do not disagree on any crystal.")
        self.next_step.setVisible(crystals == 0)  # else the line above says what the keys do
        self.next_button.setText(f"G  Next ({crystals:,})")

    def set_mode(self, text: str, deciding: bool) -> None:
        """Say what the class keys do; a filled line means that they decide."""
        self.mode.setText(text)
        filled = f"background: {ACCENT}; color: white;" if deciding else "border: 1px dashed gray;"
        restyle(self.mode, f"QLabel {{ {filled} font-weight: bold; padding: 4px 8px; }}")

    def set_agreement(self, text: str) -> None:
        """Say how far the experts agree; empty says what is missing."""
        self.agreement.setText(text or "Two experts must have named the same crystals first.")

    def set_hidden(self, reason: str | None) -> None:
        """Hide the votes and say why; None shows them."""
        self.hidden.setVisible(reason is not None)
        self.revealed.setVisible(reason is None)
        self.reason.setText(reason or "")
        self.next_step.setVisible(True)

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
        self.mode = sentence()
        self.sitting, self.card, self.decision = Sitting(), DisputeCard(), DecisionSection()
        self.go_on = self.card.go_on
        self.next_button = Button("", "Fly to the next of so many disagreements (G).")
        self.next_button.clicked.connect(self.next_disagreement_requested)
        self.gallery_button = Button("Gallery", "See all that are disputed side by side.")
        above = row(self.mode, self.sitting.change_button)
        above.setStretch(0, 1)
        self.revealed = stacked(
            above,
            self.sitting,
            self.card,
            self.decision,
            self._build_way(),
            self._build_queue(),
            self._build_order(),
            self._build_overview(),
            self._build_adjudicators(),
        )

    def _build_way(self) -> QHBoxLayout:
        """Lay out what is done beside deciding, as narrow as the column."""
        buttons = (self.next_button, self.gallery_button, *self.decision.answers)
        way = row(*map(squeezed, buttons))
        for at, share in enumerate((6, 4, 5, 4)):
            way.setStretch(at, share)
        return way

    def _build_queue(self) -> RowTable:
        self.disputes = RowTable(COLUMNS)
        self.disputes.setMinimumHeight(110)
        self.disputes.set_stretched(1)
        self.disputes.row_chosen.connect(self.crystal_chosen)
        return self.disputes

    def _build_order(self) -> QCheckBox:
        self.together = QCheckBox("One micrograph after the other")
        self.together.setToolTip("Otherwise the most disputed first, wherever it lies.")
        self.together.setChecked(True)
        self.together.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.together.toggled.connect(self.together_toggled)
        return self.together

    def _build_overview(self) -> Fold:
        self.agreement = sentence()
        return Fold("Crystals by state", stacked(self._build_counts(), self.agreement))

    def _build_adjudicators(self) -> Fold:
        self.adjudicators = Adjudicators()
        return Fold("Adjudicators", self.adjudicators)

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


def _table_row(each: DisputeRow) -> TableRow:
    return TableRow(each.crystal_id, (each.title, each.votes, SAID_OF_ONE[each.state]))
