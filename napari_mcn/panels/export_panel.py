"""What leaves the program: files for other programs, the report, and a copy of the project."""

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QCheckBox, QGridLayout, QWidget

from napari_mcn.panels.button import Button, squeezed
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.panel import Panel, caption, heading, row, sentence, stacked

# The names are those of `mcn export --format`; the texts say what they are for.
FORMATS = {
    "csv": ("Table (CSV)", "One row per crystal: classes, answers, prediction, sizes."),
    "xlsx": ("Excel", "The same table, and one of the micrographs, as a workbook."),
    "answers": ("Answers (CSV)", "One row per answer: notes, ticks, form, whether it was blind."),
    "labels": ("Labels (TIFF)", "A number per crystal, with ImageJ's scale; and which is which."),
    "ome-tiff": ("OME-TIFF", "The same label images with their scale as OME says it."),
    "coco": ("COCO", "All outlines in one file, for machine learning."),
    "geojson": ("QuPath", "Outlines with classes and colours, one GeoJSON per micrograph."),
    "imagej": ("ImageJ", "A RoiSet.zip per micrograph, exact to the pixel."),
    "crops": ("Crops (.tif)", "A picture per crystal, and the table that mcn train takes."),
}
WHOLE, SHOWN = "whole", "shown"
ROWS = 5  # of ticks, so that two columns fit a narrow dock
EVERYONE = (
    "Tables, outlines with classes and the report show everyone's answers: what you label "
    "afterwards on those crystals does not count as blind."
)


class ExportPanel(Panel):
    """Formats to tick, what of the project, and three things to write.

    Signals: ``export_requested()``, ``report_requested()``, ``snapshot_requested()``,
    ``open_requested()`` to look at what was written.
    """

    export_requested = Signal()
    report_requested = Signal()
    snapshot_requested = Signal()
    open_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._reason = ""
        self._add_export()
        self._add_report()
        self._add_outcome()
        self._fill()
        self.set_available("Open a project first.")
        self.set_outcome("")
        self.set_micrograph("")

    @property
    def formats(self) -> tuple[str, ...]:
        """The ticked formats."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    @property
    def whole(self) -> bool:
        """Whether the whole project is wanted, and not only the shown micrograph."""
        return self.chooser.currentData() != SHOWN

    def set_available(self, reason: str) -> None:
        """Allow the buttons, or say why they cannot be pressed."""
        self._reason = reason
        for button in (self.report_button, self.snapshot_button):
            button.set_available(not reason, reason)
        self._show_export()

    def set_micrograph(self, name: str) -> None:
        """Offer the shown micrograph, by name; only the whole project without one."""
        choices = [(WHOLE, "the whole project")]
        if name:
            choices.append((SHOWN, f"only {name}"))
        self.chooser.set_choices(choices, SHOWN if name and not self.whole else WHOLE)

    def set_outcome(self, text: str, *, written: bool = False) -> None:
        """Say what was written, or why nothing was."""
        self.outcome.setText(text)
        self.open_button.setVisible(written)
        self._outcome.setVisible(bool(text))

    def _add_export(self) -> None:
        self.boxes: dict[str, QCheckBox] = {}
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        for at, (name, (text, hint)) in enumerate(FORMATS.items()):
            box = QCheckBox(text)
            box.setToolTip(hint)
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            box.toggled.connect(self._show_export)
            self.boxes[name] = box
            grid.addWidget(box, at % ROWS, at // ROWS)
        self.chooser = Chooser("What of the project is written.")
        self.chooser.squeeze()
        self.export_button = Button("Export…", "Choose a folder and write.", primary=True)
        self.export_button.clicked.connect(self.export_requested)
        self._add(heading("For other programs"))
        self._add(grid)
        what = row(caption("Write"), self.chooser)
        what.setStretch(1, 1)
        self._add(what)
        self._add(self.export_button)

    def _add_report(self) -> None:
        self.report_button = squeezed(
            Button("Report…", "One HTML file with every table and figure; print it for a PDF.")
        )
        self.snapshot_button = squeezed(
            Button("Snapshot…", "A zip of the project as it is now, to open elsewhere or to keep.")
        )
        self.report_button.clicked.connect(self.report_requested)
        self.snapshot_button.clicked.connect(self.snapshot_requested)
        self._add(heading("For a paper, a colleague, the archive"))
        self._add(row(self.report_button, self.snapshot_button))
        self._add(sentence(EVERYONE))

    def _add_outcome(self) -> None:
        self.outcome = sentence()
        self.outcome.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.open_button = Button("Show it", "Open what was written.")
        self.open_button.clicked.connect(self.open_requested)
        self._outcome = stacked(self.outcome, row(self.open_button, None))
        self._add(self._outcome)

    def _show_export(self) -> None:
        reason = self._reason or ("" if self.formats else "Tick a format first.")
        self.export_button.set_available(not reason, reason)
