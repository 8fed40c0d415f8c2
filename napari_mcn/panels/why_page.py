"""Which question is asked about a crystal: the class, the method, one crystal or all."""

from collections.abc import Mapping, Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QCheckBox, QSizePolicy, QWidget

from microcrystalnet.domain.scheme import FOUR_CLASSES, Scheme
from napari_mcn.panels.button import Button, exclusive
from napari_mcn.panels.class_bars import ClassBars
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.panel import caption, row, stacked

GRADCAM = "gradcam"


class WhyPage(QWidget):
    """The prediction, the question, and the button that asks it.

    Signals: ``explain_requested()``, ``target_chosen(object)`` with a class code or None for the
    predicted class, ``method_chosen(str)``, ``block_chosen(object)`` with a number from 1,
    ``everywhere_chosen(bool)`` for all crystals or only the selected one,
    ``own_scale_chosen(bool)``.
    """

    explain_requested = Signal()
    target_chosen = Signal(object)
    method_chosen = Signal(str)
    block_chosen = Signal(object)
    everywhere_chosen = Signal(bool)
    own_scale_chosen = Signal(bool)

    def __init__(self, methods: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._methods = dict(methods)
        self.bars = ClassBars(FOUR_CLASSES)
        self.explain_button = Button("", "Show what the network looks at (W).", primary=True)
        self.explain_button.clicked.connect(self._on_explain)
        self._build_choosers()
        self._build_scope()
        column = stacked(
            self.bars,
            row(caption("Class"), self.target),
            row(caption("Method"), self.method, self.block),
            row(self.selected_button, self.all_button),
            self.own_scale,
            self.explain_button,
        )
        column.layout().addStretch(1)
        self.setLayout(column.layout())
        self.set_blocks(0)
        self.set_targets(FOUR_CLASSES, FOUR_CLASSES.codes)

    def set_targets(self, scheme: Scheme, codes: Sequence[str]) -> None:
        """Offer the classes that a model tells apart; those of the scheme with their names."""
        self.bars.set_scheme(scheme)
        names = {each.code: f"{each.code}  {each.name}" for each in scheme.classes}
        classes = [(code, names.get(code, code)) for code in codes]
        self.target.set_choices([(None, "The predicted class"), *classes], None)
        self.target.setCurrentIndex(0)

    def set_blocks(self, count: int) -> None:
        """Say how many convolution blocks the model has; without any there is no Grad-CAM."""
        known = {name: text for name, text in self._methods.items() if count or name != GRADCAM}
        chosen = self.method.currentData()
        now = chosen if chosen in known else next(iter(known))
        self.method.set_choices(list(known.items()), now)
        blocks = [(number, f"block {number}") for number in range(1, count + 1)]
        self.block.set_choices(blocks, count)
        self._show_block()

    def set_prediction(self, prediction: Sequence[tuple[str, float]]) -> None:
        """Show (class code, probability); empty when there is no prediction."""
        self.bars.set_bars(prediction)
        self.bars.setVisible(bool(prediction))

    def set_everywhere(self, everywhere: bool) -> None:
        """Say whether all crystals of the micrograph are explained."""
        (self.all_button if everywhere else self.selected_button).setChecked(True)
        self.own_scale.setVisible(everywhere)
        self.set_busy(False)

    @property
    def everywhere(self) -> bool:
        """Whether all crystals are asked about, and not the selected one."""
        return self.all_button.isChecked()

    def set_busy(self, busy: bool) -> None:
        """Say whether the answer is on its way."""
        asks = "Why these classes?" if self.everywhere else "Why this class?"
        self.explain_button.setText("Working…" if busy else asks)

    def _build_choosers(self) -> None:
        self.target = Chooser("Which class the explanation speaks for.")
        self.target.activated.connect(lambda at: self.target_chosen.emit(self.target.itemData(at)))
        self.method = Chooser("How the network is asked.")
        self.method.activated.connect(self._on_method)
        self.block = Chooser("Which convolution block Grad-CAM looks into; the last sees most.")
        self.method.setMinimumContentsLength(6)
        self.block.setMinimumContentsLength(5)  # both share a line of a narrow column
        for each in (self.target, self.method):
            each.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.block.activated.connect(lambda at: self.block_chosen.emit(self.block.itemData(at)))

    def _build_scope(self) -> None:
        self.selected_button = Button(
            "Selected crystal", "Explain the crystal that is selected.", checkable=True
        )
        self.all_button = Button(
            "All crystals", "Explain every crystal of this micrograph.", checkable=True
        )
        exclusive((self.selected_button, self.all_button), self)
        self.selected_button.clicked.connect(lambda: self.everywhere_chosen.emit(False))
        self.all_button.clicked.connect(lambda: self.everywhere_chosen.emit(True))
        self.own_scale = QCheckBox("Own scale for each crystal")
        self.own_scale.setToolTip("Each map reaches the brightest colour; without, they compare.")
        self.own_scale.setChecked(True)
        self.own_scale.clicked.connect(self.own_scale_chosen)
        self.set_everywhere(False)

    def _on_explain(self) -> None:
        if self.everywhere:
            self.everywhere_chosen.emit(True)
        else:
            self.explain_requested.emit()

    def _on_method(self, at: int) -> None:
        self._show_block()
        self.method_chosen.emit(self.method.itemData(at))

    def _show_block(self) -> None:
        self.block.setVisible(self.method.currentData() == GRADCAM)
