"""Let a model name crystals, leave doubtful ones open, and see what the classes add up to."""

from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QCheckBox, QSlider, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.panel import Badge, caption, heading, row, sentence, stacked
from napari_mcn.panels.row_table import RowTable, TableRow

NO_MODEL = "Train a classifier first, or choose one."
TOLD = "What you answer here after looking counts as given with the classifier's help."
HERE, ALL = "here", "all"
COLUMNS = ("Class", "Crystals", "% by count", "% by area")


@dataclass(frozen=True, slots=True)
class ClassShare:
    """How much of a class there is; shares are per cent, None where an area is unknown."""

    name: str
    count: int
    number: float
    area: float | None


class PredictPage(QWidget):
    """Prediction.

    Signals: ``predict_requested()`` for the micrograph in view, ``predict_all_requested()``,
    ``class_map_toggled(bool)``, ``doubtful_requested()``, ``abstain_changed(float)`` from 0 to 1,
    ``scope_chosen(str)``.
    """

    predict_requested = Signal()
    predict_all_requested = Signal()
    class_map_toggled = Signal(bool)
    doubtful_requested = Signal()
    abstain_changed = Signal(float)
    scope_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build_buttons()
        self._build_abstain()
        self._build_shares()
        column = stacked(
            row(self.predict_button, self.predict_all_button),
            row(self.class_map, self.doubtful_button),
            self.warning,
            self._abstain_part,
            self._share_part,
            self.left_out,
        )
        column.layout().addStretch(1)
        self.setLayout(column.layout())
        self.set_predicted(False, False, "Predict first.")
        self.set_warnings(())
        self.set_abstain(0.0, "")
        self.set_shares(())

    def set_available(self, available: bool) -> None:
        """Allow predicting, where a model is chosen."""
        for button in (self.predict_button, self.predict_all_button):
            button.set_available(available, NO_MODEL)

    def set_predicted(self, shown: bool, available: bool, reason: str = "") -> None:
        """Say whether the micrograph in view has predictions, and whether they are shown."""
        self.class_map.setChecked(shown)
        self.class_map.setEnabled(available)
        self.class_map.setToolTip(TOLD if available else reason)
        self.doubtful_button.set_available(available, reason)

    def set_warnings(self, warnings: Sequence[str]) -> None:
        """Say in which ways the crystals differ from those the model learnt from."""
        self.warning.set_text(" ".join(warnings))

    def set_abstain(self, least: float, advice: str) -> None:
        """Show the least probability that is answered, and what is known of that choice."""
        self.abstain.blockSignals(True)
        self.abstain.setValue(round(100 * least))
        self.abstain.blockSignals(False)
        self._say_abstain(round(100 * least))
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))

    def set_shares(self, shares: Sequence[ClassShare], left_out: str = "") -> None:
        """Show how much there is of each class, and what is left out; nothing hides the table."""
        self._share_part.setVisible(bool(shares))
        self.left_out.setText(left_out)
        self.left_out.setVisible(bool(left_out))
        rows = [
            TableRow(each.name, (each.name, each.count, _percent(each.number), _percent(each.area)))
            for each in shares
        ]
        self.shares.set_rows(COLUMNS, rows)
        self.shares.setFixedHeight(
            24 * len(rows) + self.shares.horizontalHeader().sizeHint().height() + 8
        )

    def _build_buttons(self) -> None:
        self.predict_button = Button("Predict here", "Classify the crystals of this micrograph.")
        self.predict_all_button = Button("Predict all", "Classify every crystal of the project.")
        self.class_map = QCheckBox("Show predicted classes")
        self.class_map.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.doubtful_button = Button("Next doubtful", "Fly to the least certain crystal.")
        self.predict_button.clicked.connect(self.predict_requested)
        self.predict_all_button.clicked.connect(self.predict_all_requested)
        self.class_map.clicked.connect(self.class_map_toggled)
        self.doubtful_button.clicked.connect(self.doubtful_requested)
        self.warning = Badge()

    def _build_abstain(self) -> None:
        self.abstain = QSlider(Qt.Orientation.Horizontal)
        self.abstain.setRange(0, 99)
        self.abstain.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.abstain.setToolTip("Crystals the model is less sure of are left open.")
        self.abstain.valueChanged.connect(self._on_abstain)
        self._least, self.advice = caption(""), sentence()
        self._abstain_part = stacked(
            row(caption("Leave open below"), self.abstain, self._least), self.advice
        )

    def _build_shares(self) -> None:
        self.scope = Chooser("Which crystals are counted.")
        self.scope.set_choices(((HERE, "this micrograph"), (ALL, "the whole project")), HERE)
        self.scope.activated.connect(
            lambda at: self.scope_chosen.emit(str(self.scope.itemData(at)))
        )
        self.shares, self.left_out = RowTable(COLUMNS), sentence()
        self.shares.set_stretched(0)
        self.shares.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._share_part = stacked(
            heading("How much there is of each"), row(caption("In"), self.scope), self.shares
        )

    def _on_abstain(self, value: int) -> None:
        self._say_abstain(value)
        self.abstain_changed.emit(value / 100)

    def _say_abstain(self, value: int) -> None:
        self._least.setText(f"{value} %")


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share, 1)
