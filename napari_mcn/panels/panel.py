"""What every panel shares: one sentence of what to do next, headings and rows."""

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from napari_mcn.panels.colours import ACCENT, ALARM_FILL


def sentence(text: str = "") -> QLabel:
    """Give a label that wraps instead of widening its panel."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setIndent(0)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label


def caption(text: str, *, large: bool = False) -> QLabel:
    """Give a short label that keeps its width; a ``large`` one names what the panel shows."""
    label = QLabel(text)
    label.setIndent(0)
    if large:
        label.setStyleSheet("QLabel { font-weight: bold; }")
    return label


def stacked(*parts: QWidget | QLayout) -> QWidget:
    """Stack widgets in one that can be hidden as a whole."""
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    for part in parts:
        if isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)
    return holder


def heading(text: str) -> QLabel:
    """Give the title of a section, with air above it."""
    label = QLabel(text)
    label.setIndent(0)
    label.setStyleSheet("QLabel { font-weight: bold; padding-top: 8px; }")
    return label


def row(*parts: QWidget | None) -> QHBoxLayout:
    """Lay widgets side by side; None is a stretch."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        else:
            layout.addWidget(part)
    return layout


def restyle(widget: QWidget, sheet: str) -> None:
    """Give a widget a style sheet; Qt would lay its column out anew even for the same one."""
    if sheet != widget.styleSheet():
        widget.setStyleSheet(sheet)


class Badge(QLabel):
    """A short text that turns red when something is wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setIndent(0)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def set_text(self, text: str, trouble: bool = False) -> None:
        """Show a text, white on red if it tells of trouble."""
        self.setText(text)
        self.setVisible(bool(text))
        alarming = f"QLabel {{ background: {ALARM_FILL}; color: white; padding: 4px 8px; }}"
        restyle(self, alarming if trouble else "")


class Panel(QWidget):
    """A column of parts under one sentence that says what to do next."""

    def __init__(self, next_step: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 8, 10, 8)
        self._column.setSpacing(6)
        self.next_step = sentence(next_step)
        self.next_step.setStyleSheet(
            f"QLabel {{ border-left: 3px solid {ACCENT}; padding: 3px 3px 3px 8px; }}"
        )
        self._column.addWidget(self.next_step)

    def set_next_step(self, text: str) -> None:
        """Say in one plain sentence what to do next."""
        self.next_step.setText(text)

    def _add(self, part: QWidget | QLayout, stretch: int = 0) -> None:
        """Put the next part below the others."""
        if isinstance(part, QLayout):
            self._column.addLayout(part, stretch)
        else:
            self._column.addWidget(part, stretch)

    def _fill(self) -> None:
        """Keep the parts together at the top."""
        self._column.addStretch(0)
