"""The crystals behind a figure: side by side, sorted, filtered, and one of them in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QAbstractItemView, QWidget

from microcrystalnet.domain.scheme import Scheme
from napari_mcn.panels.answer_row import AnswerRow
from napari_mcn.panels.button import Button, squeezed
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.panel import Badge, Panel, caption, row, sentence
from napari_mcn.panels.plate import PictureOf, Plate, PlateItem

EVERYWHERE = ""
NOTHING_OPEN = (
    "Click a cell, a bar or a dot of a result, on Model or Consensus: the crystals behind it come "
    "here. Or look at all crystals that the network names otherwise than the experts."
)


@dataclass(frozen=True, slots=True)
class CrystalCard:
    """What is written of one crystal; ``trouble`` says why its prediction does not hold."""

    title: str
    truth: str
    said: str
    votes: str
    trouble: str = ""


class GalleryPage(Panel):
    """Plate, order, filters and one crystal's card.

    Signals: ``order_chosen(str)``, ``image_chosen(str)`` and ``class_chosen(str)`` with an id, a
    class code or `EVERYWHERE`, ``chosen(list[str])`` and ``opened(str)`` of the plate,
    ``errors_requested()`` for every error of the model in use, ``why_requested()``.
    """

    order_chosen = Signal(str)
    image_chosen = Signal(str)
    class_chosen = Signal(str)
    chosen = Signal(list)
    opened = Signal(str)
    errors_requested = Signal()
    why_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(NOTHING_OPEN, parent)
        self._build_choosers()
        self.plate = Plate()
        self.plate.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.plate.chosen.connect(self.chosen)
        self.plate.opened.connect(self.opened)
        self._add(self.plate, 1)
        self._count = sentence()
        self._add(self._count)
        self._build_card()
        self._build_buttons()
        self.set_items(())
        self.set_card(None)

    def set_choices(
        self, orders: Sequence[tuple[str, str]], order: str, images: Sequence[tuple[str, str]]
    ) -> None:
        """Offer orders and micrographs as (key, text)."""
        self.order.set_choices(orders, order)
        self.image.set_choices([(EVERYWHERE, "all micrographs"), *images], EVERYWHERE)
        for chooser in (self.order, self.image, self.cls):
            chooser.setEnabled(True)

    def set_scheme(self, scheme: Scheme) -> None:
        """Offer to show the crystals of one settled class only, and to name one anew."""
        choices = [(EVERYWHERE, "all classes"), *((code, code) for code in scheme.codes)]
        self.cls.set_choices(choices, EVERYWHERE)
        self.answers.set_scheme(scheme)

    def set_items(self, items: Sequence[PlateItem], picture_of: PictureOf | None = None) -> None:
        """Lay other crystals on the plate."""
        self.plate.set_items(items, picture_of)
        count = len(items)
        crystals = "1 crystal" if count == 1 else f"{count:,} crystals"
        self._count.setText(
            f"{crystals}. Frame: settled class; letters: the network's." if count else ""
        )

    def set_card(self, card: CrystalCard | None) -> None:
        """Say what is known of the selected crystal; None says nothing."""
        for label, text in (
            (self._title, card.title if card else ""),
            (self._said, "\n".join((card.truth, card.said)) if card else ""),
            (self._votes, card.votes if card else ""),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self.trouble.set_text(card.trouble if card else "")
        self.answers.set_available(card is not None, "Choose a crystal first.")
        self.why_button.set_available(card is not None, "Choose a crystal first.")
        self.fly_button.set_available(card is not None, "Choose a crystal first.")

    def _build_choosers(self) -> None:
        self.order = Chooser("Which crystals come first.")
        self.image = Chooser("Show the crystals of one micrograph only.")
        self.cls = Chooser("Show the crystals of one settled class only.")
        for chooser, signal in (
            (self.order, self.order_chosen),
            (self.image, self.image_chosen),
            (self.cls, self.class_chosen),
        ):
            chooser.squeeze()
            chooser.setEnabled(False)  # until there is something to choose from
            chooser.activated.connect(
                lambda at, chooser=chooser, signal=signal: signal.emit(str(chooser.itemData(at)))
            )
        first = row(caption("First"), self.order)
        first.setStretch(1, 1)
        self._add(first)
        self._add(row(self.image, self.cls))

    def _build_card(self) -> None:
        self._title, self._said, self._votes = caption("", large=True), sentence(), sentence()
        self.trouble = Badge()
        for part in (self._title, self.trouble, self._said, self._votes):
            self._add(part)
        self.answers = AnswerRow()
        self._add(self.answers)

    def _build_buttons(self) -> None:
        self.fly_button = Button("Fly there", "Show it on its micrograph (Enter, double click).")
        self.why_button = Button("Why", "Show which pixels count for its class (W).")
        self.errors_button = Button("All errors", "Every crystal the network names otherwise.")
        self.fly_button.clicked.connect(self._open)
        self.why_button.clicked.connect(self.why_requested)
        self.errors_button.clicked.connect(self.errors_requested)
        buttons = (self.fly_button, self.why_button, self.errors_button)
        self._add(row(*(squeezed(each) for each in buttons)))

    def _open(self) -> None:
        for key in self.plate.selected:
            self.opened.emit(key)
