"""Which crystals count: one choice for the table, the statistics and the figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QCheckBox, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from microcrystalnet.statistics.collect import ClassFrom
from microcrystalnet.statistics.filters import NO_CLASS, Filter
from napari_mcn.panels.fields import Chooser, DecimalNumber
from napari_mcn.panels.fold import Fold
from napari_mcn.panels.panel import caption, row

ALL, SHOWN = "all", "shown"
SAID = {
    ClassFrom.OWN: "my own labels",
    ClassFrom.SETTLED: "settled by the experts",
    ClassFrom.CLASSIFIER: "the classifier",
}
SHORT = {  # a heading of 380 pixels has no room for more
    ClassFrom.OWN: "my labels",
    ClassFrom.SETTLED: "settled",
    ClassFrom.CLASSIFIER: "predicted",
}
_ANY = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from; ``reasons`` say why a source of classes cannot be taken."""

    classes: Sequence[str]
    samples: Sequence[str]
    textures: Sequence[str]
    states: Sequence[str]
    reasons: Mapping[ClassFrom, str]
    unit: str = "µm"
    only_shown: bool = False  # whether only the micrograph in view counts now
    source: ClassFrom = ClassFrom.OWN  # whose word the classes are now


class ChoiceSection(QWidget):
    """A folded form; its heading says how many crystals count.

    Signal: ``chosen()``; the choice is then in `filter`, `source` and `only_shown`.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source_field = Chooser("Whose word a crystal's class is.")
        self.place_field = Chooser("Of which micrographs crystals count.")
        self.class_field = Chooser("Crystals of one class only.")
        self.state_field = Chooser("How far experts have come with a crystal.")
        self.texture_field = Chooser("Fields of view of one texture only.")
        hint = "Equivalent diameter; 0 is any."
        self.smallest = DecimalNumber(0, 0, 1e6, hint)
        self.largest = DecimalNumber(0, 0, 1e6, hint)
        self.confidence = DecimalNumber(0, 0, 1, "The classifier is at least so sure; 0 is any.")
        self._unit = caption("Size (µm)")
        self.edge = QCheckBox("edge")
        self.occluded = QCheckBox("occluded")
        self.small = QCheckBox("< 50 px")
        self.fold = Fold("Which crystals count", self._form())
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 2, 10, 0)
        column.addWidget(self.fold)
        self._connect()

    def set_choices(self, choices: Choices) -> None:
        """Show what there is to choose from; what is chosen stays where it can."""
        self.source_field.set_choices([(each, SAID[each]) for each in ClassFrom], choices.source)
        for each in ClassFrom:
            self.source_field.refuse(each, choices.reasons.get(each, ""))
        samples = [(f"sample {each}", f"Sample {each}") for each in choices.samples]
        places = [(ALL, "all micrographs"), (SHOWN, "this micrograph"), *samples]
        _renew(self.place_field, places, ALL)
        if choices.only_shown != self.only_shown:
            self.place_field.set_choices(places, SHOWN if choices.only_shown else ALL)
        for field, words in (
            (self.class_field, [*choices.classes, NO_CLASS]),
            (self.state_field, choices.states),
            (self.texture_field, choices.textures),
        ):
            _renew(field, [("", "any"), *((each, each) for each in words)], "")
        self._unit.setText(f"Size ({choices.unit})")

    def set_count(self, counted: int, there: int, trouble: str = "") -> None:
        """Say how many crystals count, or what is wrong with the choice."""
        count = f"{counted:,} of {there:,}" if counted != there else f"all {there:,}"
        said = f"Which crystals count: {count}, {SHORT[self.source]}"
        self.fold.set_title(trouble or said)

    @property
    def source(self) -> ClassFrom:
        """Whose word a class is."""
        return ClassFrom(self.source_field.currentData() or ClassFrom.OWN)

    @property
    def only_shown(self) -> bool:
        """Whether only the micrograph in view counts."""
        return bool(self.place_field.currentData() == SHOWN)

    @property
    def filter(self) -> Filter:
        """What is chosen."""
        place = str(self.place_field.currentData() or ALL)
        sample = place.removeprefix("sample ") if place.startswith("sample ") else None
        return Filter(
            classes=_set(self.class_field),
            smallest=self.smallest.value() or None,
            largest=self.largest.value() or None,
            edge=not self.edge.isChecked(),
            occluded=not self.occluded.isChecked(),
            too_small=not self.small.isChecked(),
            least_confidence=self.confidence.value() or None,
            states=_set(self.state_field),
            samples=_ANY if sample is None else frozenset({sample}),
            textures=_set(self.texture_field),
        )

    def _form(self) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        for at, (name, field) in enumerate(
            (("Classes from", self.source_field), ("Micrographs", self.place_field))
        ):
            grid.addWidget(caption(name), at, 0)
            grid.addWidget(field, at, 1, 1, 3)
        pairs = (
            (caption("Class"), self.class_field, caption("texture"), self.texture_field),
            (caption("State"), self.state_field, caption("sure"), self.confidence),
            (self._unit, self.smallest, caption("to"), self.largest),
        )
        for line, parts in enumerate(pairs, 2):
            for column, part in enumerate(parts):
                grid.addWidget(part, line, column)
        leave_out = row(caption("Leave out"), self.edge, self.occluded, self.small, None)
        grid.addLayout(leave_out, 5, 0, 1, 4)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        return holder

    def _connect(self) -> None:
        fields = (self.source_field, self.place_field, self.class_field, self.state_field)
        for field in (*fields, self.texture_field):
            field.squeeze()
            field.activated.connect(self.chosen)
        for number in (self.smallest, self.largest, self.confidence):
            number.setKeyboardTracking(False)
            number.setDecimals(2)
            number.setSpecialValueText("any")
            number.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            number.valueChanged.connect(self.chosen)
        for box in (self.edge, self.occluded, self.small):
            box.setToolTip("Ticked: these crystals do not count.")
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            box.clicked.connect(self.chosen)


def _renew(field: Chooser, choices: Sequence[tuple[object, str]], default: object) -> None:
    """Show other choices, and keep the present one where it is still there."""
    now = field.currentData()
    known = {key for key, _ in choices}
    field.set_choices(choices, now if now in known else default)


def _set(field: Chooser) -> frozenset[str]:
    word = field.currentData()
    return frozenset({str(word)}) if word else _ANY
