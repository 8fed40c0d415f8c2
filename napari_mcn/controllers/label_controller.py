"""Turns class keys into answers, and moves on to the next crystal."""

from __future__ import annotations

import time
from collections import Counter, deque
from typing import TYPE_CHECKING, Protocol

from microcrystalnet.errors import ProjectError
from napari_mcn.crystal_view import crystal_view
from napari_mcn.keymap import named_by, unclear_key
from napari_mcn.labelling_queue import LabellingQueue
from napari_mcn.notify import refusals_told, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from microcrystalnet.domain.label import Answer
    from microcrystalnet.domain.scheme import Scheme
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.label_panel import LabelPanel
    from napari_mcn.remarks import Remarks
    from napari_mcn.session import Session

ALL_DONE = "Every crystal of this micrograph has your answer: press N for the next micrograph."


class Several(Protocol):
    """Crystals selected together, which one key names together."""

    @property
    def selected(self) -> Sequence[str]:
        """Their ids; none if a key means the crystal in view."""

    def answer(self, complete: Callable[[Answer], Answer]) -> None:
        """Complete each one's remarks to an answer."""

    def clear(self) -> None:
        """Withdraw their answers."""


class LabelController:
    """One expert, one crystal after the other, one key each; nobody else's answers are read."""

    def __init__(
        self,
        panel: LabelPanel,
        session: Session,
        canvas: Canvas,
        remarks: Remarks,
        several: Several | None = None,
    ) -> None:
        self._panel, self._session, self._canvas = panel, session, canvas
        self._remarks, self._several = remarks, several
        self._shown_at = time.monotonic()
        self._paces: deque[tuple[float, int]] = deque(maxlen=11)  # when, how many
        self._queue = LabellingQueue(session)
        panel.class_chosen.connect(self.choose_class)
        panel.unclear_chosen.connect(self.choose_unclear)
        panel.discard_chosen.connect(self.discard)
        panel.cleared.connect(self.clear)
        panel.previous_requested.connect(self.previous)
        panel.next_requested.connect(self.next)
        panel.next_unlabelled_requested.connect(self.next_unlabelled)
        panel.order_chosen.connect(self._on_order_chosen)
        panel.expert_chosen.connect(self._on_expert_chosen)
        panel.expert_added.connect(self._on_expert_chosen)
        session.events.store.connect(self._on_store)
        session.events.image_id.connect(self._on_image)
        session.events.crystal_id.connect(self._on_crystal)
        session.events.expert.connect(self._on_expert)
        session.edited.connect(self._on_edited)
        self._on_store(session.store)

    def close(self) -> None:
        """Let go of the session."""
        events = self._session.events
        events.store.disconnect(self._on_store)
        events.image_id.disconnect(self._on_image)
        events.crystal_id.disconnect(self._on_crystal)
        events.expert.disconnect(self._on_expert)
        self._session.edited.disconnect(self._on_edited)

    def choose_class(self, code: str) -> None:
        """Name the selected crystal."""
        self._answer(lambda said: said.naming(code))

    @refusals_told
    def press_digit(self, digit: str) -> None:
        """Name the selected crystal with the class of this key; 5 is *unclear* where it is free."""
        code = named_by(digit, self._session.project.state.scheme)
        self._answer(lambda said: said.naming(code))

    def choose_unclear(self) -> None:
        """Say that the class cannot be told."""
        self._answer(lambda said: said.naming(None))

    def discard(self) -> None:
        """Say that this is not a crystal."""
        self._answer(lambda said: said.discarding())

    @refusals_told
    def clear(self) -> None:
        """Withdraw the answer and stay."""
        if self._several is not None and self._several.selected:
            self._several.clear()
            return
        self._session.project.clear_label(self._selected())

    def next(self) -> None:
        """Go to the next crystal, labelled or not."""
        self._step(1)

    def previous(self) -> None:
        """Go to the crystal before."""
        self._step(-1)

    def next_unlabelled(self) -> None:
        """Go to the next crystal without an answer of this expert."""
        if not self._order:
            tell(self._next_step())
        elif not self._advance():
            tell(ALL_DONE)

    @property
    def _order(self) -> tuple[str, ...]:
        return self._queue.order

    def _step(self, by: int) -> None:
        if self._order:
            self._session.crystal_id = self._queue.step(by)
        else:
            tell(self._next_step())

    def _advance(self) -> bool:
        """Fly to the next crystal without an answer; stay and return False if there is none."""
        following = self._queue.following()
        if following is not None:
            self._session.crystal_id = following
        return following is not None

    @refusals_told
    def _answer(self, complete: Callable[[Answer], Answer]) -> None:
        if self._several is not None and self._several.selected:
            self._paces.append((time.monotonic(), len(self._several.selected)))
            self._several.answer(complete)
        else:
            self._answer_one(complete)

    def _answer_one(self, complete: Callable[[Answer], Answer]) -> None:
        crystal_id = self._selected()
        store = self._session.project
        before = store.state.label(crystal_id)
        remarks = self._remarks.get(store.actor, crystal_id)
        said = remarks if before is None else before.answer.reconsidered()
        spent = round(1000 * (time.monotonic() - self._shown_at))
        store.label(crystal_id, complete(said), assist=self._canvas.assist, milliseconds=spent)
        self._remarks.drop(store.actor, crystal_id)
        self._paces.append((time.monotonic(), 1))
        if not self._advance() and before is None:
            tell(ALL_DONE)

    def _selected(self) -> str:
        crystal = self._session.crystal
        if crystal is None:
            raise ProjectError("Select a crystal first: click it, or press K.")
        if self._canvas.pixels is None:
            raise ProjectError("This micrograph cannot be shown, so its crystals are not named.")
        return crystal.crystal_id

    @refusals_told
    def _on_expert_chosen(self, expert: str) -> None:
        self._session.become(expert.strip())

    def _on_store(self, _store: object) -> None:
        if self._session.store is not None:
            self._show_scheme(self._session.store.state.scheme)
        self._on_image(self._session.image_id)
        self._on_expert(self._session.expert)

    def _on_expert(self, expert: str | None) -> None:
        store = self._session.store
        self._panel.set_experts(() if store is None else store.experts(), expert)
        self._paces.clear()
        self._read_crystals()
        self._show_counts()
        self._on_crystal(self._session.crystal_id)

    def _on_image(self, _image_id: object) -> None:
        self._read_crystals()
        self._show_counts()
        self._on_crystal(self._session.crystal_id)

    def _on_crystal(self, _crystal_id: str | None) -> None:
        self._shown_at = time.monotonic()
        self._show_crystal()
        self._panel.set_next_step(self._next_step())

    def _show_scheme(self, scheme: Scheme) -> None:
        self._panel.set_scheme(scheme, unclear_key(scheme))

    def _on_edited(self, change: Change) -> None:
        if change.kind == "rounds":
            self._on_image(self._session.image_id)
        if change.kind == "scheme":
            self._show_scheme(self._session.project.state.scheme)
            self._show_counts()
            self._show_crystal()
        if change.image_id != self._session.image_id:
            return
        if change.kind == "masks":
            self._read_crystals()
        if change.kind == "label":
            self._queue.reread(change.crystal_ids)
        if change.kind in {"masks", "label"}:
            self._show_counts()
            self._show_crystal()

    def _read_crystals(self) -> None:
        self._queue.read()
        self._panel.set_order(self._queue.own_order, in_round=self._queue.in_round)

    def _on_order_chosen(self, own_order: bool) -> None:
        self._queue.own_order = own_order
        self._read_crystals()
        self._on_crystal(self._session.crystal_id)

    def _show_crystal(self) -> None:
        crystal, pixels = self._session.crystal, self._canvas.pixels
        if crystal is None or pixels is None or self._session.store is None:
            self._panel.set_crystal(None)
            return
        place = self._queue.place(crystal.crystal_id)
        self._panel.set_crystal(
            crystal_view(
                crystal.mask,
                pixels,
                title=f"Crystal {place} of {len(self._order)}" if place else "Not asked of you",
                answer=self._queue.answers.get(crystal.crystal_id),
            )
        )

    def _show_counts(self) -> None:
        if self._session.store is None:
            return
        answers = self._queue.answers.values()
        self._panel.set_counts(
            Counter(answer.cls for answer in answers if answer.cls is not None),
            len(answers),
            len(self._order),
        )
        self._panel.set_pace(self._pace())
        self._panel.set_next_step(self._next_step())

    def _pace(self) -> str:
        if len(self._paces) < 3:
            return ""
        minutes = (self._paces[-1][0] - self._paces[0][0]) / 60
        answered = sum(count for _, count in self._paces) - self._paces[0][1]
        return f"{answered / max(minutes, 1e-6):.0f} crystals a minute"

    def _next_step(self) -> str:
        if self._session.image_id is None:
            return "Open a project and a micrograph on the Project page."
        if not self._order:
            if self._session.crystals:
                return "No crystal of this micrograph is asked of you: press N for the next one."
            return "No crystal is outlined yet: go to Segment first."
        if len(self._queue.answers) == len(self._order):
            return ALL_DONE
        if self._session.crystal is None:
            return "Press K for the first crystal, then the digit of a class to name it."
        who = self._session.expert
        return f"As {who}: press a digit to name the crystal; the view then moves on."
