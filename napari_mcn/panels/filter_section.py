"""Filters against noise before outlining: presets, every step by itself, and what each gains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qtpy.QtCore import QTimer, Signal
from qtpy.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from napari_mcn.panels.fields import Chooser, DecimalNumber, WholeNumber
from napari_mcn.panels.fold import Fold
from napari_mcn.panels.panel import caption, sentence, stacked

OWN, QUIET_MS = "own", 150  # milliseconds without a change before anybody is told
ABOUT = (
    "The filtered picture is only outlined on; sizes, grey levels and the classifier use the "
    "recorded pixels."
)


@dataclass(frozen=True, slots=True)
class FilterForm:
    """What is switched on; 0 is off. Strengths as in the filters, diameters in pixels."""

    non_local_means: float = 0.0
    blind_spot: bool = False
    unsharp: float = 0.0
    opening_px: int = 0
    closing_px: int = 0


class FilterSection(QWidget):
    """The filters of the Segment page.

    Signals: ``filters_changed(FilterForm)``, ``preview_toggled(bool)``.
    """

    filters_changed = Signal(object)
    preview_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets: dict[str, FilterForm] = {}
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(lambda: self.filters_changed.emit(self.form))
        self._build_fields()
        self.preview = QCheckBox("Show the middle of the view filtered")
        self.preview.setToolTip("A window of the micrograph follows every change at once.")
        self.preview.toggled.connect(self.preview_toggled)
        self.gains, self.definition = sentence(), sentence()
        about = sentence(ABOUT)
        content = stacked(about, self._grid, self.preview, self.gains, self.definition)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.fold = Fold("Filter noise", content)
        column.addWidget(self.fold)
        self.set_gains(())

    @property
    def form(self) -> FilterForm:
        """What the fields say now."""
        return FilterForm(
            self.non_local_means.value(),
            self.blind_spot.isChecked(),
            self.unsharp.value(),
            self.opening.value(),
            self.closing.value(),
        )

    def set_presets(self, presets: Mapping[str, FilterForm]) -> None:
        """Offer presets by name."""
        self._presets = dict(presets)
        self._show_preset()

    def set_form(self, form: FilterForm) -> None:
        """Show what is switched on; nothing is emitted."""
        for each in self._fields:
            each.blockSignals(True)
        self.non_local_means.setValue(form.non_local_means)
        self.blind_spot.setChecked(form.blind_spot)
        self.unsharp.setValue(form.unsharp)
        self.opening.setValue(form.opening_px)
        self.closing.setValue(form.closing_px)
        for each in self._fields:
            each.blockSignals(False)
        self._show_preset()

    def set_definition(self, words: str) -> None:
        """Say what the ratio is; it stands below the gains."""
        self.definition.setText(words)

    def set_gains(self, gains: Sequence[tuple[str, float | None]], remark: str = "") -> None:
        """Show the signal-to-noise ratio after each step in decibels; None: not measurable."""
        lines = [f"{step}: {'-' if db is None else f'{db:.1f} dB'}" for step, db in gains]
        told = ["Signal to noise in the window:", *lines] if lines else []
        self.gains.setText("\n".join([*told, remark] if remark else told))
        self.gains.setVisible(bool(told or remark))
        self.definition.setVisible(bool(gains))

    def _build_fields(self) -> None:
        self.preset = Chooser("None for quiet micrographs, light for most, paper as published.")
        self.preset.currentIndexChanged.connect(self._on_preset)
        self.non_local_means = DecimalNumber(
            0, 0, 5, "Averages places that look alike; 0.8 noise deviations is usual, 0 is off."
        )
        self.blind_spot = QCheckBox("Noise2Void")
        self.blind_spot.setToolTip(
            "A small network learns the noise from this micrograph; it takes up to a minute."
        )
        self.unsharp = DecimalNumber(0, 0, 10, "Sharpens edges; 0.5 is usual, 0 is off.")
        self.opening = WholeNumber(0, 0, 51, "Removes bright specks; 0 is off.", " px")
        self.closing = WholeNumber(0, 0, 51, "Fills dark specks; 0 is off.", " px")
        self._fields = (
            *(self.non_local_means, self.blind_spot, self.unsharp, self.opening, self.closing),
        )
        for each in (self.non_local_means, self.unsharp, self.opening, self.closing):
            each.valueChanged.connect(self._on_changed)
        self.blind_spot.toggled.connect(self._on_changed)
        self._grid = QWidget()
        grid = QGridLayout(self._grid)
        grid.setContentsMargins(0, 0, 0, 0)
        rows = {
            "Preset": self.preset,
            "Non-local means": self.non_local_means,
            "": self.blind_spot,
            "Unsharp mask": self.unsharp,
            "Opening": self.opening,
            "Closing": self.closing,
        }
        for place, (name, field) in enumerate(rows.items()):
            grid.addWidget(caption(name), place, 0)
            grid.addWidget(field, place, 1)
        grid.setColumnStretch(1, 1)

    def _on_preset(self, _index: int) -> None:
        chosen = self.preset.currentData()
        if chosen in self._presets:
            self.set_form(self._presets[chosen])
            self._quiet.start()

    def _on_changed(self, _value: object) -> None:
        self._show_preset()
        self._quiet.start()

    def _show_preset(self) -> None:
        names = [(name, name.capitalize()) for name in self._presets]
        held = [name for name, form in self._presets.items() if form == self.form]
        own = [] if held else [(OWN, "Own settings")]
        self.preset.set_choices([*names, *own], held[0] if held else OWN)
