"""What of the network is laid on the micrograph, and the figures for a paper."""

from collections.abc import Sequence

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QCheckBox, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.legend import Legend
from napari_mcn.panels.panel import Panel, heading, row, sentence

PREDICT = "Predict on the Model page, then see where the network errs."
LOOK = (
    "Box the errors on the micrograph, see them in the gallery, or look at the three maps side by "
    "side."
)


class MapsPage(Panel):
    """Teal boxes, the view of three maps, and figures.

    Signals: ``boxes_toggled(bool)``, ``maps_requested()``, ``gallery_requested()`` for the errors
    of this micrograph, ``figures_requested()``.
    """

    boxes_toggled = Signal(bool)
    maps_requested = Signal()
    gallery_requested = Signal()
    figures_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PREDICT, parent)
        self._build_errors()
        self._build_maps()
        self._build_figures()
        self._fill()
        self.set_errors("", available=False)

    def set_legend(self, entries: Sequence[tuple[str, str]]) -> None:
        """Say what colours mean, ``#rrggbb``, while they lie on the micrograph."""
        self.legend.set_entries(entries)

    def set_errors(
        self,
        text: str,
        *,
        available: bool,
        shown: bool = False,
        reason: str = "Predict this micrograph first.",
    ) -> None:
        """Say how many errors this micrograph has, whether they are boxed, and why not."""
        self._errors.setText(text)
        self._errors.setVisible(bool(text))
        self.boxes.setChecked(shown)
        self.boxes.setEnabled(available)
        self.gallery_button.set_available(available, reason)
        self.maps_button.set_available(available, reason)

    def set_running(self, running: bool) -> None:
        """Say whether figures are being drawn."""
        self.figures_button.set_available(not running, "The figures are being drawn.")

    def _build_errors(self) -> None:
        self.boxes = QCheckBox("Predicted classes, errors in teal boxes")
        self.boxes.setToolTip("Lay the predicted classes on the micrograph; hold H to see it bare.")
        self.boxes.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.boxes.clicked.connect(self.boxes_toggled)
        self._errors, self.legend = sentence(), Legend()
        self.gallery_button = Button("Gallery of these errors", "See them side by side.")
        self.gallery_button.clicked.connect(self.gallery_requested)
        self._add(heading("Errors on this micrograph"))
        for part in (self.boxes, self.legend, self._errors, self.gallery_button):
            self._add(part)

    def _build_maps(self) -> None:
        self.maps_button = Button(
            "Side by side", "The micrograph, the experts' map and the network's, moving together."
        )
        self.maps_button.clicked.connect(self.maps_requested)
        self._add(heading("Three maps"))
        self._add(
            sentence(
                "The micrograph, the experts' classes and the network's in one window. Drag and "
                "wheel move all three; a double click flies there in the main window."
            )
        )
        self._add(row(self.maps_button, None))

    def _build_figures(self) -> None:
        self.figures_button = Button("Figures for a paper…", "Choose a folder for them.")
        self.figures_button.clicked.connect(self.figures_requested)
        self._add(heading("Figures for a paper"))
        self._add(
            sentence(
                "Activation maps of each block, saliency of each class, class maps with the errors "
                "boxed, and t-SNE: as SVG, PDF and PNG, with the numbers behind each as CSV."
            )
        )
        self._add(row(self.figures_button, None))
