"""Turns clicks and boxes into a preview, and an accepted preview into a crystal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.domain.prompt import Click, Prompt
from microcrystalnet.errors import MaskError
from microcrystalnet.segmentation.segmenter import MaskProposals
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refusals_told, refuse, tell
from napari_mcn.session import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from qtpy.QtCore import QObject

    from microcrystalnet.domain.crystal import Crystal
    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.engines.segmentation import SegmentationEngine
    from microcrystalnet.errors import MicroCrystalError
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.segment_panel import SegmentPanel
    from napari_mcn.session import Session

NOTHING = MaskProposals((), ())
SAME = 0.5  # intersection over union from which an outline is another one of the same crystal


class PromptController:
    """The tools of the Segment page; ``prepare`` makes sure that the engine knows the image."""

    def __init__(
        self,
        panel: SegmentPanel,
        session: Session,
        canvas: Canvas,
        engine: SegmentationEngine,
        *,
        prepare: Callable[[], None],
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._canvas, self._engine = panel, session, canvas, engine
        self._prepare = prepare
        self._prompt, self._proposals, self._chosen = Prompt(), NOTHING, 0
        self._waiting = self._accepting = False
        self._hovered: Prompt | None = None
        self._beforehand: Mask | None = None  # what is shown where the mouse merely passes
        self._tool = "look"
        self._proposing = listen(owner, self._on_proposals, self._on_refused)
        panel.tool_chosen.connect(self.use_tool)
        panel.sign_toggled.connect(self.toggle_sign)
        panel.next_proposal_requested.connect(self.next_proposal)
        panel.commit_requested.connect(self.commit)
        panel.clear_requested.connect(self.clear)
        canvas.prompt_changed.connect(self._on_prompt)
        canvas.hovered.connect(self._on_hover)
        canvas.refused.connect(tell)
        session.events.image_id.connect(self._on_image)
        session.events.crystal_id.connect(self._on_crystal)
        session.events.engine.connect(self._on_engine)

    def close(self) -> None:
        """Let go of the session and the canvas."""
        self._canvas.prompt_changed.disconnect(self._on_prompt)
        self._canvas.hovered.disconnect(self._on_hover)
        self._canvas.refused.disconnect(tell)
        self._session.events.image_id.disconnect(self._on_image)
        self._session.events.crystal_id.disconnect(self._on_crystal)
        self._session.events.engine.disconnect(self._on_engine)

    def use_tool(self, tool: str) -> None:
        """Choose what the mouse does on the micrograph: look, prompt, box or brush."""
        if tool == "brush" and self._session.crystal is None:
            tool = "look"
            tell("Select the crystal to correct first: click it.")
        self._tool = tool
        self._canvas.use_tool(tool)
        self._panel.set_tool(tool)

    def put_away(self) -> None:
        """Forget what was pointed at, and let the mouse look again."""
        self.clear()
        self.use_tool("look")

    def toggle_sign(self) -> None:
        """Let clicks and the brush cut away instead of adding, or back."""
        self.set_sign(not self._canvas.positive)

    def set_sign(self, positive: bool) -> None:
        """Let clicks and the brush add (True) or cut away (False)."""
        self._canvas.positive = positive
        self._panel.set_sign(positive)

    def next_proposal(self) -> None:
        """Preview the next of the sizes proposed."""
        if self._proposals.masks:
            self._chosen = (self._chosen + 1) % len(self._proposals.masks)
            self._show_proposal()

    @refusals_told
    def commit(self) -> None:
        """Accept the previewed mask as a crystal; the tool stays in hand for the next one."""
        if self._waiting:
            self._accepting = True
            return
        if not self._proposals.masks:
            raise MaskError("There is no outline to accept: press S and click a crystal first.")
        crystal = self._put(self._proposals.masks[self._chosen])
        self.clear()
        with self._canvas.camera_held():
            self._session.crystal_id = crystal.crystal_id

    def _put(self, mask: Mask) -> Crystal:
        """Outline a new crystal, or the one that is there anew, which keeps its labels."""
        same = closest(mask, self._session.crystals.values())
        return self._session.project.put_mask(
            self._session.image_id or "",
            mask,
            self._session.mask_source,
            crystal_id=None if same is None else same.crystal_id,
            prompt=self._prompt,
            z=0 if same is None else same.z,
        )

    def clear(self) -> None:
        """Forget the clicks, the box and the preview."""
        self._canvas.clear_prompt()
        self.set_sign(True)
        self._forget()

    def _forget(self) -> None:
        self._prompt, self._waiting, self._accepting = Prompt(), False, False
        self._hovered = None
        self._propose(NOTHING)

    def _propose(self, proposals: MaskProposals) -> None:
        self._proposals, self._chosen = proposals, 0
        self._show_proposal()

    @refusals_told
    def _on_prompt(self, prompt: Prompt) -> None:
        if prompt.empty:
            self._forget()
            tell("Click on the crystal itself first; press T to add again, then cut away.")
            return
        self._prompt = prompt
        self._prepare()
        self._waiting, self._accepting = True, False
        self._engine.propose(prompt, Tagged(self._proposing, prompt))

    @refusals_told
    def _on_hover(self, row: float, col: float) -> None:
        """Show beforehand what a click would outline, where nothing is outlined yet."""
        if self._tool != "prompt" or not self._prompt.empty or self._session.engine != EMBEDDED:
            return
        if self._beforehand is not None and self._beforehand.contains(round(row), round(col)):
            return
        if self._canvas.crystal_at(row, col) is not None:
            self._hovered = None
            self._show_beforehand(None)
            return
        self._hovered = Prompt((Click(row, col),))
        self._prepare()
        self._engine.propose(self._hovered, Tagged(self._proposing, self._hovered))

    def _on_proposals(self, answer: tuple[Prompt, MaskProposals]) -> None:
        prompt, proposals = answer
        if self._waiting and prompt == self._prompt:
            self._on_answer(proposals)
        elif self._prompt.empty and prompt == self._hovered:
            self._show_beforehand(proposals.masks[0] if proposals.masks else None)

    def _on_answer(self, answer: MaskProposals) -> None:
        accepting, self._waiting = self._accepting, False
        self._propose(answer)
        if not answer.masks:
            tell("No crystal was found there; try another place or draw a box around it.")
        elif accepting:
            self.commit()

    def _on_refused(self, refusal: tuple[Prompt, MicroCrystalError]) -> None:
        prompt, error = refusal
        if self._waiting and prompt == self._prompt:
            self._waiting = self._accepting = False
            self._propose(NOTHING)
            refuse(error)
        elif self._prompt.empty and prompt == self._hovered:
            self._show_beforehand(None)  # nobody asked: the mouse merely passes

    def _show_beforehand(self, mask: Mask | None) -> None:
        if mask != self._beforehand:
            self._beforehand = mask
            self._canvas.preview(mask)

    def _show_proposal(self) -> None:
        masks, self._beforehand = self._proposals.masks, None
        self._canvas.preview(masks[self._chosen] if masks else None)
        self._panel.set_proposals(len(masks), self._chosen, self._proposals.scores)

    def _on_image(self, _image_id: object) -> None:
        self.put_away()

    def _on_engine(self, _engine: str) -> None:
        self.clear()

    def _on_crystal(self, _crystal_id: object) -> None:
        if self._tool == "brush" and self._session.crystal is None:
            self.use_tool("look")


def closest(mask: Mask, crystals: Iterable[Crystal]) -> Crystal | None:
    """Give the crystal that a mask outlines once more, or None where it is a new one."""
    shares = [(mask.iou(each.mask), each) for each in crystals]
    share, crystal = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return crystal if share > SAME else None
