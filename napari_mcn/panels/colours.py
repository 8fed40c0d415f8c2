"""Colours that stay readable in a dark and in a light theme."""

from qtpy.QtGui import QColor, QPalette
from qtpy.QtWidgets import QWidget

ALARM_FILL = "#b3261e"
ACCENT = "#3d7dd8"
LIGHTER, DIM = 150, 100  # per cent; of 255
DARKER = 180  # per cent: orange and sky blue then stand out from napari's light grey by 4.5 to 1


def is_dark(widget: QWidget) -> bool:
    """Say whether a widget writes light letters on a dark ground."""
    palette = widget.palette()
    window = palette.color(QPalette.ColorRole.Window).lightness()
    return window < palette.color(QPalette.ColorRole.WindowText).lightness()


def ink(widget: QWidget, strength: float = 1.0) -> QColor:
    """Give the widget's letter colour, fainter for a ``strength`` below 1."""
    colour = QColor(widget.palette().color(QPalette.ColorRole.WindowText))
    colour.setAlphaF(colour.alphaF() * strength)
    return colour


def alarm(widget: QWidget) -> QColor:
    """Give a red for letters on the widget's own ground."""
    return QColor("#ff8a80" if is_dark(widget) else ALARM_FILL)


def legible(widget: QWidget, colour: str) -> QColor:
    """Give a plot's colour for letters: darker on a light ground, a dark one lighter on a dark."""
    plain = QColor(colour)
    if not is_dark(widget):
        return plain.darker(DARKER)
    return plain.lighter(LIGHTER) if plain.lightness() < DIM else plain


def letters_on(colour: QColor) -> QColor:
    """Give black or white, whichever is read better on a filled ``colour`` (WCAG luminance)."""
    shares = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    luminance = 0.2126 * shares[0] + 0.7152 * shares[1] + 0.0722 * shares[2]
    return QColor("black") if luminance > 0.18 else QColor("white")
