"""The form of a crystal beside its class: shape, facet definition, and how sure one is."""

from collections.abc import Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QWidget

from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.scheme import Scheme
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.panel import caption, row, stacked

NONE = "–"
SURE = ("1", "0.75", "0.5", "0.25")

Choices = list[tuple[str, str]]


class FormSection(QWidget):
    """Three lists, each with an empty choice.

    Signals: ``shape_chosen(str)``, ``definition_chosen(str)`` and ``confidence_chosen(str)``, a
    number; empty for none.
    """

    shape_chosen = Signal(str)
    definition_chosen = Signal(str)
    confidence_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shape = Chooser("The shape; A goes to the next.")
        self.definition = Chooser("How well the faces are formed; D goes to the next.")
        self.confidence = Chooser("How sure you are of the class.")
        self._offered: dict[Chooser, Choices] = {}
        for chooser, told in (
            (self.shape, self.shape_chosen),
            (self.definition, self.definition_chosen),
            (self.confidence, self.confidence_chosen),
        ):
            chooser.squeeze()
            chooser.activated.connect(
                lambda at, chooser=chooser, told=told: told.emit(str(chooser.itemData(at)))
            )
        form = row(caption("A  Form"), self.shape, caption("D  Faces"), self.definition)
        form.setStretch(1, 1)
        form.setStretch(3, 1)
        sure = row(caption("Sure to"), self.confidence)
        sure.setStretch(1, 1)
        self.setLayout(row(stacked(form, sure)))

    def set_said(self, scheme: Scheme, said: Answer) -> None:
        """Offer the forms of a scheme and show what was said."""
        self._offer(self.shape, _choices(scheme.shapes, said.shape), said.shape or "")
        definitions = _choices(scheme.definitions, said.definition)
        self._offer(self.definition, definitions, said.definition or "")
        sure = "" if said.confidence is None else f"{said.confidence:g}"
        self._offer(self.confidence, _percentages(sure), sure)

    def _offer(self, chooser: Chooser, choices: Choices, current: str) -> None:
        """Fill a list anew only where it changes: this happens at every key."""
        if self._offered.get(chooser) != choices:
            self._offered[chooser] = choices
            chooser.set_choices(choices, current)
        else:
            chooser.setCurrentIndex([key for key, _ in choices].index(current))


def _choices(words: Sequence[str], said: str | None) -> Choices:
    """Give the forms to choose from, and one that was recorded under another scheme."""
    extra = () if said is None or said in words else (said,)
    return [("", NONE), *((each, each) for each in (*words, *extra))]


def _percentages(said: str) -> Choices:
    extra = () if said in {"", *SURE} else (said,)
    return [("", NONE), *((each, f"{100 * float(each):.0f} %") for each in (*SURE, *extra))]
