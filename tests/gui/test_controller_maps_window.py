"""Three maps side by side, in a window of their own."""

import numpy as np
import pytest
from maps_desk import maps, opened, page  # noqa: F401
from qtpy.QtCore import QPoint, QPointF, Qt
from qtpy.QtGui import QWheelEvent
from qtpy.QtWidgets import (
    QApplication,
    QGraphicsPathItem,
    QGraphicsPixmapItem,
    QGraphicsRectItem,
)

from microcrystalnet.domain.colours import TEAL
from napari_mcn.panels.side_by_side import Patch


@pytest.fixture
def window(maps, page, qtbot):
    page.maps_button.click()
    qtbot.addWidget(maps.window)
    return maps.window


def test_three_views_show_the_experts_and_the_networks_classes(window):
    shapes = [len(view.scene().items()) for view in window.views]
    assert shapes == [1, 4, 6]  # the micrograph, three crystals, one box and its dark ground


def test_boxes_lie_above_every_crystal(window, qtbot):
    outline = (np.array([(4, 4), (20, 4), (20, 20)], float),)
    patches = [Patch("a", outline, "#d55e00", boxed=True), Patch("b", outline, "#009e73")]
    window.show_maps(np.zeros((40, 40), np.uint8), [[], [], patches], [])
    seen = window.views[2].scene().items()  # the topmost first
    kinds = [type(each) for each in seen]
    assert kinds == [QGraphicsRectItem] * 2 + [QGraphicsPathItem] * 2 + [QGraphicsPixmapItem]
    assert [each.pen().color().name() for each in seen[:2]] == [TEAL, "#000000"]


def test_zooming_one_view_zooms_all(window):
    first, second, third = window.views
    place, none = QPointF(20, 20), QPoint()
    buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    phase = Qt.ScrollPhase.NoScrollPhase
    turned = QWheelEvent(place, place, none, QPoint(0, 120), buttons, keys, phase, False)
    QApplication.sendEvent(second.viewport(), turned)
    assert first.transform() == second.transform() == third.transform()
    assert second.transform().m11() > 0


def test_moving_one_view_moves_all(window):
    for view in window.views[:1]:
        view.scale(8, 8)
        view.moved.emit()
        view.centerOn(30, 20)
    middles = [(view.middle.x(), view.middle.y()) for view in window.views]
    assert middles[1:] == [pytest.approx(middles[0], abs=1.0)] * 2


def test_a_double_click_flies_there_in_the_main_window(window, session, named):
    window.opened.emit(10.0, 10.0)
    assert session.crystal_id == named[0]


def test_closing_the_window_leaves_everything_as_it_was(window, maps, canvas):
    before = canvas.sheet.predicted.visible, canvas.sheet.boxes.masks
    window.close()
    assert (maps.window, before) == (
        None,
        (canvas.sheet.predicted.visible, canvas.sheet.boxes.masks),
    )


def test_another_micrograph_closes_it(window, maps, session):
    session.show(None)
    assert maps.window is None


def test_maps_without_predictions_are_refused(maps, session, told):
    session.model_id = None
    maps.show_maps()
    assert told == [("warning", "Nothing is predicted here yet: press Predict on the Model page.")]


def test_a_large_micrograph_is_shown_coarser(window):
    window.show_maps(np.zeros((9000, 20), np.uint8), [[], [], []], [])
    assert window.views[0].sceneRect().height() == 9000
    assert window.views[0].scene().items()[0].pixmap().height() == 4500
