"""Outline crystals: all at once, or one by clicks, a box or the brush."""

from collections.abc import Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QWidget

from napari_mcn.panels.button import Button, exclusive
from napari_mcn.panels.compare_section import CompareSection
from napari_mcn.panels.correct_section import CorrectSection
from napari_mcn.panels.everything_section import EverythingSection
from napari_mcn.panels.fields import Chooser
from napari_mcn.panels.filter_section import FilterSection
from napari_mcn.panels.finetune_section import FinetuneSection
from napari_mcn.panels.fold import Fold
from napari_mcn.panels.outlines_section import OutlinesSection
from napari_mcn.panels.panel import Badge, Panel, heading, row, sentence
from napari_mcn.panels.weights_section import WeightsSection

TOOLS = {
    "prompt": (
        "Click",
        "Click inside a crystal that is missing (S). Shift and a drag draws a box around it; a "
        "mere drag moves the micrograph.",
    ),
    "box": ("Box", "Drag a box around a crystal that is missing."),
    "brush": ("Brush", "Paint the selected crystal (B); hold E to cut away."),
    "look": ("Look", "Move and zoom, and click a crystal to select it."),
}


class SegmentPanel(Panel):
    """Engine, ``everything`` at once, tools for one crystal, what is outlined, ``compare``.

    Signals: ``engine_chosen(str)`` with a key, ``checkpoint_requested()``,
    ``tool_chosen(str)`` in prompt, box, brush, look, lasso, merge, cut; ``sign_toggled()``,
    ``next_proposal_requested()``,
    ``commit_requested()``, ``clear_requested()``, ``delete_requested()``, ``undo_requested()``,
    ``redo_requested()``.
    """

    engine_chosen = Signal(str)
    checkpoint_requested = Signal()
    tool_chosen = Signal(str)
    sign_toggled = Signal()
    next_proposal_requested = Signal()
    commit_requested = Signal()
    clear_requested = Signal()
    delete_requested = Signal()
    undo_requested = Signal()
    redo_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Open a micrograph on the Project tab first.", parent)
        self._build_engine()
        self._build_sam()
        self.filters = FilterSection()
        self._add(self.filters)
        self._build_everything()
        self._build_tools()
        self._build_proposal()
        self._build_outlined()
        self.outlines = OutlinesSection()
        self._add(self.outlines)
        self.compare = CompareSection()
        self._add(self.compare)
        self._fill()
        self.set_ready(False, "No micrograph is open.")
        self.set_counts(0, None)
        self.set_sign(True)
        self.set_proposals(0, 0, ())
        self.set_tool("look")
        self.set_history(False, False)

    def set_engines(self, engines: Sequence[tuple[str, str]], current: str) -> None:
        """Show the engines as (key, text) and which one works."""
        self.engine.set_choices(engines, current)

    def set_ready(self, ready: bool, text: str) -> None:
        """Allow outlining, or say in ``text`` what is being waited for."""
        self._ready.set_text(text)
        self.everything_button.set_available(ready, text)
        for button in (self.tools["prompt"], self.tools["box"], self.sign_button):
            button.set_available(ready, text)

    def set_counts(self, crystals: int, selected: str | None) -> None:
        """Say how many crystals are outlined and which one is selected, as the user calls it."""
        outlined = "1 crystal" if crystals == 1 else f"{crystals:,} crystals"
        self._counts.setText(f"{outlined}; {selected or 'none'} selected")
        self.delete_button.set_available(selected is not None, "Select a crystal first.")
        self.tools["brush"].set_available(
            selected is not None or self.tools["brush"].isChecked(), "Select a crystal first."
        )

    def set_sign(self, positive: bool) -> None:
        """Show whether the next click adds to the crystal or cuts away from it."""
        self.sign_button.setText("+ Adding" if positive else "− Cutting away")

    def set_proposals(
        self, number: int, chosen: int, scores: Sequence[float], *, reopened: bool = False
    ) -> None:
        """Show how many masks are proposed, which one (0 first) is in view, and their scores."""
        text = _proposal_text(number, chosen, scores)
        self.proposal.setText(f"Reopened crystal. {text}" if reopened else text)
        none = "Click or box a crystal first; its outline is then proposed here."
        for button in (self.commit_button, self.clear_button):
            button.set_available(number > 0, none)
        only = none if number == 0 else "Only one outline is proposed."
        self.next_button.set_available(number > 1, only)

    def set_tool(self, tool: str) -> None:
        """Show which tool is in hand."""
        self.tools[tool].setChecked(True)

    def set_history(self, undo: bool, redo: bool) -> None:
        """Say whether there is something to undo and to redo."""
        self.undo_button.set_available(undo, "There is nothing to undo.")
        self.redo_button.set_available(redo, "There is nothing to redo.")

    def _build_engine(self) -> None:
        self.engine = Chooser("What finds the outlines.")
        self.engine.activated.connect(
            lambda at: self.engine_chosen.emit(str(self.engine.itemData(at)))
        )
        self.checkpoint_button = Button("From file…", "Use a SAM checkpoint (.pth) from disk.")
        self.checkpoint_button.clicked.connect(self.checkpoint_requested)
        self._ready = Badge()
        layout = row(self.engine, self.checkpoint_button)
        layout.setStretch(0, 1)
        for part in (heading("Engine"), layout, self._ready):
            self._add(part)

    def _build_sam(self) -> None:
        self.weights, self.finetuning = WeightsSection(), FinetuneSection()
        self._add(Fold("SAM weights", self.weights))
        self._add(Fold("Fine-tune SAM", self.finetuning))

    def _build_everything(self) -> None:
        self.everything = EverythingSection()
        self.everything_button = self.everything.propose_button
        self._add(self.everything)

    def _build_tools(self) -> None:
        pointing = {key: Button(*said, checkable=True) for key, said in TOOLS.items()}
        for key, button in pointing.items():
            button.clicked.connect(lambda _=False, key=key: self.tool_chosen.emit(key))
        self.correct = CorrectSection()
        self.correct.tool_chosen.connect(self.tool_chosen)
        self.tools = pointing | self.correct.tools
        exclusive(self.tools.values(), self)
        self._add(heading("One crystal"))
        self._add(row(*pointing.values()))

    def _build_proposal(self) -> None:
        self.sign_button = Button("", "Switch between adding and cutting away (T).")
        self.next_button = Button("Next size", "Show the next proposed outline (Tab).")
        self.commit_button = Button("Accept", "Keep this outline as a crystal (C).", primary=True)
        self.clear_button = Button("Clear", "Forget the clicks and the box (Shift+C).")
        self.sign_button.clicked.connect(self.sign_toggled)
        self.next_button.clicked.connect(self.next_proposal_requested)
        self.commit_button.clicked.connect(self.commit_requested)
        self.clear_button.clicked.connect(self.clear_requested)
        self.proposal = sentence()
        self._add(row(self.sign_button, self.next_button))
        self._add(self.proposal)
        self._add(row(self.commit_button, self.clear_button))

    def _build_outlined(self) -> None:
        self._counts = sentence()
        self.delete_button = Button("Delete", "Delete what is selected or marked (Del).")
        self.undo_button = Button("Undo", "Take the last edit back (Ctrl+Z).")
        self.redo_button = Button("Redo", "Do it again (Ctrl+Shift+Z).")
        self.delete_button.clicked.connect(self.delete_requested)
        self.undo_button.clicked.connect(self.undo_requested)
        self.redo_button.clicked.connect(self.redo_requested)
        self._add(heading("Outlined"))
        self._add(self._counts)
        self._add(self.correct)
        self._add(row(self.delete_button, self.undo_button, self.redo_button))


def _proposal_text(number: int, chosen: int, scores: Sequence[float]) -> str:
    if number == 0:
        return "No outline is proposed yet."
    score = f", score {scores[chosen]:.2f}" if chosen < len(scores) else ""
    return f"Outline {chosen + 1} of {number}{score}"
