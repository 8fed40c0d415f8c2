"""Merges, cuts, fills, smooths, grows and orders accepted crystals, each as one undoable step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from microcrystalnet.domain.crystal import MaskSource
from microcrystalnet.domain.prompt import Prompt
from microcrystalnet.errors import MaskError
from microcrystalnet.imaging import corrections
from napari_mcn.neighbourhood import Neighbourhood
from napari_mcn.notify import refusals_told, tell
from napari_mcn.pointing import prompt_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from microcrystalnet.domain.crystal import Crystal
    from microcrystalnet.domain.mask import Mask
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.layers.stroke import Stroke
    from napari_mcn.panels.correct_section import CorrectSection
    from napari_mcn.session import Session

    Mend = Callable[[Crystal, Sequence[Crystal]], Mask]  # of a crystal among its neighbours

_NONE = "Select a crystal first by a click, or mark several with the lasso."


class ReshapeController:
    """The correction section of the Segment page, and the lines drawn on the canvas."""

    def __init__(self, section: CorrectSection, session: Session, canvas: Canvas) -> None:
        self._section, self._session, self._canvas = section, session, canvas
        section.tool_chosen.connect(self._on_tool)
        section.fill_requested.connect(self.fill)
        section.smooth_requested.connect(self.smooth)
        section.grow_requested.connect(self.grow)
        section.front_requested.connect(lambda: self.lay(1))
        section.back_requested.connect(lambda: self.lay(-1))
        canvas.drawn.connect(self._on_drawn)
        session.events.marked.connect(self._show)
        session.events.crystal_id.connect(self._on_crystal)
        session.edited.connect(self._show)
        self._show(None)

    def close(self) -> None:
        """Let go of the session and the canvas."""
        self._canvas.drawn.disconnect(self._on_drawn)
        self._session.events.marked.disconnect(self._show)
        self._session.events.crystal_id.disconnect(self._on_crystal)
        self._session.edited.disconnect(self._show)

    def begin_merging(self) -> None:
        """Merge the marked crystals; where fewer than two are, a click is waited for."""
        if len(self._session.chosen) > 1:
            self.merge(self._session.chosen)
        elif self._session.crystal is None:
            tell("Click the crystal to keep, then the neighbours that belong to it.")
        else:
            tell("Click the neighbours that belong to the selected crystal, or lasso them.")

    @refusals_told
    def merge(self, parts: Sequence[Crystal]) -> None:
        """Make one crystal of several: the selected one, or else the largest, keeps its label."""
        mask = corrections.merge([each.mask for each in parts])
        selected = self._session.crystal_id
        kept = max(parts, key=lambda each: (each.crystal_id == selected, each.mask.area))
        clicks = [click for each in parts for click in prompt_of(each).clicks]
        whole = replace(
            kept,
            mask=mask,
            source=MaskSource.MANUAL,
            prompt=Prompt(tuple(clicks)),
            z=max(each.z for each in parts),
        )
        others = [each.crystal_id for each in parts if each is not kept]
        text = f"Merged {len(parts)} crystals"
        self._session.project.correct([whole], delete=others, text=text)
        self._select(kept.crystal_id)

    @refusals_told
    def cut(self, path: corrections.Path) -> None:
        """Divide the crystal a line crosses; the largest part keeps its label."""
        crystal = self._crossed(path)
        first, *rest = corrections.cut(crystal.mask, path)
        part = replace(crystal, source=MaskSource.MANUAL, prompt=None)
        parts = [replace(part, mask=first)]
        parts += [replace(part, crystal_id="", mask=mask) for mask in rest]
        self._session.project.correct(parts, text=f"Cut a crystal into {len(parts)}")
        self._select(crystal.crystal_id)

    def fill(self) -> None:
        """Fill the holes of the chosen crystals."""
        self._mend("Filled the holes of", lambda each, _near: corrections.fill_holes(each.mask))

    def smooth(self, radius: int) -> None:
        """Round off the outlines of the chosen crystals."""
        self._mend("Smoothed", lambda each, _near: corrections.smooth(each.mask, radius))

    def grow(self, pixels: int) -> None:
        """Move the outlines of the chosen crystals outwards, or inwards where negative."""

        def grown(crystal: Crystal, near: Sequence[Crystal]) -> Mask:
            return corrections.grow(crystal.mask, pixels, [each.mask for each in near])

        self._mend("Grew" if pixels > 0 else "Shrank", grown)

    @refusals_told
    def lay(self, way: int) -> None:
        """Lay the chosen crystals over (1) or under (-1) those that they overlap."""
        laid, near = [], Neighbourhood(self._session.crystals.values())
        for each in self._session.chosen:
            others = [c.z for c in near.around(each) if each.mask.overlap(c.mask)]
            if others:
                laid.append(replace(each, z=max(others) + 1 if way > 0 else min(others) - 1))
        if not laid:
            raise MaskError("No other crystal overlaps the chosen ones.")
        where = "front" if way > 0 else "back"
        self._session.project.correct(laid, text=f"Brought {_counted(len(laid))} to the {where}")

    @refusals_told
    def _mend(self, deed: str, mend: Mend) -> None:
        """Give every chosen crystal another mask; those it would wipe out stay as they are."""
        chosen = self._session.chosen
        if not chosen:
            raise MaskError(_NONE)
        neighbourhood = Neighbourhood(self._session.crystals.values())
        refusals: list[MaskError] = []
        mended: dict[str, Crystal] = {}
        for each in chosen:
            near = [mended.get(c.crystal_id, c) for c in neighbourhood.around(each)]
            try:
                mask = mend(each, near)
            except MaskError as refusal:
                refusals.append(refusal)
                continue
            if mask != each.mask:
                mended[each.crystal_id] = replace(each, mask=mask, source=MaskSource.MANUAL)
        self._keep(deed, list(mended.values()), refusals)

    def _keep(self, deed: str, mended: Sequence[Crystal], refusals: Sequence[MaskError]) -> None:
        if not mended:
            if refusals:
                raise refusals[0]
            tell("Nothing had to be changed.")
            return
        text = f"{deed} {_counted(len(mended))}"
        self._session.project.correct(mended, text=text)
        if refusals:
            left = f"{_counted(len(refusals))} would be wiped out"
            raise MaskError(f"{text}; {left}, and stayed as before.")

    def _crossed(self, path: corrections.Path) -> Crystal:
        """Give the crystal that a line is about: the selected one if crossed, or the longest."""
        line = corrections.drawn(path)
        lengths = {each: line.overlap(c.mask) for each, c in self._session.crystals.items()}
        selected = self._session.crystal_id
        longest = max(lengths, key=lengths.__getitem__, default=None)
        crossed = selected if lengths.get(selected or "") else longest
        if crossed is None or not lengths[crossed]:
            raise MaskError("The line crosses no crystal; draw it right across the one to divide.")
        return self._session.crystals[crossed]

    @refusals_told
    def _on_drawn(self, stroke: Stroke) -> None:
        drawing = {"lasso": self._mark, "merge": self._join, "cut": self._divide}
        if draw := drawing.get(self._canvas.tool):
            draw(stroke)

    def _mark(self, stroke: Stroke) -> None:
        held = frozenset(each.crystal_id for each in self._held(stroke))
        marked = self._session.marked & self._session.crystals.keys()
        if stroke.is_click:
            self._session.marked = marked ^ held
        else:
            self._session.marked = marked | held if stroke.adds else held
            tell(f"{_counted(len(self._session.marked))} marked: Del deletes, Shift+M merges.")

    def _join(self, stroke: Stroke) -> None:
        held, selected = self._held(stroke), self._session.crystal
        if selected is None and len(held) == 1:
            self._select(held[0].crystal_id)
            return
        if len(held) == 1 and selected is not None and held[0] != selected:
            held = [selected, *held]
        if len(held) > 1:
            self.merge(held)

    def _divide(self, stroke: Stroke) -> None:
        if stroke.is_click:
            raise MaskError("Drag a line right across the crystal, from outside to outside.")
        self.cut(stroke.path)

    def _held(self, stroke: Stroke) -> list[Crystal]:
        """Give the crystals inside a loop, by more than half, or the topmost under a click."""
        if stroke.is_click:
            there = self._session.crystal_at(*stroke.path[0])
            return [] if there is None else [there]
        loop = corrections.encircled(stroke.path)
        crystals = self._session.crystals.values()
        return [each for each in crystals if 2 * loop.overlap(each.mask) > each.mask.area]

    def _select(self, crystal_id: str) -> None:
        self._session.marked = frozenset()
        with self._canvas.camera_held():
            self._session.crystal_id = crystal_id

    def _on_tool(self, tool: str) -> None:
        if tool == "merge":
            self.begin_merging()

    def _on_crystal(self, _crystal_id: object) -> None:
        self._session.marked = frozenset()
        self._show(None)

    def _show(self, _changed: object) -> None:
        chosen = self._session.chosen
        self._section.set_chosen(len(chosen))
        marked = [each.mask for each in chosen if each.crystal_id in self._session.marked]
        self._canvas.mark(corrections.union(marked) if marked else None)


def _counted(crystals: int) -> str:
    return "1 crystal" if crystals == 1 else f"{crystals:,} crystals"
