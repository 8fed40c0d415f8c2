"""Train a classifier by one button, see how good it is, and let it predict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QCheckBox, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.confusion_table import ConfusionTable
from napari_mcn.panels.curves import Curves
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.fold import Fold
from napari_mcn.panels.panel import Badge, Panel, heading, row, sentence, stacked
from napari_mcn.panels.train_form import TrainFields, TrainForm

NO_MODEL = "Train a classifier first, or choose one."

__all__ = ["ModelPanel", "ResultView", "TrainForm"]


@dataclass(frozen=True, slots=True)
class ResultView:
    """How good a model is.

    ``text`` is a sentence such as ``92 % of 180 crystals right``; ``confusion`` has the experts'
    classes as rows and the network's as columns, in the order of ``classes``; ``warning`` says what
    makes the numbers doubtful.
    """

    text: str
    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    warning: str = ""


class ModelPanel(Panel):
    """Training, its curves, its result, and prediction.

    Signals: ``train_requested(TrainForm)``, ``cancel_requested()``, ``predict_requested()`` for
    the micrograph in view, ``predict_all_requested()``, ``model_chosen(str)`` with a model id,
    ``class_map_toggled(bool)``, ``doubtful_requested()``, ``cell_chosen(str, str)`` with the true
    and the predicted class code.
    """

    train_requested = Signal(object)
    cancel_requested = Signal()
    predict_requested = Signal()
    predict_all_requested = Signal()
    model_chosen = Signal(str)
    class_map_toggled = Signal(bool)
    doubtful_requested = Signal()
    cell_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Label crystals first; then one button trains a classifier.", parent)
        self._build_training()
        self._build_model()
        self._build_result()
        self._fill()
        self.set_running(False)
        self.set_ready(False, "No crystal has a settled label yet.")
        self.set_models((), None)
        self.clear_curves()
        self.set_result(None)

    def set_ready(self, ready: bool, reason: str) -> None:
        """Allow training, or say what is missing."""
        self.train_button.set_available(ready, reason)
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))

    def set_running(self, running: bool) -> None:
        """Say whether a training runs; it can then be cancelled instead of started."""
        self.train_button.setVisible(not running)
        self.cancel_button.setVisible(running)
        self.fold.setVisible(not running)

    def set_models(self, models: Sequence[tuple[str, str]], current: str | None) -> None:
        """Offer the trained models as (id, text) and say which one is used."""
        self.models.set_choices(models, current)
        self._model_part.setVisible(bool(models))
        for button in (self.predict_button, self.predict_all_button):
            button.set_available(current is not None, NO_MODEL)

    def set_predicted(self, shown: bool, available: bool, reason: str = "") -> None:
        """Say whether the micrograph in view has predictions, and whether they are shown."""
        self.class_map.setChecked(shown)
        self.class_map.setEnabled(available)
        self.class_map.setToolTip("" if available else reason)
        self.doubtful_button.set_available(available, reason)

    def clear_curves(self) -> None:
        """Empty the curves before a training."""
        self.curves.clear()
        self.curves.setVisible(False)

    def add_epoch(self, values: Mapping[str, float]) -> None:
        """Draw one more epoch: loss, accuracy, val_loss, val_accuracy."""
        self.curves.add_epoch(values)
        self.curves.setVisible(True)

    def set_result(self, result: ResultView | None) -> None:
        """Show how good the chosen model is; None hides the result."""
        self._result_part.setVisible(result is not None)
        if result is None:
            return
        self._accuracy.setText(result.text)
        self.warning.set_text(result.warning)
        self.confusion.set_matrix(result.classes, result.confusion)

    def _build_training(self) -> None:
        self.fields = TrainFields()
        self.fold = Fold("Advanced", self.fields)
        self.train_button = Button("Train", "Learn from the settled labels.", primary=True)
        self.train_button.clicked.connect(lambda: self.train_requested.emit(self.fields.value()))
        self.cancel_button = Button("Cancel training", "Stop; earlier models stay.", primary=True)
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.reason = sentence()
        self.curves = Curves()
        for part in (self.train_button, self.cancel_button, self.reason, self.fold, self.curves):
            self._add(part)

    def _build_model(self) -> None:
        self.models = Chooser("Which trained model is used.")
        self.models.activated.connect(
            lambda at: self.model_chosen.emit(str(self.models.itemData(at)))
        )
        self.predict_button = Button("Predict here", "Classify the crystals of this micrograph.")
        self.predict_all_button = Button("Predict all", "Classify every crystal of the project.")
        self.class_map = QCheckBox("Show predicted classes")
        self.class_map.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.doubtful_button = Button("Next doubtful", "Fly to the least certain crystal.")
        self.predict_button.clicked.connect(self.predict_requested)
        self.predict_all_button.clicked.connect(self.predict_all_requested)
        self.class_map.clicked.connect(self.class_map_toggled)
        self.doubtful_button.clicked.connect(self.doubtful_requested)
        self._model_part = stacked(
            heading("Model in use"),
            self.models,
            row(self.predict_button, self.predict_all_button),
            row(self.class_map, self.doubtful_button),
        )
        self._add(self._model_part)
        self.set_predicted(False, False, "Predict first.")

    def _build_result(self) -> None:
        self._accuracy = sentence()
        self.warning = Badge()
        self.confusion = ConfusionTable()
        self.confusion.cell_chosen.connect(self.cell_chosen)
        said = sentence("Rows: the experts; columns: the network. Click to see the crystals.")
        self._result_part = stacked(
            heading("How good it is"), self._accuracy, self.warning, self.confusion, said
        )
        self._add(self._result_part)
