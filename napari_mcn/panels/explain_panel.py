"""Ask the network why, and see the answer laid over the crystal."""

from collections.abc import Mapping, Sequence

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QCheckBox, QSlider, QWidget

from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.imaging.colour_scales import ColourScale
from napari_mcn.panels.button import Button
from napari_mcn.panels.colour_bar import ColourBar
from napari_mcn.panels.layers_page import LayersPage
from napari_mcn.panels.pages import Pages
from napari_mcn.panels.panel import Panel, caption, heading, row, sentence, stacked
from napari_mcn.panels.trust_page import TrustPage
from napari_mcn.panels.why_page import WhyPage

WHY, LAYERS, TRUST = "Why", "Layers", "Trust"
HINTS = {
    WHY: "Which pixels count for the class.",
    LAYERS: "What each convolution block sees.",
    TRUST: "Whether the maps can be relied on.",
}
METHODS = {
    "saliency": "Gradient saliency",
    "smoothgrad": "SmoothGrad",
    "integrated": "Integrated gradients",
    "gradcam": "Grad-CAM",
}


class ExplainPanel(Panel):
    """The crystal, three pages of questions, and how the overlay is drawn.

    Signals: ``opacity_changed(float)`` 0 to 1, ``hidden_changed(bool)``, ``figure_requested()``,
    ``values_requested()``. The pages ``why``, ``layers`` and ``trust`` have their own.
    """

    opacity_changed = Signal(float)
    hidden_changed = Signal(bool)
    figure_requested = Signal()
    values_requested = Signal()

    def __init__(self, methods: Mapping[str, str] = METHODS, parent: QWidget | None = None) -> None:
        super().__init__("Train a classifier on the Model tab, then click a crystal.", parent)
        self._crystal: str | None = None
        self._model: str | None = None
        self._busy = False
        self._build_subject()
        self.why, self.layers, self.trust = WhyPage(methods), LayersPage(), TrustPage()
        self._build_pages()
        self._build_overlay()
        self._fill()
        self.set_crystal(None)
        self.set_prediction(())
        self.set_legend("")
        self.set_model(None)

    @property
    def explain_button(self) -> Button:
        """The button that asks why."""
        return self.why.explain_button

    def set_targets(self, scheme: Scheme, codes: Sequence[str]) -> None:
        """Offer the classes that a model tells apart as what is explained."""
        self.why.set_targets(scheme, codes)

    def set_blocks(self, count: int) -> None:
        """Say how many convolution blocks the model has."""
        self.why.set_blocks(count)
        self.layers.set_blocks(count, count or None)

    def set_crystal(self, title: str | None) -> None:
        """Name the selected crystal; None when there is none."""
        self._crystal = title
        self.title.setText(title or "No crystal is selected")
        self._allow()

    def set_everywhere(self, everywhere: bool) -> None:
        """Say whether all crystals of the micrograph are explained."""
        self.why.set_everywhere(everywhere)
        self._allow()

    def set_prediction(self, prediction: Sequence[tuple[str, float]]) -> None:
        """Show (class code, probability); empty when there is no prediction."""
        self.why.set_prediction(prediction)

    def set_busy(self, busy: bool) -> None:
        """Say whether an explanation is being computed."""
        self._busy = busy
        self.why.set_busy(busy)
        self._allow()

    def set_legend(self, text: str) -> None:
        """Say what the overlay's colours mean; empty when nothing is laid over."""
        self.legend.setText(text)
        self.overlay.setVisible(bool(text))

    def set_scale(self, scale: ColourScale, limits: tuple[float, float], unit: str = "") -> None:
        """Show the colours of the overlay with the values at their ends."""
        self.colour_bar.set_scale(scale, limits, unit)

    def set_model(self, text: str | None) -> None:
        """Name the model that answers; None when there is none."""
        self._model = text
        self._model_name.setText(text or "No model is chosen.")
        self._allow()

    def _allow(self) -> None:
        lacking = "" if self._model else "Train or choose a classifier on the Model tab first."
        self.why.all_button.set_available(not lacking, lacking)
        reason = lacking or ("" if self._crystal else "Select a crystal first.")
        self.trust.set_available(reason)
        reason = reason or ("The answer is on its way." if self._busy else "")
        reason = lacking if self.why.everywhere else reason
        self.explain_button.set_available(not reason, reason)

    def _build_subject(self) -> None:
        self.title = caption("", large=True)
        self._model_name = sentence()
        self._add(row(self.title, self._model_name))

    def _build_pages(self) -> None:
        self.pages = Pages(3)
        for name, page in ((WHY, self.why), (LAYERS, self.layers), (TRUST, self.trust)):
            self.pages.add_page(name, page, HINTS[name])
        self._add(self.pages)

    def _build_overlay(self) -> None:
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(80)
        self.opacity.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.opacity.valueChanged.connect(lambda value: self.opacity_changed.emit(value / 100))
        self.hidden = QCheckBox("Hide")
        self.hidden.setToolTip("Hide the overlay; or hold H.")
        self.hidden.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hidden.clicked.connect(self.hidden_changed)
        self.legend, self.colour_bar = sentence(), ColourBar()
        self.figure_button = Button("Save figure…", "What is seen, as PNG, SVG or PDF.")
        self.figure_button.clicked.connect(self.figure_requested)
        self.values_button = Button("Save values…", "The map's numbers, as a float TIFF.")
        self.values_button.clicked.connect(self.values_requested)
        self.overlay = stacked(
            heading("On the micrograph"),
            row(caption("Opacity"), self.opacity, self.hidden),
            self.colour_bar,
            self.legend,
            row(self.figure_button, self.values_button),
        )
        self._add(self.overlay)
