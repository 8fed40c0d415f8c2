"""The page of checks whether maps can be trusted."""

import pytest
from qtpy.QtCore import Qt

from napari_mcn.panels.explain_panel import TRUST, ExplainPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    """A panel with a model and a selected crystal."""
    panel = ExplainPanel()
    qtbot.addWidget(panel)
    panel.set_model("paper")
    panel.set_crystal("Crystal 12")
    panel.show()
    return panel


@pytest.fixture
def trust(panel, qtbot):
    qtbot.mouseClick(panel.pages.buttons[TRUST], LEFT)
    return panel.trust


def test_checking_is_told(trust, qtbot):
    with qtbot.waitSignal(trust.check_requested):
        qtbot.mouseClick(trust.check_button, LEFT)


def test_before_checking_no_plot_is_there(trust):
    assert not any(each.isVisible() for each in (trust.pixels, trust.forgetting, trust.outline))


def test_each_check_has_its_plot_and_words(trust):
    trust.set_pixels(((1, 0), (1, 0.5)), ((0, 1), (0, 0.5)), "The pixels matter.")
    trust.set_forgetting((1, 0.1), (1, 0.3), "It forgets.")
    trust.set_outline([("RES", 0.7, 0.4)], "The outline counts.")
    assert [each.name for each in trust.deletion.lines] == ["random", "pixels go"]
    assert trust.likeness.lines[0].values == (1, 0.1)
    assert trust.bars.pairs[0].own == 0.7
    assert (trust.pixel_words.text(), trust.outline_words.text()) == (
        "The pixels matter.",
        "The outline counts.",
    )


def own_columns(plot, width):
    """Count the columns of the picture's name line that have the own curve's colour."""
    plot.resize(width, 126)
    image = plot.grab().toImage()
    line = [(column, row) for column in range(width) for row in range(16)]
    hues = {column for column, row in line if image.pixelColor(column, row).hslSaturation() > 150}
    return len(hues)


def test_the_names_of_the_curves_are_whole_beside_each_other(trust):
    trust.set_pixels(((1, 0), (1, 0.5)), ((0, 1), (0, 0.5)), "The pixels matter.")
    trust.insertion.setMinimumWidth(1)
    assert own_columns(trust.insertion, 158) == own_columns(trust.insertion, 400)


def test_a_correlation_below_zero_stays_within_the_plot(trust):
    trust.set_forgetting((1, -0.4), (1, 0.3), "It forgets.")
    assert not trust.likeness.grab().isNull()


def test_what_was_found_about_another_crystal_goes(trust):
    trust.set_outline([("RES", 0.7, 0.4)], "The outline counts.")
    trust.clear("")
    assert not trust.outline.isVisible()
    assert trust.subject.text().startswith("Three checks:")


def test_the_panel_fits_the_column_with_every_check_shown(panel, trust):
    trust.set_pixels(((1, 0), (1, 0.5)), ((0, 1), (0, 0.5)), "The pixels matter.")
    trust.set_forgetting((1, 0.1), (1, 0.3), "It forgets.")
    trust.set_outline([("RES", 0.7, 0.4)], "The outline counts.")
    assert panel.minimumSizeHint().width() <= 320
