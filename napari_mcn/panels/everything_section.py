"""Every crystal proposed at once, and sliders that choose among the proposals while one looks."""

from dataclasses import dataclass

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.panel import caption, heading, row, sentence, stacked
from napari_mcn.panels.size_slider import QuietSlider, SizeSlider

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the sliders say; diameters in the unit that is shown, ``largest`` None: no limit."""

    smallest: float
    largest: float | None
    confidence: float
    touching_edge: bool


class EverythingSection(QWidget):
    """The automatic pass of the Segment page.

    Signals: ``proposals_requested()``, ``settings_changed()`` while sliders move,
    ``accept_requested()``, ``discard_requested()``.
    """

    proposals_requested = Signal()
    settings_changed = Signal()
    accept_requested = Signal()
    discard_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.propose_button = Button(
            "Outline all crystals",
            "Propose every crystal of this micrograph; nothing is kept before you accept it.",
            primary=True,
        )
        self.propose_button.clicked.connect(self.proposals_requested)
        self._build_sliders()
        self._build_answer()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(stacked(heading("Everything at once"), self.propose_button, self._choice))
        self.set_proposed(None)

    @property
    def chosen(self) -> Chosen:
        """What the sliders say now."""
        largest = None if self.largest.field.unlimited else self.largest.value
        confidence = self.confidence.value() / PERCENT
        return Chosen(self.smallest.value, largest, confidence, self.edges.isChecked())

    def set_scale(self, unit: str, least: float, most: float, usual: float) -> None:
        """Let diameters run from ``least`` to ``most`` of a unit, beginning with the usual one."""
        self.smallest.set_scale(unit, least, most, usual)
        self.largest.set_scale(unit, least, most, most)

    def set_proposed(self, text: str | None, count: int = 0) -> None:
        """Show what is proposed, with the sliders; None: nothing is, and they are put away."""
        self._said.setText(text or "")
        self._choice.setVisible(text is not None)
        self.accept_button.setText(f"Accept all {count:,}" if count else "Accept all")
        self.accept_button.set_available(count > 0, "With these settings nothing is proposed.")

    def _build_sliders(self) -> None:
        self.smallest = SizeSlider("Crystals of a smaller diameter are left out.")
        self.largest = SizeSlider("Crystals of a larger diameter are left out.", open_ended=True)
        self.confidence = QuietSlider(PERCENT, "To the right: fewer outlines, and surer ones.")
        self.confidence.setValue(PERCENT // 2)
        self._percent = caption("50 %")
        self._percent.setFixedWidth(40)
        self.confidence.valueChanged.connect(lambda value: self._percent.setText(f"{value} %"))
        self.edges = QCheckBox("Also crystals that the edge cuts off")
        self.edges.setToolTip("Outline what lies partly outside; its size is not measured whole.")
        self.edges.setChecked(True)
        for signal in (self.smallest.changed, self.largest.changed, self.confidence.valueChanged):
            signal.connect(lambda _value: self.settings_changed.emit())
        self.edges.toggled.connect(lambda _checked: self.settings_changed.emit())

    def _build_answer(self) -> None:
        self._said = sentence()
        self.accept_button = Button(
            "", "Keep them as crystals; Undo takes them back.", primary=True
        )
        self.discard_button = Button("Discard", "Forget what is proposed.")
        self.accept_button.clicked.connect(self.accept_requested)
        self.discard_button.clicked.connect(self.discard_requested)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        fields = {
            "Smallest": self.smallest,
            "Largest": self.largest,
        }
        for place, (name, field) in enumerate(fields.items()):
            grid.addWidget(caption(name), place, 0)
            grid.addWidget(field, place, 1)
        grid.addWidget(caption("Confidence"), len(fields), 0)
        grid.addLayout(row(self.confidence, self._percent), len(fields), 1)
        answer = row(self.accept_button, self.discard_button)
        answer.setStretch(0, 1)
        self._choice = stacked(self._said, grid, self.edges, answer)
