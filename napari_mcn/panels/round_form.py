"""Choose what a new round of blind labelling is to be."""

from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QCheckBox, QLineEdit, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from napari_mcn.panels.button import Button
from napari_mcn.panels.fields import WholeNumber
from napari_mcn.panels.panel import caption, row, sentence, stacked

ROW = 18
MOST_ROWS = 4


@dataclass(frozen=True, slots=True)
class RoundChoices:
    """What the form says; ``repeats`` is a share, 0..1."""

    image_ids: tuple[str, ...]
    experts: tuple[str, ...]
    labels: int
    third: bool
    strict: bool
    repeats: float


class RoundForm(QWidget):
    """Micrographs and experts to tick, and what seldom needs another value.

    Signals: ``open_requested(RoundChoices)``.
    """

    open_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.micrographs, self.experts = _ticks(), _ticks()
        self._build_fields()
        self.open_button = Button("Open this round", "Everyone's answers close.", primary=True)
        self.open_button.clicked.connect(lambda: self.open_requested.emit(self.choices()))
        column = stacked(
            caption("Micrographs"),
            self.micrographs,
            caption("Experts"),
            self.experts,
            row(self.name, self.add_button),
            row(caption("Experts for each crystal"), None, self.labels),
            row(caption("Come twice, unannounced"), None, self.repeats),
            self.third,
            self.strict,
            sentence(
                "The program opens nobody else's answers until the seal. It is an honour system: "
                "the files are plain."
            ),
            self.open_button,
        )
        holder = column.layout()
        holder.setSpacing(4)
        self.setLayout(holder)

    def _build_fields(self) -> None:
        self.name = QLineEdit()
        self.name.setPlaceholderText("Another expert's name")
        self.name.returnPressed.connect(self._add_expert)
        self.add_button = Button("Add", "Ask this expert as well.")
        self.add_button.clicked.connect(self._add_expert)
        self.labels = WholeNumber(2, 1, 9, "How many experts label each crystal.")
        hint = "A second look, late and in silence, shows how steady each expert is."
        self.repeats = WholeNumber(5, 0, 50, hint, " %")
        self.third = QCheckBox("Ask a third expert where two differ")
        self.third.setToolTip("A crystal with two different labels gets a deciding one.")
        self.third.setChecked(True)
        self.strict = QCheckBox("Strict: labels stay here until the seal")
        self.strict.setToolTip(
            "Until then they are on this computer only, and nobody can open them."
        )
        for box in (self.third, self.strict):
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_micrographs(self, micrographs: Sequence[tuple[str, str]]) -> None:
        """Offer micrographs, (id, name), all ticked; what was unticked stays so."""
        _offer(self.micrographs, micrographs, ticked=True)

    def set_experts(self, experts: Sequence[str]) -> None:
        """Offer experts, all ticked; those that were added here stay."""
        known = [self.experts.item(at).text() for at in range(self.experts.count())]
        names = dict.fromkeys([*experts, *known])
        _offer(self.experts, [(each, each) for each in names], ticked=True)

    def choices(self) -> RoundChoices:
        """Give what the form says."""
        return RoundChoices(
            _chosen(self.micrographs),
            _chosen(self.experts),
            self.labels.value(),
            self.third.isChecked(),
            self.strict.isChecked(),
            self.repeats.value() / 100,
        )

    def _add_expert(self) -> None:
        if name := self.name.text().strip():
            self.set_experts([*_all(self.experts), name])
            self.name.clear()
        self.name.clearFocus()


def _ticks() -> QListWidget:
    made = QListWidget()
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return made


def _offer(ticks: QListWidget, choices: Sequence[tuple[str, str]], *, ticked: bool) -> None:
    off = {key for key in _all(ticks) if key not in _chosen(ticks)}
    ticks.clear()
    for key, text in choices:
        item = QListWidgetItem(text, ticks)
        item.setData(Qt.ItemDataRole.UserRole, key)
        on = ticked and key not in off
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
    ticks.setFixedHeight(ROW * min(max(len(choices), 1), MOST_ROWS) + 6)


def _all(ticks: QListWidget) -> tuple[str, ...]:
    return tuple(
        ticks.item(at).data(Qt.ItemDataRole.UserRole) for at in range(ticks.count())
    )  # fmt: skip


def _chosen(ticks: QListWidget) -> tuple[str, ...]:
    items = [ticks.item(at) for at in range(ticks.count())]
    return tuple(
        each.data(Qt.ItemDataRole.UserRole)
        for each in items
        if each.checkState() == Qt.CheckState.Checked
    )
