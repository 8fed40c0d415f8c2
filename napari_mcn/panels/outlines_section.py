"""Outlines that come from another program."""

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.fold import Fold
from napari_mcn.panels.panel import sentence, stacked

ABOUT = (
    "A label image (TIFF, PNG), COCO, QuPath's GeoJSON or an ImageJ RoiSet of this micrograph. "
    "Undo takes all of them back."
)


class OutlinesSection(QWidget):
    """Asks for a file of outlines.

    Signals: ``import_requested()``.
    """

    import_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.import_button = Button("Import outlines…", "Add the crystals of a file.")
        self.import_button.clicked.connect(self.import_requested)
        self.fold = Fold("Outlines of other programs", stacked(sentence(ABOUT), self.import_button))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.fold)

    def set_running(self, running: bool) -> None:
        """Say whether a file is being read."""
        self.import_button.set_available(not running, "The file is being read.")
