"""Labels to and from other computers, and whether anything of the project is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_mcn.panels.button import Button, squeezed
from napari_mcn.panels.colours import ALARM_FILL
from napari_mcn.panels.panel import Panel, heading, row, sentence, stacked


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about the project, as a sentence; ``trouble`` if something is wrong."""

    text: str
    trouble: bool


class ExchangePanel(Panel):
    """Send, bring in, check; what happened stands below the buttons.

    Signals: ``send_zip_requested()``, ``send_folder_requested()``, ``bring_zip_requested()``,
    ``bring_folder_requested()``, ``check_requested()``.
    """

    send_zip_requested = Signal()
    send_folder_requested = Signal()
    bring_zip_requested = Signal()
    bring_folder_requested = Signal()
    check_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._build_exchange()
        self._build_health()
        self._fill()
        self.set_available("Open a project first.")
        self.set_outcome("")
        self.set_health("", ())

    def set_available(self, reason: str) -> None:
        """Allow all buttons, or say why they cannot be pressed."""
        for button in self.buttons:
            button.set_available(not reason, reason)

    def set_outcome(self, text: str) -> None:
        """Say what was sent or brought in."""
        self.outcome.setText(text)
        self.outcome.setVisible(bool(text))

    def set_health(self, summary: str, findings: Sequence[Finding]) -> None:
        """Show what a check found."""
        self.summary.setText(summary)
        self.summary.setVisible(bool(summary))
        while (item := self._findings.takeAt(0)) is not None:
            item.widget().deleteLater()
        for finding in findings:
            self._findings.addWidget(_shown(finding))

    def _build_exchange(self) -> None:
        self.send_zip = squeezed(Button("Zip…", "Write a zip to send by mail or chat."))
        self.send_folder = squeezed(Button("Folder or USB…", "Write into a folder of your choice."))
        self.bring_zip = squeezed(Button("Zip…", "Bring in a zip that another expert sent."))
        self.bring_folder = squeezed(
            Button("Folder or USB…", "Bring in a folder, or one that holds several.")
        )
        self.send_zip.clicked.connect(self.send_zip_requested)
        self.send_folder.clicked.connect(self.send_folder_requested)
        self.bring_zip.clicked.connect(self.bring_zip_requested)
        self.bring_folder.clicked.connect(self.bring_folder_requested)
        self.outcome = sentence()
        self.outcome.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._add(heading("Send my labels"))
        self._add(sentence("Only your own work is sent. Sending again brings it up to date."))
        self._add(row(self.send_zip, self.send_folder))
        self._add(heading("Bring in labels"))
        self._add(sentence("Nothing here is overwritten, and twice is as good as once."))
        self._add(row(self.bring_zip, self.bring_folder))
        self._add(self.outcome)

    def _build_health(self) -> None:
        self.check_button = Button("Check this project", "Read every file and say what is missing.")
        self.check_button.clicked.connect(self.check_requested)
        self.summary = sentence()
        holder = QWidget()
        self._findings = QVBoxLayout(holder)
        self._findings.setContentsMargins(0, 0, 0, 0)
        self._add(stacked(heading("Health"), self.check_button, self.summary, holder))
        self.buttons = (
            self.send_zip, self.send_folder, self.bring_zip, self.bring_folder, self.check_button,
        )  # fmt: skip


def _shown(finding: Finding) -> QWidget:
    made = sentence(finding.text)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if finding.trouble:
        made.setStyleSheet(f"QLabel {{ border-left: 3px solid {ALARM_FILL}; padding-left: 8px; }}")
    else:
        made.setStyleSheet("QLabel { padding-left: 11px; }")
    return made
