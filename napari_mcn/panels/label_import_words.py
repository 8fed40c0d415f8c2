"""The words of a spreadsheet, each with the class it stands for."""

from collections.abc import Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QGridLayout, QWidget

from napari_mcn.panels.colours import ALARM_FILL
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.panel import caption, sentence

MOST = 40  # words that are shown; those nobody knows come first
LONGEST = 24  # characters of a word


class WordChoosers(QWidget):
    """A chooser of classes for each word; unknown words come first and are marked.

    Signals: ``word_mapped(str, str)`` with word and class.
    """

    word_mapped = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choosers: dict[str, Chooser] = {}
        self._parts: list[QWidget] = []
        self._order: dict[str, int] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)
        self._grid.setColumnStretch(1, 1)

    def set_words(
        self, words: Sequence[tuple[str, int, str | None]], choices: Sequence[tuple[str, str]]
    ) -> None:
        """Show words with their count and meaning; None: nobody knows."""
        ordered = self._ordered(words)
        self._clear()
        for at, (word, count, means) in enumerate(ordered[:MOST]):
            self._add_word(at, word, count, means, choices)
        if len(ordered) > MOST:
            more = sentence(f"{len(ordered) - MOST} more words; the class column may be wrong.")
            self._place(more, MOST, 0, 2)

    def _ordered(
        self, words: Sequence[tuple[str, int, str | None]]
    ) -> list[tuple[str, int, str | None]]:
        """Put unknown words first; a word that was just mapped stays where it is."""
        if {word for word, _, _ in words} == self._order.keys():
            return sorted(words, key=lambda each: self._order[each[0]])
        ordered = sorted(words, key=lambda each: each[2] is not None)
        self._order = {word: at for at, (word, _, _) in enumerate(ordered)}
        return ordered

    def _clear(self) -> None:
        for part in self._parts:
            self._grid.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts, self.choosers = [], {}

    def _add_word(
        self, at: int, word: str, count: int, means: str | None, choices: Sequence[tuple[str, str]]
    ) -> None:
        name = word if len(word) <= LONGEST else f"{word[: LONGEST - 1]}…"
        label = caption(f"{name}  ×{count:,}")
        label.setToolTip(word)
        if means is None:
            label.setStyleSheet(f"QLabel {{ background: {ALARM_FILL}; color: white; }}")
        chooser = Chooser("The class this word stands for.")
        chooser.setPlaceholderText("choose…")
        chooser.set_choices(choices, means)
        chooser.activated.connect(lambda: self.word_mapped.emit(word, chooser.currentData()))
        self.choosers[word] = chooser
        self._place(label, at, 0)
        self._place(chooser, at, 1)

    def _place(self, part: QWidget, at: int, column: int, width: int = 1) -> None:
        self._grid.addWidget(part, at, column, 1, width)
        self._parts.append(part)
