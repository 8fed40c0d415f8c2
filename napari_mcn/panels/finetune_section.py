"""Teach SAM from the project's crystals, and see what it gained before it is used."""

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.panel import row, sentence


class FinetuneSection(QWidget):
    """Signals: ``finetune_requested()``, ``cancel_requested()``, ``use_requested()``."""

    finetune_requested = Signal()
    cancel_requested = Signal()
    use_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finetune_button = Button(
            "Fine-tune SAM", "Let the chosen SAM learn from the crystals of this project."
        )
        self.cancel_button = Button("Cancel", "Stop; the weights you have are unchanged.")
        self.use_button = Button("Use these weights", "Outline with what was learnt.")
        self.result = sentence()
        self.finetune_button.clicked.connect(self.finetune_requested)
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.use_button.clicked.connect(self.use_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(
            sentence(
                "SAM learns from every crystal outlined in this project; correct and delete what "
                "is wrong first. Some are held out to measure what it gained."
            )
        )
        column.addLayout(row(self.finetune_button, self.cancel_button))
        column.addWidget(self.result)
        column.addWidget(self.use_button)
        self.set_ready(False, "Open a project first.")
        self.set_running(False)
        self.set_result("")

    def set_ready(self, ready: bool, reason: str) -> None:
        """Allow fine-tuning, or say what is missing."""
        self.finetune_button.set_available(ready, reason)

    def set_running(self, running: bool) -> None:
        """Say whether SAM is learning; it can then be cancelled."""
        self.finetune_button.setVisible(not running)
        self.cancel_button.setVisible(running)

    def set_result(self, text: str) -> None:
        """Say what was gained, and offer the weights; an empty text hides both."""
        self.result.setText(text)
        self.result.setVisible(bool(text))
        self.use_button.setVisible(bool(text))
