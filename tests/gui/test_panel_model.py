"""The model panel: training, curves, models, result."""

import pytest
from qtpy.QtCore import QPoint, QPointF, Qt
from qtpy.QtGui import QWheelEvent
from qtpy.QtWidgets import QApplication

from napari_mcn.panels.class_bars import ClassBars
from napari_mcn.panels.confusion_table import ConfusionTable
from napari_mcn.panels.curves import Curves
from napari_mcn.panels.model_panel import ModelPanel, ResultView, TrainForm

LEFT = Qt.MouseButton.LeftButton
RESULT = ResultView(
    "88 % of 180 crystals right", ("RES", "PES"), ((52, 6), (9, 40)), "Too hopeful."
)


@pytest.fixture
def panel(qtbot):
    """A panel that may train, with one model that has predicted."""
    panel = ModelPanel()
    qtbot.addWidget(panel)
    panel.set_ready(True, "")
    panel.set_models([("m1", "First"), ("m2", "Second")], "m1")
    panel.set_predicted(shown=False, available=True)
    panel.show()
    return panel


def test_training_starts_with_the_form_as_it_stands(panel, qtbot):
    panel.fields.epochs.setValue(5)
    with qtbot.waitSignal(panel.train_requested) as told:
        qtbot.mouseClick(panel.train_button, LEFT)
    assert told.args == [TrainForm(epochs=5)]


def test_every_choice_of_the_form_is_read(panel):
    fields = panel.fields
    fields.learning_rate.setValue(0.0005)
    fields.refits.setText("1, 4")
    fields.nsr.boxes["pca"].setChecked(False)
    fields.augment.setChecked(False)
    fields.targets.setCurrentIndex(1)
    assert fields.value() == TrainForm(
        learning_rate=0.0005,
        refits=(1, 4),
        nsr=("z-score", "l1"),
        augment=False,
        targets="paper",
    )


def test_a_step_of_the_learning_rate_is_small(panel):
    panel.fields.learning_rate.stepUp()
    assert panel.fields.value().learning_rate == pytest.approx(0.0011)


def test_the_form_is_folded_away_until_wanted(panel, qtbot):
    before = panel.fields.isVisible()
    qtbot.mouseClick(panel.fold.heading, LEFT)
    assert (before, panel.fields.isVisible()) == (False, True)


def wheel():
    """Turn the mouse wheel by one notch."""
    return QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


@pytest.mark.parametrize("field", ["epochs", "network"])
def test_the_wheel_passing_over_a_field_changes_nothing(panel, field):
    before = panel.fields.value()
    QApplication.sendEvent(getattr(panel.fields, field), wheel())
    assert panel.fields.value() == before


@pytest.mark.parametrize(
    ("button", "signal"),
    [
        ("predict_button", "predict_requested"),
        ("predict_all_button", "predict_all_requested"),
        ("doubtful_button", "doubtful_requested"),
    ],
)
def test_a_button_tells_what_the_user_wants(panel, qtbot, button, signal):
    with qtbot.waitSignal(getattr(panel, signal)):
        qtbot.mouseClick(getattr(panel, button), LEFT)


def test_what_is_missing_for_training_is_said(panel):
    panel.set_ready(False, "Only one class is settled.")
    assert not panel.train_button.isEnabled()
    assert panel.reason.text() == "Only one class is settled."


def test_a_running_training_can_only_be_cancelled(panel, qtbot):
    panel.set_running(True)
    assert not panel.train_button.isVisible()
    with qtbot.waitSignal(panel.cancel_requested):
        qtbot.mouseClick(panel.cancel_button, LEFT)


def test_a_chosen_model_is_told_by_its_id(panel, qtbot):
    with qtbot.waitSignal(panel.model_chosen) as told:
        panel.models.activated.emit(1)
    assert told.args == ["m2"]


def test_prediction_is_absent_before_there_is_a_model(panel):
    panel.set_models([], None)
    assert not panel.predict_button.isVisible()


def test_switching_the_class_map_is_told(panel, qtbot):
    with qtbot.waitSignal(panel.class_map_toggled) as told:
        panel.class_map.click()
    assert told.args == [True]


def test_showing_that_the_class_map_is_on_tells_nobody(panel, qtbot):
    with qtbot.assertNotEmitted(panel.class_map_toggled):
        panel.set_predicted(shown=True, available=True)


def test_curves_appear_with_the_first_epoch(panel):
    before = panel.curves.isVisible()
    panel.add_epoch({"loss": 1.0, "accuracy": 0.4, "val_loss": 1.1, "val_accuracy": 0.3})
    assert (before, panel.curves.isVisible(), panel.curves.loss.epochs) == (False, True, 1)


def test_a_new_training_empties_the_curves(panel):
    panel.add_epoch({"loss": 1.0, "accuracy": 0.4})
    panel.clear_curves()
    assert panel.curves.accuracy.epochs == 0


def test_the_result_is_absent_before_there_is_one(panel):
    assert not panel.confusion.isVisible()


def test_the_result_warns_where_its_numbers_are_doubtful(panel):
    panel.set_result(RESULT)
    assert panel.warning.text() == "Too hopeful."


def test_a_cell_of_the_confusion_matrix_tells_truth_and_prediction(panel, qtbot):
    panel.show_page("Results")
    panel.set_result(RESULT)
    cell = panel.confusion.visualItemRect(panel.confusion.item(1, 0)).center()
    with qtbot.waitSignal(panel.cell_chosen) as told:
        qtbot.mouseClick(panel.confusion.viewport(), LEFT, pos=cell)
    assert told.args == ["PES", "RES"]


def test_every_row_of_the_confusion_matrix_is_in_view(qtbot):
    table = ConfusionTable()
    qtbot.addWidget(table)
    table.set_matrix(("A", "B", "C", "D"), [[1] * 4] * 4)
    table.show()
    assert table.viewport().rect().contains(table.visualItemRect(table.item(3, 3)))


def test_a_smaller_scheme_leaves_no_cell_of_a_larger_one(qtbot):
    table = ConfusionTable()
    qtbot.addWidget(table)
    table.set_matrix(("A", "B", "C"), [[1] * 3] * 3)
    table.set_matrix(("A", "B"), [[1] * 2] * 2)
    assert (table.rowCount(), table.columnCount()) == (2, 2)


def has_colour(widget, name):
    image = widget.grab().toImage()
    spots = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return any(image.pixelColor(*spot).name() == name for spot in spots)


def test_a_missing_validation_leaves_its_curve_out(qtbot):
    curves = Curves()
    qtbot.addWidget(curves)
    curves.add_epoch({"loss": 1.0})
    curves.add_epoch({"loss": 0.5})
    assert has_colour(curves.loss, "#56b4e9")
    assert not has_colour(curves.loss, "#e69f00")


def test_a_loss_of_zero_can_be_drawn(qtbot):
    curves = Curves()
    qtbot.addWidget(curves)
    curves.add_epoch({"loss": 0.0})
    assert has_colour(curves.loss, "#56b4e9")


def test_a_bar_has_the_colour_of_its_class_and_the_length_of_its_probability(qtbot):
    bars = ClassBars()
    qtbot.addWidget(bars)
    bars.set_bars([("RES", 0.5), ("PES", 0.0)])
    bars.resize(210, 48)
    painted = bars.grab().toImage()
    assert painted.pixelColor(52 + 45, 12).name() == "#0072b2"
    assert painted.pixelColor(52 + 55, 12).name() != "#0072b2"
