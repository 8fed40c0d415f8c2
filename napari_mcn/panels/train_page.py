"""One button that trains a classifier, its choices and its live curves."""

from collections.abc import Mapping

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.curves import Curves
from napari_mcn.panels.fold import Fold
from napari_mcn.panels.panel import sentence, stacked
from napari_mcn.panels.train_form import TrainFields

TOLD = "The network learns from every crystal whose class is settled; earlier models stay."


class TrainPage(QWidget):
    """Training.

    Signals: ``train_requested(TrainForm)``, ``cancel_requested()``.
    """

    train_requested = Signal(object)
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = TrainFields()
        self.fold = Fold("Advanced", self.fields)
        self.train_button = Button("Train", "Learn from the settled labels.", primary=True)
        self.train_button.clicked.connect(lambda: self.train_requested.emit(self.fields.value()))
        self.cancel_button = Button("Cancel training", "Stop; earlier models stay.", primary=True)
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.reason, self.curves = sentence(), Curves()
        told = sentence(TOLD)
        column = stacked(
            self.train_button, self.cancel_button, self.reason, told, self.fold, self.curves
        )
        column.layout().addStretch(1)
        self.setLayout(column.layout())

    def set_ready(self, ready: bool, reason: str) -> None:
        """Allow training, or say what is missing."""
        self.train_button.set_available(ready, reason)
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))

    def set_running(self, running: bool) -> None:
        """Say whether a training runs; it can then be cancelled instead of started."""
        self.train_button.setVisible(not running)
        self.cancel_button.setVisible(running)
        self.fold.setVisible(not running)

    def clear_curves(self) -> None:
        """Empty the curves before a training."""
        self.curves.clear()
        self.curves.setVisible(False)

    def add_epoch(self, values: Mapping[str, float]) -> None:
        """Draw one more epoch: loss, accuracy, val_loss, val_accuracy."""
        self.curves.add_epoch(values)
        self.curves.setVisible(True)
