"""Turns remarks beside the class into answers: doubt, notes, second choice, tick marks, form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from microcrystalnet.domain.label import Flag
from microcrystalnet.errors import ProjectError
from napari_mcn.keymap import class_at
from napari_mcn.notify import refusals_told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from microcrystalnet.domain.label import Answer
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.remark_section import RemarkSection
    from napari_mcn.remarks import Remarks
    from napari_mcn.session import Session


class RemarkController:
    """A remark changes the answer at once, or waits for the class if none was named yet."""

    def __init__(
        self,
        section: RemarkSection,
        session: Session,
        canvas: Canvas,
        *,
        remarks: Remarks,
        show_page: Callable[[], None],
        several: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._section, self._session, self._canvas = section, session, canvas
        self._remarks, self._show_page, self._several = remarks, show_page, several
        self._shown: str | None = None  # crystal
        section.flag_toggled.connect(lambda flag: self.toggle_flag(Flag(flag)))
        section.mark_toggled.connect(self.toggle_mark)
        section.second_chosen.connect(self.choose_second)
        section.form.shape_chosen.connect(self.choose_shape)
        section.form.definition_chosen.connect(self.choose_definition)
        section.form.confidence_chosen.connect(self.choose_confidence)
        section.note_written.connect(self.note)
        section.note_left.connect(self._show)
        session.events.store.connect(self._on_store)
        session.events.crystal_id.connect(self._show)
        session.events.expert.connect(self._show)
        session.edited.connect(self._on_edited)
        remarks.changed.connect(self._show)
        self._on_store(session.store)

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.store.disconnect(self._on_store)
        self._session.events.crystal_id.disconnect(self._show)
        self._session.events.expert.disconnect(self._show)
        self._session.edited.disconnect(self._on_edited)
        self._remarks.changed.disconnect(self._show)

    def toggle_flag(self, flag: Flag) -> None:
        """Add or take away a flag."""
        self._remark(lambda said: replace(said, flags=said.flags ^ {flag}))

    def toggle_mark(self, mark: str) -> None:
        """Set or remove one of the tick marks."""
        self._remark(lambda said: replace(said, marks=said.marks ^ {mark}))

    def choose_second(self, code: str) -> None:
        """Say what the crystal might be as well; the same class again takes it back."""
        self._remark(lambda said: replace(said, second=None if said.second == code else code))

    @refusals_told
    def choose_second_at(self, digit: str) -> None:
        """Choose the second class by the digit of its key."""
        self.choose_second(class_at(digit, self._session.project.state.scheme))

    def choose_shape(self, shape: str) -> None:
        """Record the shape; empty takes it back."""
        self._remark(lambda said: replace(said, shape=shape or None))

    def choose_definition(self, definition: str) -> None:
        """Record how well the faces are formed; empty takes it back."""
        self._remark(lambda said: replace(said, definition=definition or None))

    def choose_confidence(self, share: str) -> None:
        """Record how sure one is, 0..1; empty takes it back."""
        self._remark(lambda said: replace(said, confidence=float(share) if share else None))

    @refusals_told
    def next_shape(self) -> None:
        """Go on to the next shape; after the last one there is none."""
        shapes = self._session.project.state.scheme.shapes
        self._remark(lambda said: replace(said, shape=_following(shapes, said.shape)))

    @refusals_told
    def next_definition(self) -> None:
        """Go on to the next facet definition; after the last one there is none."""
        words = self._session.project.state.scheme.definitions
        self._remark(lambda said: replace(said, definition=_following(words, said.definition)))

    def note(self, text: str) -> None:
        """Write a note."""
        self._remark(lambda said: replace(said, note=text.strip()))

    @refusals_told
    def write_note(self) -> None:
        """Put the keyboard into the field for the note of the selected crystal."""
        self._selected()
        self._show_page()
        self._section.begin_note()

    @refusals_told
    def _remark(self, change: Callable[[Answer], Answer]) -> None:
        self._remark_on(self._selected(), change)

    def _remark_on(self, crystal_id: str, change: Callable[[Answer], Answer]) -> None:
        before = self._said(crystal_id)
        after = change(before)
        if after == before:
            return
        if self._session.project.state.label(crystal_id) is None:
            self._remarks.put(str(self._session.expert), crystal_id, after)
        else:
            self._session.project.label(crystal_id, after, assist=self._canvas.assist)

    def _said(self, crystal_id: str) -> Answer:
        label = self._session.project.state.label(crystal_id)
        waiting = self._remarks.get(str(self._session.expert), crystal_id)
        return waiting if label is None else label.answer

    def _selected(self) -> str:
        if len(self._several()) > 1:
            raise ProjectError("A remark is about one crystal; select a single one on the plate.")
        crystal = self._session.crystal
        if crystal is None:
            raise ProjectError("Select a crystal first: click it, or press K.")
        return crystal.crystal_id

    def _on_store(self, _store: object) -> None:
        self._remarks.clear()
        self._show_scheme()

    def _on_edited(self, change: Change) -> None:
        if change.kind == "scheme":
            self._show_scheme()
        elif self._session.crystal_id in change.crystal_ids:
            self._show()

    def _show_scheme(self) -> None:
        if self._session.store is not None:
            self._section.set_scheme(self._session.store.state.scheme)
        self._show()

    def _show(self, _changed: object = None) -> None:
        crystal = self._session.crystal
        self._keep_note(None if crystal is None else crystal.crystal_id)
        if crystal is None:
            self._section.set_said(None, waiting=False)
            return
        label = self._session.project.state.label(crystal.crystal_id)
        self._section.set_said(self._said(crystal.crystal_id), waiting=label is None)

    @refusals_told
    def _keep_note(self, coming: str | None) -> None:
        """Keep what was typed for the crystal that was shown until now."""
        going, self._shown = self._shown, coming
        if going is None or going == coming:
            return
        typed = self._section.take_note()
        if typed is not None and going in self._session.crystals:
            self._remark_on(going, lambda said: replace(said, note=typed.strip()))


def _following(words: Sequence[str], said: str | None) -> str | None:
    if said is None or said not in words:
        return words[0] if words else None
    after = words.index(said) + 1
    return words[after] if after < len(words) else None
