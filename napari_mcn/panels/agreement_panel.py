"""See how far the experts agree: in words and figures, and by whom, what, where and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.confusion_table import ConfusionTable, Voices
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.fold import Fold
from napari_mcn.panels.panel import Panel, heading, sentence, stacked
from napari_mcn.panels.row_table import RowTable, TableRow
from napari_mcn.panels.time_plot import TimePlot

FIGURES = ("", "Value", "95 % interval")
CLASSES = ("Class", "Same", "Alpha")
EXPERTS = ("Expert", "Others", "Kappa", "Oneself", "Model")
IMAGES = ("Micrograph", "Crystals", "Same", "Alpha")
ROW, HEADER = 24, 28


@dataclass(frozen=True, slots=True)
class AgreementView:
    """What the page shows of a comparison; the tables' rows are as in their column names.

    ``pairs`` are (key, text); the key of an image row is what ``image_chosen`` tells. ``remark``
    tells of slips in the answers.
    """

    headline: str
    basis: str
    figures: Sequence[TableRow] = ()
    pairs: Sequence[tuple[str, str]] = ()
    classes: Sequence[TableRow] = ()
    experts: Sequence[TableRow] = ()
    images: Sequence[TableRow] = ()
    lines: Mapping[str, Sequence[float | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PairView:
    """The confusion matrix of two experts; ``shown`` are the classes as they are written."""

    said: str
    voices: Voices
    classes: Sequence[str]
    shown: Sequence[str]
    counts: Sequence[Sequence[int]]


class AgreementPanel(Panel):
    """Figures, a matrix for one pair of experts, and what lies behind them.

    Signals: ``reveal_requested()``, ``pair_chosen(str)`` with a pair's key, ``cell_chosen(str,
    str)`` with the class of the first and of the second expert, ``image_chosen(str)``,
    ``export_requested()``.
    """

    reveal_requested = Signal()
    pair_chosen = Signal(str)
    cell_chosen = Signal(str, str)
    image_chosen = Signal(str)
    export_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Label crystals as two or more experts, then compare them here.", parent)
        self._build_hidden()
        self._build_report()
        self._fill()
        self.set_hidden("Nobody's answers are shown until you ask for them.")
        self.set_view(None)

    def set_hidden(self, reason: str | None) -> None:
        """Hide all figures and say why; None shows them."""
        self.hidden.setVisible(reason is not None)
        self.reason.setText(reason or "")
        self.shown.setVisible(reason is None)

    def set_view(self, view: AgreementView | None, instead: str = "") -> None:
        """Show a comparison; None shows the sentence ``instead``."""
        self._report.setVisible(view is not None)
        self.headline.setText(instead if view is None else view.headline)
        if view is None:
            return
        self.basis.setText(view.basis)
        _show(self.figures, FIGURES, view.figures)
        _show(self.classes, CLASSES, view.classes)
        _show(self.experts, EXPERTS, view.experts)
        _show(self.images, IMAGES, view.images)
        self.plot.set_lines(view.lines)
        self.time_fold.setVisible(bool(view.lines))

    def set_pairs(self, pairs: Sequence[tuple[str, str]], current: str | None) -> None:
        """Offer the pairs of experts."""
        self.pairs.set_choices(pairs, current)

    def set_pair(self, pair: PairView) -> None:
        """Show the matrix of the chosen pair."""
        self.pair_said.setText(pair.said)
        self.matrix.set_matrix(pair.classes, pair.counts)
        self.matrix.set_headers(pair.shown)
        self.matrix.set_voices(pair.voices)

    def _build_hidden(self) -> None:
        self.reason = sentence()
        self.reveal_button = Button(
            "Show everyone's answers", "Ends your blind labelling.", primary=True
        )
        self.reveal_button.clicked.connect(self.reveal_requested)
        self.hidden = stacked(self.reason, self.reveal_button)
        self._add(self.hidden)

    def _build_report(self) -> None:
        self.headline, self.basis = sentence(), sentence()
        self.figures = RowTable(FIGURES)
        self.export_button = Button(
            "Export…", "Write all figures as JSON and CSV, and the answers behind them."
        )
        self.export_button.clicked.connect(self.export_requested)
        self._report = stacked(
            self.basis,
            self.figures,
            *self._build_pair(),
            *self._build_folds(),
            self.export_button,
        )
        self.shown = stacked(self.headline, self._report)
        self._add(self.shown)

    def _build_pair(self) -> tuple[QWidget, ...]:
        self.pairs = Chooser("Whose answers are compared.")
        self.pairs.activated.connect(lambda at: self.pair_chosen.emit(str(self.pairs.itemData(at))))
        self.pair_said = sentence()
        self.matrix = ConfusionTable()
        self.matrix.cell_chosen.connect(self.cell_chosen)
        return heading("Two experts"), self.pairs, self.pair_said, self.matrix

    def _build_folds(self) -> tuple[QWidget, ...]:
        self.classes, self.experts = RowTable(CLASSES), RowTable(EXPERTS)
        self.images, self.plot = RowTable(IMAGES), TimePlot()
        self.images.row_chosen.connect(self.image_chosen)
        for table in (self.figures, self.classes, self.experts, self.images):
            table.set_stretched(0)
        self.class_fold = Fold("By class", self.classes)
        self.expert_fold = Fold("By expert", stacked(self.experts, sentence(EXPERTS_SAID)))
        self.image_fold = Fold("By micrograph", self.images)
        self.time_fold = Fold("Over time", stacked(self.plot, sentence(TIME_SAID)))
        return self.class_fold, self.expert_fold, self.image_fold, self.time_fold


EXPERTS_SAID = (
    "Others: how often the expert says what most of the others say, and Cohen's kappa of it. "
    "Oneself: the same answer when a crystal came up again. Model: the share of right answers "
    "that Dawid and Skene's model estimates; it decides nothing."
)
TIME_SAID = "How often the others agree, from each expert's first answers to the last."


def _show(table: RowTable, columns: Sequence[str], rows: Sequence[TableRow]) -> None:
    """Fill a table that is as high as its rows, up to ten; the page scrolls."""
    table.set_rows(columns, rows)
    table.setFixedHeight(HEADER + ROW * min(len(rows), 10) + 4)
