"""Open a round of blind labelling, see how far everyone is, and seal."""

from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.fold import Fold
from napari_mcn.panels.panel import Panel, heading, sentence, stacked
from napari_mcn.panels.round_form import RoundForm
from napari_mcn.panels.row_table import RowTable, TableRow

COLUMNS = ("Micrograph", "Expert", "Labelled", "Sealed")
SEAL = (
    "Sealing says that you are done with this micrograph. Your answers until now are fixed as the "
    "blind ones; then you see everyone's. You can still change an answer, but it no longer counts "
    "as blind."
)


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """How far one expert is on one micrograph; ``answered`` None: not told while you are blind."""

    key: str
    micrograph: str
    expert: str
    asked: int
    answered: int | None
    sealed: bool


class RoundsPanel(Panel):
    """The chosen round's progress, the seal of the micrograph in view, and a form for a new round.

    Signals: ``round_chosen(str)`` with a round's id, ``progress_chosen(str)`` with a row's key,
    ``seal_requested()``, ``reveal_requested()``; the form has its own.
    """

    round_chosen = Signal(str)
    progress_chosen = Signal(str)
    seal_requested = Signal()
    reveal_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.form = RoundForm()
        self._new = Fold("New round", self.form)
        self._build_round()
        self._add(self._round)
        self._add(self._new)
        self._fill()
        self.set_rounds((), None)

    def set_rounds(self, rounds: Sequence[tuple[str, str]], current: str | None) -> None:
        """Offer the rounds, (id, text), and say which is shown."""
        self.rounds.set_choices(rounds, current)
        self.rounds.setVisible(len(rounds) > 1)
        self._round.setVisible(bool(rounds))

    def set_description(self, text: str) -> None:
        """Say what the chosen round asks for."""
        self.description.setText(text)

    def set_progress(self, rows: Sequence[ProgressRow]) -> None:
        """Show how far everyone is."""
        self.progress.set_rows(COLUMNS, [_table_row(each) for each in rows])
        self.progress.setFixedHeight(30 + 24 * min(max(len(rows), 2), 8))

    def set_remark(self, text: str) -> None:
        """Say what deserves a second look; empty if nothing does."""
        self.remark.setText(text)
        self.remark.setVisible(bool(text))

    def set_seal(self, micrograph: str, reason: str, left: int = 0) -> None:
        """Offer to seal the micrograph in view, or say why not; ``left`` waits for an answer."""
        self.seal_button.setText(f"Seal {micrograph}" if micrograph else "Seal this micrograph")
        self.seal_button.set_available(not reason, reason)
        crystals = "1 crystal" if left == 1 else f"{left} crystals"
        missing = f"You have not answered {crystals} yet. " if left else ""
        self.seal_reason.setText(reason or missing + SEAL)

    def set_reveal(self, reason: str) -> None:
        """Offer everyone's answers, or say why not."""
        self.reveal_button.set_available(not reason, reason)

    def unfold_form(self, unfolded: bool) -> None:
        """Show or hide the form for a new round."""
        self._new.heading.setChecked(unfolded)

    def _build_round(self) -> None:
        self.rounds = Chooser("Which round is shown.")
        self.rounds.activated.connect(lambda _at: self.round_chosen.emit(self.rounds.currentData()))
        self.description, self.remark, self.seal_reason = sentence(), sentence(), sentence()
        self.progress = RowTable(COLUMNS)
        self.progress.setMaximumHeight(170)
        self.progress.set_stretched(0)
        self.progress.row_chosen.connect(self.progress_chosen)
        self.seal_button = Button("Seal this micrograph", "Fix your answers, then look.")
        self.seal_button.clicked.connect(self.seal_requested)
        self.reveal_button = Button("Show everyone's answers", "Go to where the experts differ.")
        self.reveal_button.clicked.connect(self.reveal_requested)
        self._round = stacked(
            self.rounds,
            self.description,
            heading("Progress"),
            self.progress,
            self.remark,
            heading("When you are done"),
            self.seal_reason,
            self.seal_button,
            self.reveal_button,
        )


def _table_row(done: ProgressRow) -> TableRow:
    said = "–" if done.answered is None else f"{done.answered:,}"
    hints = {2: "Counts of the others are closed while you label blind."}
    return TableRow(
        done.key,
        (done.micrograph, done.expert, f"{said} / {done.asked:,}", "✓" if done.sealed else ""),
        hints=hints if done.answered is None else {},
    )
