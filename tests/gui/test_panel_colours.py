"""Letters in the colours of a plot are read on a dark and on a light ground."""

import pytest
from qtpy.QtGui import QColor, QPalette
from qtpy.QtWidgets import QLabel

from napari_mcn.panels.colours import legible
from napari_mcn.panels.epoch_plot import HUES

LIGHT, DARK = ("#ebe7e6", "black"), ("#262930", "white")  # grounds and letters of napari's themes


@pytest.fixture
def label(qtbot):
    """Give a function that makes a label on a ground."""

    def make(ground, letters):
        made = QLabel()
        qtbot.addWidget(made)
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Window, QColor(ground))
        palette.setColor(QPalette.ColorRole.WindowText, QColor(letters))
        made.setPalette(palette)
        return made

    return make


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("hue", HUES)
def test_the_name_of_a_curve_stands_out_from_the_ground(label, theme, hue):
    assert contrast(legible(label(*theme), hue), QColor(theme[0])) > 3


def contrast(one, other):
    """Give the ratio of WCAG luminance."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour):
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    return sum(
        w * ((p + 0.055) / 1.055) ** 2.4 for w, p in zip((0.21, 0.72, 0.07), parts, strict=True)
    )
