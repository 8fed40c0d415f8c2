"""Turns clicks and boxes into a preview, and an accepted preview into a crystal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.domain.prompt import Prompt
from microcrystalnet.errors import MaskError
from microcrystalnet.segmentation.segmenter import MaskProposals
from napari_mcn.jobs import Tagged, listen
from napari_mcn.notify import refusals_told, refuse, tell
from napari_mcn.pointing import SAME, Aim, closest, prompt_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from qtpy.QtCore import QObject

    from microcrystalnet.domain.crystal import Crystal
    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.engines.segmentation import SegmentationEngine
    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.segment_panel import SegmentPanel
    from napari_mcn.session import Session

NOTHING = MaskProposals((), ())
POINTING = frozenset({"prompt", "box"})  # tools that point at the crystal to be outlined


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
        self._pointing = session.pointing
        self._waiting = self._accepting = False
        self._tool = "look"
        self._made = session.outlining  # with what the last question was asked
        self._proposing = listen(owner, self._on_proposals, self._on_refused)
        panel.tool_chosen.connect(self.use_tool)
        panel.sign_toggled.connect(self.toggle_sign)
        panel.next_proposal_requested.connect(self.next_proposal)
        panel.commit_requested.connect(self.commit)
        panel.clear_requested.connect(self.clear)
        canvas.prompt_changed.connect(self._on_prompt)
        canvas.refused.connect(tell)
        session.events.image_id.connect(self._on_image)
        session.events.crystal_id.connect(self._on_crystal)
        session.events.engine.connect(self._on_engine)
        session.events.expert.connect(self._on_expert)
        session.edited.connect(self._on_edited)
        self._pointing.moved.connect(self._on_moved)

    def close(self) -> None:
        """Let go of the session and the canvas."""
        self._canvas.prompt_changed.disconnect(self._on_prompt)
        self._canvas.refused.disconnect(tell)
        self._session.events.image_id.disconnect(self._on_image)
        self._session.events.crystal_id.disconnect(self._on_crystal)
        self._session.events.engine.disconnect(self._on_engine)
        self._session.events.expert.disconnect(self._on_expert)
        self._session.edited.disconnect(self._on_edited)
        self._pointing.moved.disconnect(self._on_moved)

    def use_tool(self, tool: str) -> None:
        """Choose what the mouse does: look, prompt, box, brush, lasso, merge or cut."""
        if tool == "brush" and self._session.crystal is None:
            tool = "look"
            tell("Select the crystal to correct first: click it.")
        self._tool = tool
        self._canvas.use_tool(tool)
        self._panel.set_tool(tool)

    def put_away(self) -> None:
        """Forget what was pointed at and marked, and let the mouse look again."""
        self._session.marked = frozenset()
        self.clear()
        self._pointing.forget_commits()
        self.use_tool("look")

    @refusals_told
    def reopen(self) -> None:
        """Let the selected crystal be pointed at again, beginning with its clicks and box."""
        crystal = self._session.crystal
        if crystal is None:
            raise MaskError("Select the crystal to reopen first: click it.")
        if self._tool not in POINTING:
            self.use_tool("prompt")
        self._reopen(crystal)

    def toggle_sign(self) -> None:
        """Let clicks and the brush cut away instead of adding, or back."""
        self.set_sign(not self._canvas.positive)

    def set_sign(self, positive: bool) -> None:
        """Let clicks and the brush add (True) or cut away (False)."""
        self._canvas.positive = positive
        self._panel.set_sign(positive)

    def next_proposal(self) -> None:
        """Preview the next of the sizes proposed."""
        aim = self._pointing.aim
        if aim is not None and aim.proposals is not None and aim.proposals.masks:
            self._pointing.choose((aim.chosen + 1) % len(aim.proposals.masks))
            self._show_proposal()

    @refusals_told
    def commit(self) -> None:
        """Accept the previewed mask; the tool stays in hand for the next crystal.

        A reopened crystal gets the mask and keeps its labels; otherwise it is a new one.
        """
        if self._waiting:
            self._accepting = True
            return
        aim = self._pointing.aim
        if aim is None or aim.mask is None:
            raise MaskError("There is no outline to accept: press S and click a crystal first.")
        crystal_id = self._keep(aim, aim.mask)
        self.clear()
        with self._canvas.camera_held():
            self._session.crystal_id = crystal_id

    def _keep(self, aim: Aim, mask: Mask) -> str:
        """Store the mask of a new crystal, or of the one that is there anew; give its id.

        One that is there keeps its labels; what was not changed is left as it is.
        """
        session = self._session
        crystals = session.crystals
        known = crystals.get(aim.crystal_id or "") or closest(mask, crystals.values())
        if known is not None and known.mask == mask:
            return known.crystal_id
        crystal = session.project.put_mask(
            session.image_id or "",
            mask,
            session.mask_source,
            crystal_id=None if known is None else known.crystal_id,
            prompt=aim.prompt,
            z=0 if known is None else known.z,
            made=aim.made,
        )
        self._pointing.commit(crystal, None if known is None else known.mask)
        return crystal.crystal_id

    def clear(self) -> None:
        """Forget the clicks, the box and the preview."""
        self.set_sign(True)
        self._pointing.clear()
        self._on_moved()

    def _reopen(self, crystal: Crystal, answer: MaskProposals = NOTHING) -> None:
        """Point at an accepted crystal again; its own mask comes first, ``answer`` next."""
        with self._canvas.camera_held():
            self._session.crystal_id = crystal.crystal_id
        others = tuple(mask for mask in answer.masks if mask != crystal.mask)
        as_it_is = MaskProposals((crystal.mask, *others), ())
        aim = Aim(prompt_of(crystal), crystal.crystal_id, as_it_is, made=self._made)
        self._pointing.reopen(aim)

    @refusals_told
    def _on_prompt(self, prompt: Prompt) -> None:
        aim = self._pointing.aim
        if prompt.empty and aim is None and (crystal := self._under(prompt)) is not None:
            self._reopen(crystal)  # the first click cuts away: from the accepted crystal there
            aim = self._pointing.aim
            prompt = Prompt((*prompt_of(crystal).clicks, *prompt.clicks), prompt.box)
            self._canvas.set_prompt(prompt)
        if prompt.empty:
            self.clear()
            tell("Click on the crystal itself first; press T to add again, then cut away.")
            return
        self._pointing.point(Aim(prompt, None if aim is None else aim.crystal_id))
        self._ask(prompt)

    def _ask(self, prompt: Prompt) -> None:
        self._prepare()
        self._waiting, self._accepting = True, False
        self._made = self._session.outlining
        self._engine.propose(prompt, Tagged(self._proposing, prompt))

    def _on_proposals(self, answer: tuple[Prompt, MaskProposals]) -> None:
        prompt, proposals = answer
        aim = self._pointing.aim
        if self._waiting and aim is not None and prompt == aim.prompt:
            self._on_answer(proposals)

    def _on_answer(self, answer: MaskProposals) -> None:
        accepting, self._waiting = self._accepting, False
        known = self._accepted_already(answer)
        if known is not None:
            self._reopen(known, answer)
            return
        self._pointing.answer(answer, self._made)
        self._show_proposal()
        if not answer.masks:
            tell("No crystal was found there; try another place or draw a box around it.")
        elif accepting:
            self.commit()

    def _accepted_already(self, answer: MaskProposals) -> Crystal | None:
        """Give the crystal that a lone click was on, if it is what was proposed."""
        aim = self._pointing.aim
        if aim is None or aim.crystal_id or aim.prompt.box or len(aim.prompt.clicks) != 1:
            return None
        known = self._under(aim.prompt)
        if known is None or not answer.masks or answer.masks[0].iou(known.mask) < SAME:
            return None
        return known

    def _under(self, prompt: Prompt) -> Crystal | None:
        """Give the accepted crystal under a lone click."""
        if len(prompt.clicks) != 1:
            return None
        return self._session.crystal_at(prompt.clicks[0].row, prompt.clicks[0].col)

    def _on_refused(self, refusal: tuple[Prompt, MicroCrystalError]) -> None:
        prompt, error = refusal
        aim = self._pointing.aim
        if not self._waiting or aim is None or prompt != aim.prompt:
            return  # that click was taken back, or another came, meanwhile
        self._waiting = self._accepting = False
        self._pointing.answer(NOTHING)
        self._show_proposal()
        refuse(error)

    def _on_moved(self) -> None:
        """Show the aim that is in force; ask again where its answer never came."""
        aim = self._pointing.aim
        self._waiting = self._accepting = False
        if aim is None:
            self._canvas.clear_prompt()
        else:
            self._canvas.set_prompt(aim.prompt)
        self._show_proposal()
        if aim is not None and aim.proposals is None:
            self._ask(aim.prompt)

    def _show_proposal(self) -> None:
        aim = self._pointing.aim
        proposals = NOTHING if aim is None or aim.proposals is None else aim.proposals
        self._canvas.preview(None if aim is None else aim.mask)
        self._panel.set_proposals(
            len(proposals.masks),
            0 if aim is None else aim.chosen,
            proposals.scores,
            reopened=aim is not None and aim.crystal_id is not None,
        )

    def _on_edited(self, change: Change) -> None:
        if change.kind == "masks":
            at_hand = self._tool in POINTING
            self._pointing.follow(self._session.crystals, undone=change.undone, at_hand=at_hand)
        elif change.kind == "scheme" or (
            change.image_id == self._session.image_id and change.kind == "images"
        ):
            self.put_away()  # the micrograph is shown anew, with no tool in hand

    def _on_image(self, _image_id: object) -> None:
        self.put_away()

    def _on_engine(self, _engine: str) -> None:
        self.clear()

    def _on_expert(self, _expert: object) -> None:
        self._pointing.forget_commits()
        self._on_moved()

    def _on_crystal(self, _crystal_id: object) -> None:
        if self._tool == "brush" and self._session.crystal is None:
            self.use_tool("look")
