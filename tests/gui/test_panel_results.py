"""The Results page: from each dot, bin and bar to the crystals behind it."""

import numpy as np
import pytest
from qtpy.QtCore import QEvent, QPoint, QPointF, Qt
from qtpy.QtGui import QMouseEvent
from qtpy.QtWidgets import QApplication

from napari_mcn.panels.dot_plot import Dot, DotPlot
from napari_mcn.panels.reliability_plot import ReliabilityPlot, SureBin
from napari_mcn.panels.results_page import EVERY, ResultsPage, ResultView
from napari_mcn.panels.score_bars import ClassScoreBars, ScoreBar, ScoreBars
from napari_mcn.panels.share_plot import ShareLine, SharePlot

LEFT = Qt.MouseButton.LeftButton
BLUE, RED = "#0072b2", "#d55e00"
DOTS = [Dot("a", 0.2, 0.8, BLUE), Dot("b", 0.3, 0.7, BLUE), Dot("c", 0.9, 0.1, RED)]


@pytest.fixture
def plot(qtbot):
    made = DotPlot()
    qtbot.addWidget(made)
    made.resize(320, 320)
    made.set_dots(DOTS)
    made.show()
    return made


@pytest.fixture
def page(qtbot):
    made = ResultsPage()
    qtbot.addWidget(made)
    made.resize(330, 900)
    made.set_result(ResultView("90 % right", ("RES", "PES"), ((5, 1), (0, 4))))
    made.show()
    return made


def drag(qtbot, widget, places):
    """Draw a lasso with the left button through places (x, y) in pixels."""
    points = [QPoint(*place) for place in places]
    qtbot.mousePress(widget, LEFT, pos=points[0])
    moved = QEvent.Type.MouseMove, Qt.MouseButton.NoButton, LEFT, Qt.KeyboardModifier.NoModifier
    [
        QApplication.sendEvent(widget, QMouseEvent(moved[0], QPointF(at), *moved[1:]))
        for at in points
    ]
    qtbot.mouseRelease(widget, LEFT, pos=points[-1])


def has_colour(widget, name):
    image = widget.grab().toImage()
    spots = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return any(image.pixelColor(*spot).name() == name for spot in spots)


def test_a_clicked_dot_is_chosen(plot, qtbot):
    with qtbot.waitSignal(plot.dots_chosen) as told:
        qtbot.mouseClick(plot, LEFT, pos=plot._point(plot.dots[1]).toPoint())
    assert (told.args, plot.chosen) == ([["b"]], {"b"})


def test_a_click_beside_the_dots_chooses_nothing(plot, qtbot):
    with qtbot.assertNotEmitted(plot.dots_chosen):
        qtbot.mouseClick(plot, LEFT, pos=QPoint(200, 20))


def test_a_lasso_chooses_the_dots_inside(plot, qtbot):
    around = [(20, 20), (150, 20), (150, 150), (20, 150), (20, 25)]
    with qtbot.waitSignal(plot.dots_chosen) as told:
        drag(qtbot, plot, around)
    assert told.args == [["a", "b"]]


def test_other_dots_forget_what_was_chosen(plot):
    plot.set_chosen(["a"])
    plot.set_dots(DOTS[1:])
    assert plot.chosen == frozenset()


def test_density_is_thick_where_its_class_lies(plot):
    layers = np.zeros((2, 64, 64))
    layers[1, 5:9, 50:60] = 1  # low and to the right
    plot.set_dots(())
    plot.set_density(layers, [BLUE, RED])
    plot.show_density(True)
    image = plot.grab().toImage()
    there, elsewhere = image.pixelColor(272, 282), image.pixelColor(60, 60)
    assert (there.red() > 150, elsewhere.red() > 150 and elsewhere.blue() < 100) == (True, False)


def test_a_click_on_a_bin_tells_its_crystals(qtbot):
    plot = ReliabilityPlot()
    qtbot.addWidget(plot)
    plot.resize(320, 190)
    plot.set_bins([SureBin(0.8, 0.9, 0.85, 0.5, ("a", "b"))])
    with qtbot.waitSignal(plot.bin_chosen) as told:
        qtbot.mouseClick(plot, LEFT, pos=plot.column(plot.bins[0]).center().toPoint())
    assert told.args == [["a", "b"], "2 crystals that the network is 80 % to 90 % sure of"]


def test_a_click_beside_the_bins_tells_nothing(qtbot):
    plot = ReliabilityPlot()
    qtbot.addWidget(plot)
    plot.resize(320, 190)
    plot.set_bins([SureBin(0.8, 0.9, 0.85, 0.5, ("a", "b"))])
    with qtbot.assertNotEmitted(plot.bin_chosen):
        qtbot.mouseClick(plot, LEFT, pos=QPoint(60, 80))


def test_a_click_on_a_bar_tells_its_crystals(qtbot):
    bars = ScoreBars()
    qtbot.addWidget(bars)
    recall, precision = (
        ScoreBar("recall", 0.9, "RES", ("a",)),
        ScoreBar("precision", 1, "x", ("b",)),
    )
    bars.set_classes([ClassScoreBars("RES", BLUE, (recall, precision))])
    bars.resize(320, 60)
    line = [line for line, _each, _at in bars.lines()][1]
    with qtbot.waitSignal(bars.bar_chosen) as told:
        qtbot.mouseClick(bars, LEFT, pos=line.center().toPoint())
    assert told.args == [["b"], "x"]


def test_a_curve_has_the_colour_of_its_class(qtbot):
    plot = SharePlot("recall", "precision")
    qtbot.addWidget(plot)
    plot.resize(160, 176)
    plot.set_lines([ShareLine("RES", BLUE, ((0, 0.5), (1, 0.5)))])
    assert has_colour(plot, BLUE)


def test_the_leak_of_a_split_by_crystal_is_shown_in_red(page):
    page.set_result(ResultView("x", ("RES", "PES"), ((1, 0), (0, 1)), "Too hopeful.", leaky=True))
    assert page.warning.isVisible()
    assert "#b3261e" in page.warning.styleSheet()


def test_a_model_without_a_result_says_so(page):
    page.set_result(None)
    assert (page.absent.isVisible(), page.result_part.isVisible()) == (True, False)


def test_dots_of_the_page_tell_their_crystals_and_what_they_are(page, qtbot):
    page.dots.set_dots(DOTS)
    with qtbot.waitSignal(page.crystals_chosen) as told:
        page.dots.dots_chosen.emit(["a", "b"])
    assert told.args == [["a", "b"], "2 dots of the t-SNE"]


@pytest.mark.parametrize("name", ["confusion_matrix", "tsne", "roc", "calibration"])
def test_each_figure_can_be_saved(page, qtbot, name):
    with qtbot.waitSignal(page.figure_requested) as told:
        qtbot.mouseClick(page.save_buttons[name], LEFT)
    assert told.args == [name]


def test_every_crystal_can_be_laid_out(page, qtbot):
    with qtbot.waitSignal(page.layout_requested) as told:
        page.which.activated.emit(1)
    assert told.args == [EVERY]
