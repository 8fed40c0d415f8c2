"""Train a classifier by one button, see how good it is, and let it predict."""

from collections.abc import Mapping, Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.compare_page import ComparePage
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.import_page import ImportPage
from napari_mcn.panels.pages import Pages, scrolled
from napari_mcn.panels.panel import Panel, caption, row, sentence, stacked
from napari_mcn.panels.predict_page import NO_MODEL, PredictPage
from napari_mcn.panels.results_page import ResultsPage, ResultView
from napari_mcn.panels.search_page import SearchPage
from napari_mcn.panels.train_form import TrainForm
from napari_mcn.panels.train_page import TrainPage

TRAIN, RESULTS, PREDICT = "Train", "Results", "Predict"
COMPARE, SEARCH, IMPORT = "Compare", "Search", "Import"
HINTS = {
    TRAIN: "Teach a network the settled classes.",
    RESULTS: "How good the chosen model is.",
    PREDICT: "Let the chosen model name crystals.",
    COMPARE: "The models of this project beside each other.",
    SEARCH: "Look for better choices of a training.",
    IMPORT: "Take in a classifier that was trained elsewhere.",
}

__all__ = ["NO_MODEL", "ModelPanel", "ResultView", "TrainForm"]


class ModelPanel(Panel):
    """The model in use, and a page for each thing one does with models.

    Signals: ``model_chosen(str)`` with a model id, ``page_shown(str)`` when a page comes to the
    front, ``step_requested(int)`` to the next (1) or previous (-1) of the chosen crystals; those of
    the pages ``train``, ``results`` and ``predict`` are here too.
    """

    train_requested = Signal(object)
    cancel_requested = Signal()
    predict_requested = Signal()
    predict_all_requested = Signal()
    model_chosen = Signal(str)
    class_map_toggled = Signal(bool)
    doubtful_requested = Signal()
    cell_chosen = Signal(str, str)
    page_shown = Signal(str)
    step_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Label crystals first; then one button trains a classifier.", parent)
        self._build_model()
        self._build_pages()
        self._build_chosen()
        self._pass_on()
        self.set_running(False)
        self.set_ready(False, "No crystal has a settled label yet.")
        self.set_models((), None)
        self.clear_curves()
        self.set_result(None)
        self.set_chosen("", 0)

    @property
    def page(self) -> str:
        """Name of the page in front."""
        return self.pages.page

    def show_page(self, name: str) -> None:
        """Bring a page to the front, as a click on its button does."""
        self.pages.show_page(name)
        self.page_shown.emit(name)

    def set_ready(self, ready: bool, reason: str) -> None:
        """Allow training, or say what is missing."""
        self.train.set_ready(ready, reason)

    def set_running(self, running: bool) -> None:
        """Say whether a training runs; it can then be cancelled instead of started."""
        self.train.set_running(running)

    def set_models(self, models: Sequence[tuple[str, str]], current: str | None) -> None:
        """Offer the trained models as (id, text) and say which one is used."""
        self.models.set_choices(models, current)
        self._model_part.setVisible(bool(models))
        for name in (RESULTS, PREDICT, COMPARE):
            self.pages.buttons[name].set_available(bool(models), NO_MODEL)
        if not models and self.page in {RESULTS, PREDICT, COMPARE}:
            self.show_page(TRAIN)
        self.predict.set_available(current is not None)

    def set_predicted(self, shown: bool, available: bool, reason: str = "") -> None:
        """Say whether the micrograph in view has predictions, and whether they are shown."""
        self.predict.set_predicted(shown, available, reason)

    def clear_curves(self) -> None:
        """Empty the curves before a training."""
        self.train.clear_curves()

    def add_epoch(self, values: Mapping[str, float]) -> None:
        """Draw one more epoch: loss, accuracy, val_loss, val_accuracy."""
        self.train.add_epoch(values)

    def set_result(self, result: ResultView | None) -> None:
        """Show how good the chosen model is; None hides the result."""
        self.results.set_result(result)

    def set_chosen(self, text: str, count: int) -> None:
        """Name the crystals that a figure led to; an empty text hides the line."""
        self._chosen.setText(text)
        self._show_chosen(self.page)
        for button in (self.previous_button, self.next_button):
            button.setVisible(count > 1)

    def _build_model(self) -> None:
        self.models = Chooser("Which trained model is used.")
        self.models.activated.connect(
            lambda at: self.model_chosen.emit(str(self.models.itemData(at)))
        )
        self._model_part = stacked(row(caption("Model in use"), self.models))
        self._add(self._model_part)

    def _build_pages(self) -> None:
        self.pages = Pages(3)
        self.train, self.results, self.predict = TrainPage(), ResultsPage(), PredictPage()
        self.compare, self.search, self.imports = ComparePage(), SearchPage(), ImportPage()
        named = {
            **{TRAIN: self.train, RESULTS: self.results, PREDICT: self.predict},
            **{COMPARE: self.compare, SEARCH: self.search, IMPORT: self.imports},
        }
        for name, page in named.items():
            self.pages.add_page(name, scrolled(page), HINTS[name])
        self._add(self.pages, 1)

    def _build_chosen(self) -> None:
        self._chosen = sentence()
        self.previous_button = Button("‹", "The crystal before.")
        self.next_button = Button("›", "The next crystal.")
        for button in (self.previous_button, self.next_button):
            button.setFixedWidth(40)
        self.previous_button.clicked.connect(lambda: self.step_requested.emit(-1))
        self.next_button.clicked.connect(lambda: self.step_requested.emit(1))
        line = row(self._chosen, self.previous_button, self.next_button)
        line.setStretch(0, 1)
        self._chosen_part = stacked(line)
        self._add(self._chosen_part)

    def _show_chosen(self, page: str) -> None:
        self._chosen_part.setVisible(bool(self._chosen.text()) and page == RESULTS)

    def _pass_on(self) -> None:
        """Let the pages' signals be heard here, and their parts be found."""
        self.pages.page_chosen.connect(self.page_shown)
        self.page_shown.connect(self._show_chosen)
        self.train.train_requested.connect(self.train_requested)
        self.train.cancel_requested.connect(self.cancel_requested)
        self.results.cell_chosen.connect(self.cell_chosen)
        self.predict.predict_requested.connect(self.predict_requested)
        self.predict.predict_all_requested.connect(self.predict_all_requested)
        self.predict.class_map_toggled.connect(self.class_map_toggled)
        self.predict.doubtful_requested.connect(self.doubtful_requested)
        self.fields, self.fold, self.curves = self.train.fields, self.train.fold, self.train.curves
        self.train_button, self.cancel_button = self.train.train_button, self.train.cancel_button
        self.reason, self.confusion = self.train.reason, self.results.confusion
        self.warning, self.class_map = self.results.warning, self.predict.class_map
        self.predict_button = self.predict.predict_button
        self.predict_all_button = self.predict.predict_all_button
        self.doubtful_button = self.predict.doubtful_button
