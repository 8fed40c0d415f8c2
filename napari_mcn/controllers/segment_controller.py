"""Turns clicks, boxes and strokes into crystals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.prompt import Prompt
from microcrystalnet.errors import MaskError, SegmentationError
from microcrystalnet.progress import Progress
from microcrystalnet.segmentation.segmenter import EverythingSettings, MaskProposals
from napari_mcn.jobs import listen
from napari_mcn.notify import refusals_told, refuse, tell

if TYPE_CHECKING:
    from qtpy.QtCore import QObject

    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.engines.segmentation import SegmentationEngine
    from microcrystalnet.errors import MicroCrystalError
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.controllers.busy import Busy
    from napari_mcn.dialogs import Dialogs
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.segment_panel import SegmentPanel
    from napari_mcn.session import Session

EMBEDDED = "embedded"
DOUBLE = 0.5  # share of a found crystal inside an accepted one from which it is the same crystal


class SegmentController:
    """The Segment page: prompts to previews to accepted crystals, and their correction."""

    def __init__(
        self,
        panel: SegmentPanel,
        session: Session,
        canvas: Canvas,
        engine: SegmentationEngine,
        *,
        busy: Busy,
        dialogs: Dialogs,
        owner: QObject,
    ) -> None:
        self._panel, self._session, self._canvas, self._engine = panel, session, canvas, engine
        self._busy, self._dialogs = busy, dialogs
        self._engines = {EMBEDDED: "Embedded (no download)"}
        self._engine_key = EMBEDDED
        self._active = False
        self._prepared: tuple[str, str] | None = None
        self._prompt, self._proposals, self._chosen = Prompt(), MaskProposals((), ()), 0
        self._everything_on: str | None = None
        self._preparing = listen(
            owner, self._on_prepared, self._on_prepare_refused, self._on_preparing
        )
        self._proposing = listen(owner, self._on_proposals, self._on_refused)
        self._outlining = listen(owner, self._on_everything, self._on_refused, busy.step)
        self._connect_panel()
        canvas.prompt_changed.connect(self._on_prompt)
        canvas.brushed.connect(self._on_brushed)
        canvas.refused.connect(tell)
        session.events.image_id.connect(self._on_image)
        session.events.crystal_id.connect(self._on_crystal)
        session.edited.connect(self._on_edited)
        panel.set_engines(list(self._engines.items()), EMBEDDED)
        self._show_all()

    def _connect_panel(self) -> None:
        panel = self._panel
        panel.engine_chosen.connect(self._on_engine)
        panel.checkpoint_requested.connect(self._on_checkpoint)
        panel.everything_requested.connect(self.everything)
        panel.tool_chosen.connect(self.use_tool)
        panel.sign_toggled.connect(self.toggle_sign)
        panel.next_proposal_requested.connect(self.next_proposal)
        panel.commit_requested.connect(self.commit)
        panel.clear_requested.connect(self.clear)
        panel.delete_requested.connect(self.delete)
        panel.undo_requested.connect(self.undo)
        panel.redo_requested.connect(self.redo)

    def close(self) -> None:
        """Let go of the session and the canvas."""
        self._canvas.prompt_changed.disconnect(self._on_prompt)
        self._canvas.brushed.disconnect(self._on_brushed)
        self._canvas.refused.disconnect(tell)
        self._session.events.image_id.disconnect(self._on_image)
        self._session.events.crystal_id.disconnect(self._on_crystal)
        self._session.edited.disconnect(self._on_edited)

    def activate(self, active: bool) -> None:
        """Prepare the micrograph while the page is in use; put the tools away when it is left."""
        self._active = active
        if active:
            self._prepare()
        else:
            self.use_tool("look")

    def use_tool(self, tool: str) -> None:
        """Choose what the mouse does on the micrograph: look, prompt, box or brush."""
        if tool == "brush" and self._session.crystal is None:
            tool = "look"
            tell("Select the crystal to correct first: click it.")
        self._canvas.use_tool(tool)
        self._panel.set_tool(tool)

    def toggle_sign(self) -> None:
        """Let the next clicks exclude instead of include, or back."""
        self._panel.set_sign(self._canvas.toggle_sign())

    def next_proposal(self) -> None:
        """Preview the next of the sizes proposed."""
        if self._proposals.masks:
            self._chosen = (self._chosen + 1) % len(self._proposals.masks)
            self._show_proposal()

    @refusals_told
    def commit(self) -> None:
        """Accept the previewed mask as a crystal."""
        if not self._proposals.masks:
            raise MaskError(
                "There is no preview to accept: click a crystal with the prompt tool first."
            )
        source = MaskSource.AUTO if self._engine_key == EMBEDDED else MaskSource.SAM
        crystal = self._session.project.put_mask(
            self._shown(), self._proposals.masks[self._chosen], source, prompt=self._prompt
        )
        self.clear()
        with self._canvas.camera_held():
            self._session.crystal_id = crystal.crystal_id

    def clear(self) -> None:
        """Forget the clicks, the box and the preview."""
        self._prompt, self._proposals, self._chosen = Prompt(), MaskProposals((), ()), 0
        self._canvas.clear_prompt()
        self._show_proposal()

    @refusals_told
    def delete(self) -> None:
        """Delete the selected crystal."""
        crystal = self._session.crystal
        if crystal is None:
            raise MaskError("Select the crystal to delete first: click it.")
        self._session.crystal_id = None
        self._session.project.delete_crystals([crystal.crystal_id])

    @refusals_told
    def undo(self) -> None:
        """Take the last edit back, whatever it was."""
        change = self._session.apply(self._session.project.undo())
        tell("There is nothing to undo." if change is None else change.text)

    @refusals_told
    def redo(self) -> None:
        """Do again what was taken back."""
        change = self._session.apply(self._session.project.redo())
        tell("There is nothing to redo." if change is None else change.text)

    @refusals_told
    def everything(self, smallest_px: int) -> None:
        """Propose every crystal of the micrograph at once."""
        self._everything_on = self._shown()
        self._prepare()
        region = self._session.project.state.micrographs[self._everything_on].region
        settings = EverythingSettings(smallest_px=smallest_px, region=region)
        request = self._engine.everything(settings, self._outlining)
        self._busy.start(
            Progress(0, 0, "Outlining every crystal"), lambda: self._engine.cancel(request)
        )

    def _shown(self) -> str:
        if self._session.image_id is None:
            raise SegmentationError("Open a micrograph on the Project page first.")
        return self._session.image_id

    def _prepare(self) -> None:
        image_id, pixels = self._session.image_id, self._canvas.pixels
        if image_id is None or pixels is None or self._prepared == (image_id, self._engine_key):
            return
        self._prepared = image_id, self._engine_key
        self._panel.set_ready(False, "Preparing the micrograph…")
        engine = self._engine_key if self._engine_key == EMBEDDED else Path(self._engine_key)
        self._engine.show(image_id, pixels, engine, self._preparing)

    def _on_preparing(self, progress: Progress) -> None:
        self._panel.set_ready(False, progress.message or "Preparing the micrograph…")

    def _on_prepared(self, _nothing: object) -> None:
        self._panel.set_ready(True, "Ready: click a crystal, or let the program propose them all.")

    def _on_prepare_refused(self, error: MicroCrystalError) -> None:
        self._prepared = None
        self._panel.set_ready(False, str(error))
        refuse(error)
        if self._engine_key != EMBEDDED:
            self._panel.set_engines(list(self._engines.items()), EMBEDDED)
            self._on_engine(EMBEDDED)

    def _on_engine(self, key: str) -> None:
        self._engine_key = key
        self.clear()
        self._prepare()

    def _on_checkpoint(self) -> None:
        path = self._dialogs.checkpoint()
        if path is not None:
            self._engines[str(path)] = f"SAM: {path.stem}"
            self._panel.set_engines(list(self._engines.items()), str(path))
            self._on_engine(str(path))

    def _on_prompt(self, prompt: Prompt) -> None:
        self._prompt = prompt
        if prompt.empty:
            self._proposals, self._chosen = MaskProposals((), ()), 0
            self._show_proposal()
            return
        self._prepare()
        self._engine.propose(prompt, self._proposing)

    def _on_proposals(self, proposals: object) -> None:
        if not isinstance(proposals, MaskProposals) or self._prompt.empty:
            return
        self._proposals, self._chosen = proposals, 0
        self._show_proposal()
        if not proposals.masks:
            tell("No crystal was found there; try another place or draw a box around it.")

    def _show_proposal(self) -> None:
        masks = self._proposals.masks
        self._canvas.preview(masks[self._chosen] if masks else None)
        self._panel.set_proposals(len(masks), self._chosen, self._proposals.scores)

    @refusals_told
    def _on_everything(self, found: object) -> None:
        self._busy.end()
        image_id = self._everything_on
        if image_id is None or self._session.store is None:
            return
        known = [
            crystal.mask for crystal in self._session.project.state.crystals(image_id).values()
        ]
        fresh = new_masks(found, known)  # type: ignore[arg-type]  # the service's answer
        if fresh:
            self._session.project.put_masks(image_id, fresh, MaskSource.AUTO)
        tell(
            f"{len(fresh)} crystals added; the {len(known)} accepted before were kept as they are."
        )

    def _on_refused(self, error: MicroCrystalError) -> None:
        self._busy.end()
        refuse(error)

    @refusals_told
    def _on_brushed(self, crystal_id: str, mask: Mask | None) -> None:
        crystal = self._session.crystals.get(crystal_id)
        if crystal is None:
            return
        if mask is None:
            self._session.project.delete_crystals([crystal_id])
            return
        self._session.project.put_mask(
            crystal.image_id, mask, MaskSource.MANUAL, crystal_id=crystal_id, z=crystal.z
        )

    def _on_image(self, _image_id: object) -> None:
        self.clear()
        self.use_tool("look")
        self._prepared = None
        if self._active:
            self._prepare()
        self._show_all()

    def _on_crystal(self, _crystal_id: object) -> None:
        self._show_all()

    def _on_edited(self, _change: Change) -> None:
        self._show_all()

    def _show_all(self) -> None:
        crystals, selected = self._session.crystals, self._session.crystal
        self._panel.set_counts(len(crystals), None if selected is None else "one")
        store = self._session.store
        self._panel.set_history(
            store is not None and store.can_undo, store is not None and store.can_redo
        )
        self._panel.set_next_step(self._next_step(len(crystals)))

    def _next_step(self, crystals: int) -> str:
        if self._session.image_id is None:
            return "Open a project and a micrograph on the Project page."
        if not crystals:
            return "Let the program propose every crystal, or press S and click one."
        return "Click what is missing (S), accept with C; correct with the brush, then go to Label."


def new_masks(found: list[Mask], known: list[Mask]) -> list[Mask]:
    """Leave out what lies mostly inside, or mostly covers, a crystal that was accepted before."""
    return [
        mask
        for mask in found
        if not any(mask.overlap(old) > DOUBLE * min(mask.area, old.area) for old in known)
    ]
