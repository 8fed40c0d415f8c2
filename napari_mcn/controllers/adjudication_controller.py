"""Decides disputed crystals together: one key each, with names only when asked for."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from microcrystalnet.domain.decision import Outcome, Ruling, ruling_of
from microcrystalnet.domain.label import Answer
from microcrystalnet.errors import DecisionError, NoVotesError, ProjectError
from microcrystalnet.storage.adjudication import overrules
from napari_mcn.dispute_pictures import DisputePictures
from napari_mcn.dispute_view import pressed, spoken
from napari_mcn.keymap import named_by
from napari_mcn.notify import refusals_told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from microcrystalnet.storage.project_store import Change
    from napari_mcn.disputes import Disputes
    from napari_mcn.layers.canvas import Canvas
    from napari_mcn.panels.consensus_panel import ConsensusPanel
    from napari_mcn.session import Session

NOBODY = "Choose who sits here first: at least two people decide together."
NOT_YOURS = (
    "The keys of this page decide for everybody; change your own answer on the Label page, or "
    "press Ctrl+Z to undo."
)
NO_DECISION = "Nothing has been decided about this crystal yet."


class AdjudicationController:
    """Turns keys and buttons of the Disputes page into decisions about the selected crystal."""

    def __init__(
        self, panel: ConsensusPanel, session: Session, canvas: Canvas, disputes: Disputes
    ) -> None:
        self._panel, self._session, self._canvas = panel, session, canvas
        self._disputes = disputes
        self._active = self._names = self._moving = False
        self._asked: tuple[str, Ruling] | None = None  # what needs a reason
        self._pictures = DisputePictures(session, canvas, disputes)
        self._pictures.changed.connect(self._show)
        self._connect_panel()
        session.events.store.connect(self._on_store)
        session.events.expert.connect(self._on_expert)
        session.events.image_id.connect(self._pictures.forget)
        session.events.crystal_id.connect(self._on_crystal)
        session.edited.connect(self._on_edited)
        disputes.changed.connect(self._on_disputes)
        disputes.reset.connect(self._on_reset)
        self._on_store(session.store)

    def _connect_panel(self) -> None:
        panel, decision = self._panel, self._panel.decision
        panel.sitting.chosen.connect(lambda _present: self._show())
        panel.adjudicators.toggled.connect(self._appoint)
        panel.card.names_requested.connect(self.toggle_names)
        panel.card.neighbour_chosen.connect(self._go_near)
        decision.class_chosen.connect(self.decide_class)
        decision.undecidable_chosen.connect(self.undecidable)
        decision.exclude_chosen.connect(self.exclude)
        decision.reason_given.connect(self._decide_because)
        decision.reason_given_up.connect(self._leave_reason)
        decision.sign_requested.connect(self.sign)
        decision.object_requested.connect(self.object_to)
        decision.reopen_requested.connect(self.reopen)

    def close(self) -> None:
        """Let go of the session and the viewer."""
        events = self._session.events
        events.store.disconnect(self._on_store)
        events.expert.disconnect(self._on_expert)
        events.image_id.disconnect(self._pictures.forget)
        events.crystal_id.disconnect(self._on_crystal)
        self._session.edited.disconnect(self._on_edited)
        self._disputes.changed.disconnect(self._on_disputes)
        self._disputes.reset.disconnect(self._on_reset)
        self._pictures.changed.disconnect(self._show)

    def activate(self, active: bool) -> None:
        """Learn whether the Disputes page is in front."""
        self._active = active
        self._colour()
        self._show()

    @property
    def deciding(self) -> bool:
        """Whether the class keys decide for everybody instead of labelling for one expert."""
        return self._active and self._disputes.opened

    @refusals_told
    def press_digit(self, digit: str) -> None:
        """Decide for the class of this key; 5 is *undecidable* where no class has it."""
        code = named_by(digit, self._session.project.state.scheme)
        self._decide(ruling_of(Answer(code)))

    def decide_class(self, code: str) -> None:
        """Decide that the crystal is of a class."""
        self._decide(ruling_of(Answer(code)))

    def undecidable(self) -> None:
        """Decide that nobody can tell the class."""
        self._decide(Ruling(Outcome.UNDECIDABLE))

    def exclude(self) -> None:
        """Decide that this is not a crystal to be counted."""
        self._decide(Ruling(Outcome.EXCLUDE))

    def previous(self) -> None:
        """Go to the crystal before in the queue."""
        self._go_to(self._disputes.step(self._session.crystal_id, -1))

    def next(self) -> None:
        """Go to the next crystal of the queue, decided or not."""
        self._go_to(self._disputes.step(self._session.crystal_id, 1))

    def toggle_names(self) -> None:
        """Show who said what of this crystal, or hide it."""
        if self.deciding:
            self._names = not self._names
            self._show()

    @refusals_told
    def keep_own(self) -> None:
        """Refuse a key that would change the own answer while everybody decides."""
        raise DecisionError(NOT_YOURS)

    @refusals_told
    def sign(self, name: str = "") -> None:
        """Let an expert stand by the decision; without a name the first who sits here and may."""
        crystal_id = self._opened()
        waiting = self._disputes.signers(crystal_id, self._panel.sitting.present)
        who = name or next(iter(waiting), self._session.project.actor)
        self._session.project.adjudication.sign(crystal_id, who)

    @refusals_told
    def object_to(self) -> None:
        """Ask for the selected crystal to be discussed; this opens nobody's answers."""
        self._session.project.adjudication.object_to(self._selected())

    @refusals_told
    def reopen(self) -> None:
        """Take the decision about the crystal up again."""
        self._session.project.adjudication.reopen(self._opened())

    def _opened(self) -> str:
        """Give the selected crystal, if the answers are open: nobody signs what they cannot see."""
        if not self._disputes.opened:
            raise DecisionError("The other experts' answers are closed; open them first.")
        return self._selected()

    @refusals_told
    def _decide(self, ruling: Ruling) -> None:
        crystal_id = self._selected()
        if not self._panel.sitting.began:
            self._show()
            raise DecisionError(NOBODY)
        labels = self._disputes.votes.get(crystal_id, {})
        if overrules(labels, ruling):
            self._asked = crystal_id, ruling
            self._panel.decision.ask_reason(
                f"Most experts say something else. Why {spoken(ruling)}?"
            )
            self._show_decided(crystal_id)
            return
        self._settle(crystal_id, ruling, "")

    @refusals_told
    def _decide_because(self, reason: str) -> None:
        if self._asked is not None:
            crystal_id, ruling = self._asked
            self._settle(crystal_id, ruling, reason)

    def _settle(self, crystal_id: str, ruling: Ruling, reason: str) -> None:
        present, goes_on = self._panel.sitting.present, self._panel.go_on.isChecked()
        with self._shown_once():
            self._session.project.adjudication.decide(crystal_id, ruling, present, reason)
            self._drop_reason()
            if goes_on:
                self._go_to(self._disputes.following(crystal_id))

    @contextmanager
    def _shown_once(self) -> Iterator[None]:
        """Show a crystal when all is done: a key is felt to wait for what nobody gets to see."""
        self._moving = True
        try:
            yield
        finally:
            self._moving = False
            self._show()

    def _leave_reason(self) -> None:
        self._drop_reason()
        self._show()

    def _drop_reason(self) -> None:
        if self._asked is not None:
            self._asked = None
            self._panel.decision.ask_reason("")

    def _selected(self) -> str:
        crystal = self._session.crystal
        if crystal is None:
            raise ProjectError("Select a crystal first: click it, or press G.")
        return crystal.crystal_id

    @refusals_told
    def _go_to(self, crystal_id: str | None) -> None:
        if not self._disputes.opened:
            raise NoVotesError("The other experts' answers are closed.")
        if crystal_id is not None:
            self._session.go_to(self._disputes.places[crystal_id][0], crystal_id)

    def _go_near(self, crystal_id: str) -> None:
        self._session.crystal_id = crystal_id

    def _on_store(self, _store: object) -> None:
        if self._session.store is not None:
            self._panel.decision.set_scheme(self._session.store.state.scheme)
        self._on_expert(self._session.expert)

    def _on_expert(self, expert: str | None) -> None:
        known = () if self._session.store is None else self._session.store.experts()
        here = () if expert is None else (expert,)
        self._panel.sitting.set_experts(tuple(dict.fromkeys((*known, *here))), expert)
        self._show_adjudicators()

    @refusals_told
    def _appoint(self, name: str, adjudicates: bool) -> None:
        try:
            self._session.project.adjudication.appoint(name, adjudicates=adjudicates)
        finally:
            self._show_adjudicators()

    def _show_adjudicators(self) -> None:
        if self._session.store is not None:
            store, known = self._session.store, self._session.store.adjudication
            self._panel.adjudicators.set_experts(store.experts(), known.adjudicators, known.owner)

    def _on_crystal(self, _crystal_id: object) -> None:
        self._names = False
        self._drop_reason()
        self._show()

    def _on_edited(self, change: Change) -> None:
        if change.kind in {"masks", "images"}:
            self._pictures.forget()
        if change.kind == "scheme":
            self._panel.decision.set_scheme(self._session.project.state.scheme)
            self._show()

    def _on_disputes(self, crystal_ids: tuple[str, ...]) -> None:
        if self.deciding and self._canvas.sheet is not None:
            for each in self._session.crystals.keys() & set(crystal_ids):
                self._canvas.sheet.class_map.set_class(each, self._disputes.settled[each])
        if self._session.crystal_id in crystal_ids:
            self._show()

    def _on_reset(self) -> None:
        if self._disputes.opened:
            self._pictures.read_atlas()
        self._colour()
        self._show()

    def _colour(self) -> None:
        """Colour the micrograph by what is settled: own answers would give a vote away."""
        self._canvas.show_settled(self._disputes.settled if self.deciding else None)

    def _show(self) -> None:
        if self._moving:
            return
        self._show_mode()
        if not self.deciding:
            return  # nothing of it can be seen
        crystal = self._session.crystal
        view = None if crystal is None else self._pictures.view(crystal, names=self._names)
        self._panel.card.set_dispute(view, self._names)
        self._show_decided(None if crystal is None else crystal.crystal_id)

    def _show_mode(self) -> None:
        sitting = self._panel.sitting
        people = " and ".join(sitting.present)
        if sitting.began:
            keys = f"Deciding for {people}: 1–4, 5, X.  G next, V names."
            self._panel.set_mode(keys, deciding=True)
        else:
            self._panel.set_mode("Class keys do nothing here yet: who sits here?", deciding=False)
        self._canvas.set_mode(f"Deciding: {people}" if self.deciding and sitting.began else "")

    def _show_decided(self, crystal_id: str | None) -> None:
        section = self._panel.decision
        decision = None if crystal_id is None else self._disputes.verdict(crystal_id).decision
        section.set_decided(pressed(decision))
        section.set_signers(self._disputes.signers(crystal_id, self._panel.sitting.present))
        nothing = "Select a crystal first." if crystal_id is None else ""
        nobody = "" if self._panel.sitting.began else NOBODY
        section.allow(nothing or nobody, nothing, nothing or ("" if decision else NO_DECISION))
