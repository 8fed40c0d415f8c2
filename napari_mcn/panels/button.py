"""Buttons that leave the keyboard to the micrograph and say why they cannot be pressed."""

from collections.abc import Iterable

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QWidget


class Button(QPushButton):
    """A push button; a click does not take the keyboard away from the micrograph.

    Parameters
    ----------
    text : str
        What is written on it.
    hint : str
        Tooltip while it can be pressed.
    primary : bool
        Whether this is the action most people want next.
    checkable : bool
        Whether it stays down.
    """

    def __init__(
        self, text: str, hint: str = "", *, primary: bool = False, checkable: bool = False
    ) -> None:
        super().__init__(text)
        self._hint = hint
        self.setToolTip(hint)
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if primary:
            self.setStyleSheet("QPushButton { font-weight: bold; padding: 7px; }")

    def set_hint(self, hint: str) -> None:
        """Say something else while the mouse rests on it."""
        self._hint = hint
        self.setToolTip(hint)

    def set_available(self, available: bool, reason: str = "") -> None:
        """Allow or forbid pressing; the ``reason`` stands in the tooltip while it is forbidden."""
        self.setEnabled(available)
        self.setToolTip(self._hint if available else reason)


def squeezed(button: Button) -> Button:
    """Let a button be as narrow as its row needs, so that it never widens the column."""
    button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return button


def exclusive(buttons: Iterable[QPushButton], parent: QWidget) -> QButtonGroup:
    """Let at most one of several checkable buttons be down."""
    group = QButtonGroup(parent)
    group.setExclusive(True)
    for button in buttons:
        group.addButton(button)
    return group
