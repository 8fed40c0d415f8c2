"""What colours mean, one entry after the other."""

from collections.abc import Sequence
from html import escape

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLabel, QSizePolicy, QWidget

UNBROKEN = "&nbsp;"  # an entry stays on one line


class Legend(QLabel):
    """A line of coloured squares with words, which wraps between entries; hidden while empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setIndent(0)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.set_entries(())

    def set_entries(self, entries: Sequence[tuple[str, str]]) -> None:
        """Show other entries: a colour, ``#rrggbb``, and what it means."""
        keys = [_entry(colour, text) for colour, text in entries]
        self.setText(f"{2 * UNBROKEN} ".join(keys))
        self.setVisible(bool(entries))


def _entry(colour: str, text: str) -> str:
    words = escape(text).replace(" ", UNBROKEN)
    return f'<span style="color: {colour}">■</span>{UNBROKEN}{words}'
