"""How good a model is: every figure of it, and from each dot, bin, bar and cell to the crystals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QCheckBox, QLabel, QLayout, QSizePolicy, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.confusion_table import ConfusionTable
from napari_mcn.panels.curves import Curves
from napari_mcn.panels.dot_plot import DotPlot
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.legend import Legend
from napari_mcn.panels.panel import Badge, row, sentence, stacked
from napari_mcn.panels.reliability_plot import ReliabilityPlot, SureBin
from napari_mcn.panels.score_bars import ClassScoreBars, ScoreBars
from napari_mcn.panels.share_plot import ShareLine, SharePlot

JUDGED, EVERY = "judged", "every"
SHORT = {
    **{"tsne": "Save dots…", "tsne_density": "Save density…"},
    **{"precision_recall": "Save PR…", "roc": "Save ROC…"},
}
CELLS = "Rows: the experts; columns: the network. Click to see the crystals."
DOTS = "Click a dot, or draw around several. Ringed: the network is wrong."


@dataclass(frozen=True, slots=True)
class ResultView:
    """How good a model is.

    ``text`` is a sentence such as ``92 % of 180 crystals right``; ``confusion`` has the experts'
    classes as rows and the network's as columns, in the order of ``classes``; ``warning`` says what
    makes the numbers doubtful, ``leaky`` whether the split does. ``numbers`` are sentences with
    further figures. ``calibration`` says how far confidence is off.
    """

    text: str
    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    warning: str = ""
    leaky: bool = False
    numbers: tuple[str, ...] = ()
    epochs: tuple[Mapping[str, float], ...] = ()
    precision_recall: tuple[ShareLine, ...] = ()
    roc: tuple[ShareLine, ...] = ()
    areas: str = ""
    bins: tuple[SureBin, ...] = ()
    calibration: str = ""
    bars: tuple[ClassScoreBars, ...] = ()


class ResultsPage(QWidget):
    """The results of the chosen model.

    Signals: ``cell_chosen(str, str)`` with the true and the predicted class code,
    ``crystals_chosen(list, str)`` with crystal ids and what they are, ``layout_requested(str)``
    for the judged crystals or for every one, ``figure_requested(str)`` with a figure's name,
    ``figures_requested()`` for all, ``evaluation_requested()`` for a model of elsewhere.
    """

    cell_chosen = Signal(str, str)
    crystals_chosen = Signal(list, str)
    layout_requested = Signal(str)
    figure_requested = Signal(str)
    figures_requested = Signal()
    evaluation_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.save_buttons: dict[str, Button] = {}
        self._build_plots()
        self._build_dots()
        self.absent = sentence("This model was not judged on labelled crystals here.")
        self.evaluate_button = Button(
            "Judge on settled crystals",
            "Predict every settled crystal, and compare.",
        )
        self.evaluate_button.clicked.connect(self.evaluation_requested)
        self.result_part = stacked(*self._summary(), *self._figures())
        column = stacked(self.absent, self.evaluate_button, self.result_part)
        column.layout().addStretch(1)
        self.setLayout(column.layout())
        self.set_result(None)
        self.set_evaluable(False)
        self.set_since("")

    def set_result(self, result: ResultView | None) -> None:
        """Show how good the chosen model is; None hides the result."""
        self.result_part.setVisible(result is not None)
        self.absent.setVisible(result is None)
        if result is None:
            return
        self.accuracy.setText(result.text)
        self.warning.set_text(result.warning, result.leaky)
        self.numbers.setText("\n".join(result.numbers))
        self.confusion.set_matrix(result.classes, result.confusion)
        self.bars.set_classes(result.bars)
        self.precision_recall.set_lines(result.precision_recall)
        self.roc.set_lines(result.roc)
        self.areas.setText(result.areas)
        self.reliability.set_bins(result.bins)
        self.calibration.setText(result.calibration)
        self.curves.clear()
        for epoch in result.epochs:
            self.curves.add_epoch(epoch)

    def set_since(self, text: str) -> None:
        """Say how many labels have changed since the model was judged; nothing hides it."""
        self.since.setText(text)
        self.since.setVisible(bool(text))

    def set_evaluable(self, evaluable: bool) -> None:
        """Offer to judge a model that was trained elsewhere."""
        self.evaluate_button.setVisible(evaluable)

    def set_which(self, which: str) -> None:
        """Say which crystals are laid out."""
        self.which.setCurrentIndex(self.which.findData(which))

    def set_layout_text(self, text: str) -> None:
        """Say what the dots are, or why there are none."""
        self.dots_text.setText(text)
        self.dots.setVisible(bool(self.dots.dots))
        self.density.setEnabled(bool(self.dots.dots))

    def _build_plots(self) -> None:
        self.accuracy, self.warning, self.numbers = sentence(), Badge(), sentence()
        self.since = sentence()
        self.confusion = ConfusionTable()
        self.confusion.cell_chosen.connect(self.cell_chosen)
        self.bars = ScoreBars()
        self.bars.bar_chosen.connect(self.crystals_chosen)
        self.precision_recall = SharePlot("recall", "precision")
        self.roc = SharePlot("false positive rate", "true positive rate")
        self.areas, self.calibration, self.curves = _rich(), sentence(), Curves()
        self.reliability = ReliabilityPlot()
        self.reliability.bin_chosen.connect(self.crystals_chosen)

    def _build_dots(self) -> None:
        self.dots, self.dots_legend, self.dots_text = DotPlot(), Legend(), sentence()
        self.dots.dots_chosen.connect(self._on_dots)
        self.density = QCheckBox("Density")
        self.density.setToolTip("Draw how thick each class lies.")
        self.density.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.density.toggled.connect(self.dots.show_density)
        self.which = Chooser("Which crystals are laid out.")
        self.which.set_choices(((JUDGED, "judged crystals"), (EVERY, "every crystal")), JUDGED)
        self.which.activated.connect(
            lambda at: self.layout_requested.emit(str(self.which.itemData(at)))
        )

    def _summary(self) -> list[QWidget | QLayout]:
        every = Button("Save all figures…", "SVG, PDF and PNG of each, with its numbers as CSV.")
        every.clicked.connect(self.figures_requested)
        self.save_all_button = every
        return [self.accuracy, self.since, self.warning, self.numbers, every]

    def _figures(self) -> list[QWidget | QLayout]:
        curves = row(self.precision_recall, self.roc)
        return [
            self._title("Confusion matrix", "confusion_matrix"),
            self.confusion,
            sentence(CELLS),
            self._title("t‑SNE", "tsne", "tsne_density"),
            row(self.which, self.density),
            self.dots,
            self.dots_legend,
            self.dots_text,
            self._title("Each class", "class_scores"),
            self.bars,
            self._title("PR and ROC", "precision_recall", "roc"),
            curves,
            self.areas,
            self._title("Is it as right as it is sure?", "calibration"),
            self.reliability,
            self.calibration,
            self._title("Training", "training_curves"),
            self.curves,
        ]

    def _title(self, text: str, *figures: str) -> QLayout:
        """Give a heading with a button that saves each of the figures below it."""
        parts = []
        for name in figures:
            short = SHORT.get(name, "Save…")
            button = Button(short, f"{name.replace('_', ' ')} as SVG, PDF or PNG, with its CSV.")
            button.clicked.connect(lambda _down=False, name=name: self.figure_requested.emit(name))
            self.save_buttons[name] = button
            parts.append(button)
        title = sentence(text)
        title.setStyleSheet("QLabel { font-weight: bold; }")
        line = row(title, *parts)
        line.setContentsMargins(0, 8, 0, 0)
        line.setStretch(0, 1)
        return line

    def _on_dots(self, keys: Sequence[str]) -> None:
        count = len(keys)
        title = "1 dot of the t-SNE" if count == 1 else f"{count} dots of the t-SNE"
        self.crystals_chosen.emit(list(keys), title)


def _rich() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label
