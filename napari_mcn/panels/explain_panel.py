"""Ask the network why, and see the answer laid over the crystal."""

from collections.abc import Sequence

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QCheckBox, QSlider, QWidget

from microcrystalnet.domain.scheme import FOUR_CLASSES, Scheme
from napari_mcn.panels.button import Button
from napari_mcn.panels.class_bars import ClassBars
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.panel import Panel, caption, heading, row, sentence, stacked


class ExplainPanel(Panel):
    """The crystal, what the network says of it, and how the overlay is drawn.

    Signals: ``explain_requested()``, ``target_chosen(object)`` with a class code or None for the
    predicted class, ``opacity_changed(float)`` 0 to 1, ``hidden_changed(bool)``.
    """

    explain_requested = Signal()
    target_chosen = Signal(object)
    opacity_changed = Signal(float)
    hidden_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Train a classifier on the Model tab, then click a crystal.", parent)
        self._crystal: str | None = None
        self._model: str | None = None
        self._busy = False
        self._build_subject()
        self._build_question()
        self._build_overlay()
        self._fill()
        self.set_scheme(FOUR_CLASSES)
        self.set_crystal(None)
        self.set_prediction(())
        self.set_legend("")
        self.set_model(None)

    def set_scheme(self, scheme: Scheme) -> None:
        """Offer the classes of a scheme as what is explained."""
        self.bars.set_scheme(scheme)
        classes = [(each.code, f"{each.code}  {each.name}") for each in scheme.classes]
        self.target.set_choices([(None, "The predicted class"), *classes], None)
        self.target.setCurrentIndex(0)

    def set_crystal(self, title: str | None) -> None:
        """Name the selected crystal; None when there is none."""
        self._crystal = title
        self.title.setText(title or "No crystal is selected")
        self._allow()

    def set_prediction(self, prediction: Sequence[tuple[str, float]]) -> None:
        """Show (class code, probability); empty when there is no prediction."""
        self.bars.set_bars(prediction)
        self.bars.setVisible(bool(prediction))

    def set_busy(self, busy: bool) -> None:
        """Say whether an explanation is being computed."""
        self._busy = busy
        self.explain_button.setText("Working…" if busy else "Why this class?")
        self._allow()

    def set_legend(self, text: str) -> None:
        """Say what the overlay's colours mean; empty when nothing is laid over."""
        self.legend.setText(text)
        self.overlay.setVisible(bool(text))

    def set_model(self, text: str | None) -> None:
        """Name the model that answers; None when there is none."""
        self._model = text
        self._model_name.setText(f"Model: {text}" if text else "No model is chosen.")
        self._allow()

    def _allow(self) -> None:
        reason = "" if self._model else "Train or choose a classifier on the Model tab first."
        reason = reason or ("" if self._crystal else "Select a crystal first.")
        reason = reason or ("The answer is on its way." if self._busy else "")
        self.explain_button.set_available(not reason, reason)

    def _build_subject(self) -> None:
        self.title = caption("", large=True)
        self._model_name = sentence()
        self.bars = ClassBars(FOUR_CLASSES)
        self._add(self.title)
        self._add(self._model_name)
        self._add(self.bars)

    def _build_question(self) -> None:
        self.target = Chooser("Which class the explanation speaks for.")
        self.target.activated.connect(lambda at: self.target_chosen.emit(self.target.itemData(at)))
        self.explain_button = Button(
            "Why this class?", "Show what the network looks at (W).", primary=True
        )
        self.explain_button.clicked.connect(self.explain_requested)
        for part in (heading("Explain"), self.target, self.explain_button):
            self._add(part)

    def _build_overlay(self) -> None:
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(60)
        self.opacity.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.opacity.valueChanged.connect(lambda value: self.opacity_changed.emit(value / 100))
        self.hidden = QCheckBox("Hide")
        self.hidden.setToolTip("Hide the overlay; or hold H.")
        self.hidden.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hidden.clicked.connect(self.hidden_changed)
        self.legend = sentence()
        layout = row(caption("Opacity"), self.opacity, self.hidden)
        self.overlay = stacked(heading("Overlay"), layout, self.legend)
        self._add(self.overlay)
