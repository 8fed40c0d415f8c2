"""Labels many look-alikes at once: what is selected on the plate gets one answer each."""

from __future__ import annotations

import time
from threading import Thread
from typing import TYPE_CHECKING

from microcrystalnet.domain.colours import NO_CLASS
from microcrystalnet.labelling import queue
from microcrystalnet.labelling.similarity import look_alike_order
from napari_mcn.jobs import Job, Tagged
from napari_mcn.layers.class_map import DISCARDED, UNCLEAR
from napari_mcn.notify import refusals_told
from napari_mcn.panels.plate import PlateItem
from napari_mcn.panels.plate_page import ALIKE, EVERYTHING, OPEN
from napari_mcn.plate_picture import common_side, plate_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from microcrystalnet.domain.crystal import Crystal
    from microcrystalnet.domain.label import Answer
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.plate import Picture
    from napari_mcn.panels.plate_page import PlatePage
    from napari_mcn.remarks import Remarks
    from napari_mcn.session import Session

BADGES = {UNCLEAR: "?", DISCARDED: "✕"}


class PlateController:
    """The crystals of the shown micrograph on a plate; nothing but pixels orders them."""

    def __init__(self, page: PlatePage, session: Session, canvas: Canvas, remarks: Remarks) -> None:
        self._page, self._session, self._canvas = page, session, canvas
        self._remarks = remarks
        self._active, self._shown, self._alike = False, EVERYTHING, True
        self._crystals: dict[str, Crystal] = {}
        self._order: tuple[str, ...] = ()
        self._ordered: tuple[str | None, frozenset[str]] | None = None
        self._selected_at = time.monotonic()
        self._job = Job()  # without a parent: a thread may outlive the dock
        self._job.finished.connect(self._on_ordered)
        page.shown_chosen.connect(self._on_shown)
        page.order_chosen.connect(self._on_order)
        page.chosen.connect(self._on_chosen)
        page.opened.connect(self._on_opened)
        session.events.store.connect(self._on_store)
        session.events.image_id.connect(self._show)
        session.events.crystal_id.connect(self._on_crystal)
        session.events.expert.connect(self._show)
        session.edited.connect(self._on_edited)
        self._on_store(session.store)

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.store.disconnect(self._on_store)
        self._session.events.image_id.disconnect(self._show)
        self._session.events.crystal_id.disconnect(self._on_crystal)
        self._session.events.expert.disconnect(self._show)
        self._session.edited.disconnect(self._on_edited)
        self._active = False

    def activate(self, active: bool) -> None:
        """Learn whether the plate is in front; only then it is filled."""
        if active and not self._active:
            self._active = True
            self._show()
        self._active = active

    @property
    def selected(self) -> Sequence[str]:
        """The crystals that a class key means now; none while another page is in front."""
        return self._page.plate.selected if self._active else ()

    @refusals_told
    def answer(self, complete: Callable[[Answer], Answer]) -> None:
        """Give all selected crystals an answer, as one step, and go on to the next open one."""
        store, selected = self._session.project, self._page.plate.selected
        spent = 1000 * (time.monotonic() - self._selected_at) / max(len(selected), 1)
        answers = {each: complete(self._said(each)) for each in selected}
        store.label_many(answers, assist=self._canvas.assist, milliseconds=round(spent))
        for each in selected:
            self._remarks.drop(store.actor, each)
        self._select_next(selected)

    @refusals_told
    def clear(self) -> None:
        """Withdraw the answers of all selected crystals."""
        self._session.project.clear_labels(self._page.plate.selected)

    def _said(self, crystal_id: str) -> Answer:
        store = self._session.project
        label = store.state.label(crystal_id)
        waiting = self._remarks.get(store.actor, crystal_id)
        return waiting if label is None else label.answer.reconsidered()

    def _select_next(self, answered: list[str]) -> None:
        """Select the first crystal after the last answered one that has no answer yet."""
        order = [each.key for each in self._page.plate.items]
        start = order.index(answered[-1]) + 1 if answered[-1] in order else 0
        label = self._session.project.state.label
        rest = (each for each in (*order[start:], *order[:start]) if label(each) is None)
        self._page.plate.select(each for each in (next(rest, None),) if each is not None)

    def _on_store(self, _store: object) -> None:
        self._shown = EVERYTHING
        self._show_choices()
        self._show()

    def _on_shown(self, shown: str) -> None:
        self._shown = shown
        self._lay_out(new_pictures=False)

    def _on_order(self, order: str) -> None:
        self._alike = order == ALIKE
        self._show()

    def _on_chosen(self, crystal_ids: list[str]) -> None:
        self._selected_at = time.monotonic()
        self._page.set_selected(len(crystal_ids))
        if len(crystal_ids) == 1:
            self._session.crystal_id = crystal_ids[0]

    def _on_crystal(self, crystal_id: str | None) -> None:
        """Follow the viewer, so that a class key never means crystals that are out of sight."""
        if self._active and crystal_id not in self._page.plate.selected:
            self._page.plate.select(() if crystal_id is None else (crystal_id,))

    def _on_opened(self, crystal_id: str) -> None:
        self._session.crystal_id = crystal_id

    def _on_edited(self, change: Change) -> None:
        if change.kind == "scheme":
            self._show_choices()
        elif change.kind in {"masks", "rounds"}:
            self._show()
        elif change.kind == "label" and self._active:
            changed = (*change.crystal_ids, *self._session.coming_again)
            known = [each for each in changed if each in self._crystals]
            self._page.plate.update_items(self._item(each) for each in known)

    def _show_choices(self) -> None:
        store = self._session.store
        classes = () if store is None else store.state.scheme.classes
        self._page.set_choices([(each.code, f"{each.code} only") for each in classes], self._shown)

    def _show(self, _changed: object = None) -> None:
        if not self._active:
            return
        self._crystals = self._asked()
        self._order = queue.reading_order(self._crystals.values())
        self._ask_for_order()
        self._lay_out(new_pictures=True)

    def _asked(self) -> dict[str, Crystal]:
        """Give the crystals of the micrograph; in a round those asked of this expert."""
        crystals, store = self._session.crystals, self._session.store
        image_id = self._session.image_id
        queue_ = None if store is None or image_id is None else store.rounds.queue(image_id)
        wanted = crystals.keys() if queue_ is None else set(queue_)
        return {each: crystal for each, crystal in crystals.items() if each in wanted}

    def _ask_for_order(self) -> None:
        """Let a thread find out which crystals look alike; two seconds for 2,000 of them."""
        pixels, crystals = self._canvas.pixels, tuple(self._crystals.values())
        self._ordered = self._session.image_id, frozenset(self._crystals)
        if self._alike and pixels is not None and crystals:
            listener = Tagged(self._job, self._ordered)
            Thread(target=_order, args=(crystals, pixels, listener), daemon=True).start()

    def _on_ordered(self, answer: object) -> None:
        tag, order = answer  # type: ignore[misc]  # as `Tagged` says
        if self._active and self._alike and tag == self._ordered:
            chosen = self._page.plate.selected
            self._order = order
            self._lay_out(new_pictures=False)
            self._page.plate.select(chosen)

    def _lay_out(self, *, new_pictures: bool) -> None:
        items = [self._item(each) for each in self._order if self._wanted(each)]
        self._page.set_items(items, self._cutter() if new_pictures else None)
        self._page.set_next_step(self._next_step())

    def _wanted(self, crystal_id: str) -> bool:
        said = self._answer(crystal_id)
        if self._shown in {EVERYTHING, OPEN}:
            return self._shown == EVERYTHING or said is None
        return said is not None and said.cls == self._shown

    def _answer(self, crystal_id: str) -> Answer | None:
        label = self._session.project.state.label(crystal_id)
        return None if label is None else label.answer

    def _item(self, crystal_id: str) -> PlateItem:
        said = self._answer(crystal_id)
        if said is None:
            return PlateItem(crystal_id)
        code = DISCARDED if said.discards else said.cls or UNCLEAR
        cls = self._session.project.state.scheme.find(code)
        return PlateItem(
            crystal_id, badge=BADGES.get(code, code), colour=cls.colour if cls else NO_CLASS
        )

    def _cutter(self) -> Callable[[str], Picture | None]:
        crystals, pixels = self._crystals, self._canvas.pixels
        side = common_side(crystals.values())

        def cut(crystal_id: str) -> Picture | None:
            crystal = crystals.get(crystal_id)
            if crystal is None or pixels is None:
                return None
            return plate_picture(crystal.mask, pixels, side)

        return cut

    def _next_step(self) -> str:
        if self._session.image_id is None:
            return "Open a project and a micrograph on the Project page."
        if not self._crystals:
            return "No crystal is outlined yet: go to Segment first."
        return (
            "Select crystals with the mouse or the arrows, more of them with Shift or Ctrl, then "
            "press the digit of their class: it names all of them at once."
        )


def _order(crystals: tuple[Crystal, ...], pixels: NDArray[np.uint8], listener: Tagged) -> None:
    listener.done(look_alike_order(crystals, pixels))
