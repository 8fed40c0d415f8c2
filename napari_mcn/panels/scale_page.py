"""The scale of the micrograph in view, where every number came from, and the analysed part."""

from collections.abc import Sequence

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QGridLayout, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.fields import Chooser, DecimalNumber
from napari_mcn.panels.fold import Fold
from napari_mcn.panels.panel import Badge, Panel, heading, row, sentence, stacked

STEEPEST = 80.0  # degrees of tilt
UNITS = (("nm", 1e-3), ("µm", 1.0), ("mm", 1e3))  # and what they are in micrometres


class ScalePage(Panel):
    """Measuring the scale bar, correcting for tilt, and leaving the databar out.

    Signals: ``bar_tool_toggled(bool)``, ``bar_length_given(float)`` in micrometres,
    ``tilt_given(float)`` in degrees, ``read_again_requested()``, ``file_scale_requested()``,
    ``region_tool_toggled(bool)``,
    ``databar_requested()``, ``whole_requested()``.
    """

    bar_tool_toggled = Signal(bool)
    bar_length_given = Signal(float)
    tilt_given = Signal(float)
    read_again_requested = Signal()
    file_scale_requested = Signal()
    region_tool_toggled = Signal(bool)
    databar_requested = Signal()
    whole_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Open a micrograph on the Micrographs page first.", parent)
        self._content = stacked(
            self._build_scale(),
            self._build_bar(),
            self._build_tilt(),
            self._build_region(),
            self._build_known(),
        )
        self._add(self._content)
        self._column.addStretch(1)
        self.set_present(False)
        self.set_offer("")

    def set_present(self, present: bool) -> None:
        """Show the parts only while there is a micrograph."""
        self._content.setVisible(present)

    def set_scale(self, text: str, known: bool, doubt: str) -> None:
        """Show the scale and why the file's own one is not used or in doubt; red then."""
        self.scale.set_text(text, not known or bool(doubt))
        self.doubt.setText(doubt)
        self.doubt.setVisible(bool(doubt))

    def set_offer(self, text: str) -> None:
        """Offer the scale that the file gives in place of the one in use; empty: nothing to."""
        self.offer.setText(text)
        self.offer.setVisible(bool(text))
        self.file_button.setVisible(bool(text))

    def set_known(self, known: Sequence[tuple[str, str, str]]) -> None:
        """Show names, values and where each value came from."""
        while (item := self._table.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for at, parts in enumerate(known):
            for column, text in enumerate(parts):
                label = sentence(text)
                label.setToolTip(text)
                label.setEnabled(column != 2)  # greyed: where it came from
                self._table.addWidget(label, at, column, Qt.AlignmentFlag.AlignTop)

    def set_bar(self, text: str, found: bool) -> None:
        """Say which bar was measured; its length can be given once there is one."""
        self.bar.setText(text)
        self.bar.setVisible(bool(text))
        self.use_button.set_available(found, "Drag along the scale bar in the picture first.")

    def set_tilt(self, text: str, degrees: float, refusal: str) -> None:
        """Say what the tilt does to heights, and offer to correct them unless that is refused."""
        self.tilt.setText(text)
        self.degrees.setValue(degrees)
        self.degrees.setEnabled(not refusal)
        self.tilt_button.set_available(not refusal, refusal)

    def set_region(self, text: str) -> None:
        """Say which part is analysed."""
        self.region.setText(text)

    def let_go(self) -> None:
        """Show that no tool of this page is in hand."""
        for button in (self.bar_button, self.region_button):
            button.setChecked(False)

    def _build_scale(self) -> QWidget:
        self.scale, self.doubt = Badge(), sentence()
        self.offer = sentence()
        self.again_button = Button(
            "Read again…",
            "Choose the file of this micrograph once more: its tags and the text file beside it "
            "are read anew.",
        )
        self.again_button.clicked.connect(self.read_again_requested)
        self.file_button = Button(
            "Use the file's scale", "Take what the file gives in place of yours."
        )
        self.file_button.clicked.connect(self.file_scale_requested)
        buttons = row(self.again_button, self.file_button, None)
        return stacked(self.scale, self.doubt, self.offer, buttons)

    def _build_tilt(self) -> QWidget:
        self.tilt = sentence()
        hint = "Tilt of the stage in degrees; 0 takes the correction back."
        self.degrees = DecimalNumber(0, 0, STEEPEST - 0.1, hint, "°")
        self.degrees.setDecimals(1)
        self.tilt_button = Button(
            "Correct heights", "Divide the height of a pixel by the cosine of the tilt."
        )
        self.tilt_button.clicked.connect(self._on_tilt)
        return stacked(
            heading("Tilt of the stage"), self.tilt, row(self.degrees, self.tilt_button, None)
        )

    def _build_bar(self) -> QWidget:
        self.bar_button = Button(
            "Measure the scale bar",
            "Then drag along the bar that is burnt into the picture; its ends are found.",
            checkable=True,
        )
        self.bar_button.clicked.connect(self._on_bar_button)
        self.bar = sentence()
        self.length = DecimalNumber(1, 0.001, 1_000_000, "The length written beside the bar.")
        self.unit = Chooser("The unit written beside the bar.")
        self.unit.set_choices(((factor, name) for name, factor in UNITS), 1.0)
        self.use_button = Button("Set scale", "Use this length for the bar that was measured.")
        self.use_button.clicked.connect(self._on_use)
        self.set_bar("", False)
        return stacked(
            heading("Scale bar in the picture"),
            self.bar_button,
            self.bar,
            row(self.length, self.unit, self.use_button),
        )

    def _build_region(self) -> QWidget:
        self.region = sentence()
        hint = "Then drag from corner to corner of what is analysed."
        self.region_button = Button("Draw region", hint, checkable=True)
        self.region_button.clicked.connect(self._on_region_button)
        self.databar_button = Button("Find databar", "Look for it at the lower edge.")
        self.databar_button.clicked.connect(self.databar_requested)
        self.whole_button = Button("Whole picture", "Analyse everything, the databar too.")
        self.whole_button.clicked.connect(self.whole_requested)
        buttons = row(self.region_button, self.databar_button, self.whole_button)
        return stacked(heading("Databar and analysed region"), self.region, buttons)

    def _build_known(self) -> QWidget:
        holder = QWidget()
        self._table = QGridLayout(holder)
        self._table.setContentsMargins(0, 0, 0, 0)
        self._table.setVerticalSpacing(2)
        for column, stretch in enumerate((1, 1, 1)):
            self._table.setColumnStretch(column, stretch)
        self.known = Fold("What the file tells, and where", holder)
        return self.known

    def _on_bar_button(self, down: bool) -> None:
        self.region_button.setChecked(False)
        self.bar_tool_toggled.emit(down)

    def _on_region_button(self, down: bool) -> None:
        self.bar_button.setChecked(False)
        self.region_tool_toggled.emit(down)

    def _on_tilt(self) -> None:
        self.tilt_given.emit(self.degrees.value())

    def _on_use(self) -> None:
        self.bar_length_given.emit(self.length.value() * float(self.unit.currentData()))
