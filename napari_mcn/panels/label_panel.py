"""Name crystals one after the other, by key or by button."""

from collections.abc import Mapping, Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QGridLayout, QLineEdit, QProgressBar, QWidget

from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.scheme import Scheme
from napari_mcn.panels.button import Button, squeezed
from napari_mcn.panels.class_button import ClassButton
from napari_mcn.panels.crop_picture import CropPicture, CropView
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.panel import Badge, Panel, caption, row
from napari_mcn.panels.remark_section import RemarkSection

MOST_IN_ONE_COLUMN = 5  # classes; more would push the rest of the page out of sight
PICTURE_HEIGHT, SPACING = 84, 4  # the least, so that a small screen shows the whole page
ALL_DONE = "Every crystal of this micrograph has your answer."


class LabelPanel(Panel):
    """Who labels, which crystal it is, the answers, and how far the work is.

    Signals: ``expert_chosen(str)``, ``expert_added(str)``, ``class_chosen(str)`` with a code,
    ``unclear_chosen()``, ``discard_chosen()``, ``cleared()``, ``previous_requested()``,
    ``next_requested()``, ``next_unlabelled_requested()``, ``order_chosen(bool)``, True for a random
    order of one's own; those of ``remarks`` beside them.
    """

    expert_chosen = Signal(str)
    expert_added = Signal(str)
    class_chosen = Signal(str)
    unclear_chosen = Signal()
    discard_chosen = Signal()
    cleared = Signal()
    previous_requested = Signal()
    next_requested = Signal()
    next_unlabelled_requested = Signal()
    order_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Choose who you are, then name the crystal in view.", parent)
        self._scheme: Scheme | None = None
        self._expert: str | None = None
        self._crop: CropView | None = None
        self._done = self._pace = ""
        self._column.setSpacing(SPACING)
        self.buttons: dict[str, ClassButton] = {}
        self._build_expert()
        self._build_crystal()
        self._build_answers()
        self.remarks = RemarkSection()
        self._add(self.remarks)
        self._build_way()
        self.set_experts((), None)
        self.set_crystal(None)
        self.set_counts({}, 0, 0)
        self.set_pace("")

    def set_scheme(self, scheme: Scheme, unclear_key: str = "5") -> None:
        """Offer the classes of a scheme, one button each, and say which key is *unclear*."""
        for button in self.buttons.values():
            self._classes.removeWidget(button)
            button.deleteLater()
        self._scheme = scheme
        self.buttons = {each.code: ClassButton(each) for each in scheme.classes}
        across = 1 if len(self.buttons) <= MOST_IN_ONE_COLUMN else 2
        for at, (code, button) in enumerate(self.buttons.items()):
            button.clicked.connect(lambda _=False, code=code: self.class_chosen.emit(code))
            self._classes.addWidget(button, at // across, at % across)
        self.unclear_button.setText(f"{unclear_key}  Unclear")
        self.unclear_button.set_hint(f"The class cannot be told ({unclear_key}).")
        self._show_answer()

    def set_experts(self, experts: Sequence[str], current: str | None) -> None:
        """Offer the experts' names and say who labels now; None: nobody yet."""
        self._expert = current
        names = dict.fromkeys(each for each in (*experts, current) if each)  # also one without work
        self.experts.set_choices([(name, name) for name in names], current)
        self.new_button.setVisible(bool(experts))
        self.new_button.setChecked(not experts)
        self._show_answer()

    def set_crystal(self, crop: CropView | None) -> None:
        """Show the crystal to name; None when there is none."""
        self._crop = crop
        self._title.setText("No crystal is selected" if crop is None else crop.title)
        self._show_answer()

    def set_counts(self, counts: Mapping[str, int], done: int, total: int) -> None:
        """Show how often each class code was given, and ``done`` of ``total`` crystals."""
        for code, button in self.buttons.items():
            button.set_count(counts.get(code, 0))
        nothing = "This micrograph has no crystals yet; outline them on the Segment tab."
        self.previous_button.set_available(total > 0, nothing)
        self.next_button.set_available(total > 0, nothing)
        self.unlabelled_button.set_available(done < total, nothing if not total else ALL_DONE)
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self._done = f"{done:,} of {total:,} labelled"
        self._show_progress()

    def set_order(self, own_order: bool, *, in_round: bool) -> None:
        """Say in which order crystals come; a round says so itself."""
        self.order_button.setChecked(own_order or in_round)
        self.order_button.set_available(not in_round, "The round gives everyone an order.")

    def set_pace(self, text: str) -> None:
        """Say how fast the labelling goes, beside how far it is; empty: nothing yet."""
        self._pace = text
        self._show_progress()

    def _show_progress(self) -> None:
        self.progress.setFormat(", ".join(filter(None, (self._done, self._pace))))

    def _show_answer(self) -> None:
        """Bring buttons and outline into line with the crystal, its answer and the expert."""
        answer = None if self._crop is None else self._crop.answer
        code = None if answer is None else answer.cls
        cls = self._scheme.find(code) if self._scheme else None
        self.picture.set_crop(self._crop, cls.colour if cls else None)
        self._retired.set_text(
            ""
            if cls is None or code in self.buttons
            else f"Your answer is {cls.code}, {cls.name}: a class that is not offered any more."
        )
        for each, button in self.buttons.items():
            button.setChecked(each == code)
        self.unclear_button.setChecked(_is_unclear(answer))
        self.discard_button.setChecked(answer is not None and answer.discards)
        self._allow_answers(answer)

    def _allow_answers(self, answer: Answer | None) -> None:
        reason = "Choose or add your name first." if self._expert is None else ""
        reason = reason or ("Select a crystal first." if self._crop is None else "")
        for button in (*self.buttons.values(), self.unclear_button, self.discard_button):
            button.set_available(not reason, reason)
        nothing = reason or "This crystal has no answer yet."
        self.clear_button.set_available(not reason and answer is not None, nothing)

    def _build_expert(self) -> None:
        self.experts = Chooser("Who is labelling; everyone sees only their own answers.")
        self.experts.activated.connect(
            lambda at: self.expert_chosen.emit(str(self.experts.itemData(at)))
        )
        self.new_button = Button("New…", "Add a name.", checkable=True)
        self.new_expert = QLineEdit()
        self.new_expert.setPlaceholderText("Your initials or name, then Enter")
        self.new_expert.setMaxLength(40)
        self.new_expert.returnPressed.connect(self._add_expert)
        self.new_button.toggled.connect(self._show_new_expert)
        self.new_button.clicked.connect(self.new_expert.setFocus)
        layout = row(caption("Expert"), self.experts, self.new_expert, self.new_button)
        layout.setStretch(1, 1)
        layout.setStretch(2, 1)
        self._add(layout)

    def _build_crystal(self) -> None:
        self._title = caption("", large=True)
        self.picture = CropPicture()
        self.picture.setMinimumHeight(PICTURE_HEIGHT)
        self._add(self._title)
        self._add(self.picture, 1)

    def _build_answers(self) -> None:
        self._classes = QGridLayout()
        self._classes.setSpacing(3)
        self.unclear_button = Button("Unclear", checkable=True)
        self.discard_button = Button("X  Discard", "This is not a crystal (X).", checkable=True)
        self.clear_button = Button("0  Clear", "Take your answer back (0).")
        self.unclear_button.clicked.connect(self.unclear_chosen)
        self.discard_button.clicked.connect(self.discard_chosen)
        self.clear_button.clicked.connect(self.cleared)
        self._retired = Badge()
        self._retired.set_text("")
        self._add(self._retired)
        self._add(self._classes)
        outside = (self.unclear_button, self.discard_button, self.clear_button)
        self._add(row(*map(squeezed, outside)))

    def _build_way(self) -> None:
        self.previous_button = Button("◀  J", "Previous crystal (J).")
        self.next_button = Button("K  ▶", "Next crystal (K).")
        self.unlabelled_button = Button("Next unlabelled", "Fly to the next without your answer.")
        for arrow in (self.previous_button, self.next_button):
            arrow.setFixedWidth(52)  # leaves the words beside them their room
        self.previous_button.clicked.connect(self.previous_requested)
        self.next_button.clicked.connect(self.next_requested)
        self.unlabelled_button.clicked.connect(self.next_unlabelled_requested)
        self.order_button = Button(
            "Own order",
            "Go in a random order of your own, the same at every sitting, instead of line by line: "
            "then neighbours do not sway you.",
            checkable=True,
        )
        self.order_button.clicked.connect(self.order_chosen)
        self.progress = QProgressBar()
        way = (self.previous_button, self.next_button, self.unlabelled_button, self.order_button)
        line = row(*map(squeezed, way))
        for at, share in enumerate((2, 2, 4, 3)):
            line.setStretch(at, share)
        self._add(line)
        self._add(self.progress)

    def _show_new_expert(self, wanted: bool) -> None:
        self.new_expert.setVisible(wanted)
        self.experts.setVisible(not wanted)

    def _add_expert(self) -> None:
        name = self.new_expert.text().strip()
        self.new_expert.clear()
        self.new_expert.clearFocus()
        self.new_button.setChecked(self.experts.count() == 0)
        if name:
            self.expert_added.emit(name)


def _is_unclear(answer: Answer | None) -> bool:
    return answer is not None and answer.cls is None and not answer.discards
