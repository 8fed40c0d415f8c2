"""Shows on what the experts agree, and leads to what they dispute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.domain.verdict import State
from microcrystalnet.errors import NoVotesError
from microcrystalnet.progress import Progress
from napari_mcn.dispute_view import counted
from napari_mcn.notify import refusals_told, tell
from napari_mcn.panels.consensus_panel import DisputeRow
from napari_mcn.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from microcrystalnet.storage.project_store import Change
    from napari_mcn.disputes import Disputes
    from napari_mcn.panels.consensus_panel import ConsensusPanel
    from napari_mcn.session import Session

HIDDEN = (
    "The other experts' answers are closed, so that they do not sway you; "
    "the button below opens them."
)
READING = "Reading the answers …"
LISTED_AT_ONCE = 20


class ConsensusController:
    """Opens the other experts' labels only when the user asks for it, and lists the disputes."""

    def __init__(
        self,
        panel: ConsensusPanel,
        session: Session,
        disputes: Disputes,
        slices: Slices | None = None,
    ) -> None:
        self._panel, self._session = panel, session
        self._disputes, self._slices = disputes, slices or Slices()
        self._listed: tuple[str, ...] = ()
        panel.reveal_requested.connect(self.reveal)
        panel.crystal_chosen.connect(self.go_to)
        panel.next_disagreement_requested.connect(self.next_disagreement)
        panel.together_toggled.connect(self._on_together)
        session.events.store.connect(self._hide)
        session.events.expert.connect(self._hide)
        session.events.answers_open.connect(self._on_opened)
        session.events.crystal_id.connect(self._on_crystal)
        session.edited.connect(self._on_edited)
        disputes.changed.connect(self._on_changed)
        self._hide(None)

    def close(self) -> None:
        """Let go of the session."""
        self._slices.stop()
        self._session.events.store.disconnect(self._hide)
        self._session.events.expert.disconnect(self._hide)
        self._session.events.answers_open.disconnect(self._on_opened)
        self._session.events.crystal_id.disconnect(self._on_crystal)
        self._session.edited.disconnect(self._on_edited)
        self._disputes.changed.disconnect(self._on_changed)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The crystals that are disputed, as far as the answers are open."""
        disputes = self._disputes
        return tuple(
            each
            for each in disputes.order
            if each in disputes.places and disputes.state(each) is State.DISPUTED
        )

    @refusals_told
    def reveal(self) -> None:
        """Read everyone's labels and show where they stand."""
        self._session.project.rounds.require_open()
        if not self._slices.running:
            self._open()

    @property
    def reading(self) -> bool:
        """Whether the answers are being read, ordered or listed."""
        return self._slices.running

    def _open(self) -> None:
        opening = self._disputes.opening(self._session.project, self._session.model_id)
        self._panel.set_hidden(READING)
        self._panel.set_reveal_available(False, READING)
        self._slices.run(opening, self._on_read, self._close_answers)

    def _on_read(self) -> None:
        self._session.answers_open = True
        self._panel.set_hidden(None)
        self._show()

    def _close_answers(self) -> None:
        """Show nobody's answers after all."""
        self._session.answers_open = False
        self._hide(None)

    def _on_opened(self, opened: bool) -> None:
        if opened and not self._disputes.opened:
            self.reveal()

    @refusals_told
    def go_to(self, crystal_id: str) -> None:
        """Show a disputed crystal on its micrograph."""
        place = self._disputes.places.get(crystal_id)
        if place is not None:
            self._session.go_to(place[0], crystal_id)

    @refusals_told
    def next_disagreement(self) -> None:
        """Go to the next disputed crystal."""
        if not self._disputes.opened:
            raise NoVotesError(HIDDEN)
        following = self._disputes.following(self._session.crystal_id)
        if following is None:
            tell("The experts disagree on no crystal.")
        else:
            self.go_to(following)

    def _on_crystal(self, crystal_id: str | None) -> None:
        self._panel.select(crystal_id)
        if self._disputes.opened and crystal_id in self._disputes.places:
            following = self._disputes.following(crystal_id), self._disputes.step(crystal_id, -1)
            near = [self._disputes.places[each][0] for each in following if each is not None]
            self._session.expected.emit(near)

    def _hide(self, _changed: object) -> None:
        self._slices.stop()
        self._disputes.close()
        self._panel.set_hidden(HIDDEN)
        self._panel.set_reveal_available(True)
        self._panel.set_next_step(
            "Open a project on the Project page."
            if self._session.store is None
            else "When every expert has finished, open the answers to see where they disagree. "
            "Until then the class keys give your own answer."
        )

    @refusals_told
    def _on_edited(self, change: Change) -> None:
        if change.kind == "masks" and self._slices.running:
            self._open()  # of the crystals that there are now
        elif change.kind == "masks" and self._disputes.opened:
            everywhere = self._session.project.state.micrographs
            for image_id in everywhere if change.image_id is None else [change.image_id]:
                self._disputes.place_again(image_id, change.crystal_ids)
            self._show()
        elif change.kind in {"label", "decision"}:
            self._disputes.refresh(change.crystal_ids)

    def _on_together(self, together: bool) -> None:
        if self._disputes.opened:
            self._slices.run(self._disputes.arranging(together), self._show)

    def _show(self) -> None:
        """Show the whole list, in the order of the queue."""
        self._listed = self._disputes.order
        self._panel.set_rows(())
        self._show_counts()
        self._slices.run(self._listing(), lambda: self._panel.select(self._session.crystal_id))

    def _listing(self) -> Iterator[Progress]:
        """Fill the list, beginning with the most urgent."""
        listed = self._listed
        for at in range(0, len(listed), LISTED_AT_ONCE):
            some = [each for each in listed[at : at + LISTED_AT_ONCE] if each in self._places]
            self._panel.add_rows([self._row(each) for each in some])
            yield Progress(at, len(listed), "Listing the disputes …")

    @property
    def _places(self) -> Mapping[str, tuple[str, int]]:
        return self._disputes.places

    def _on_changed(self, crystal_ids: tuple[str, ...]) -> None:
        """Show what became of a few crystals; a key must not wait for the whole list."""
        if self._disputes.order is not self._listed:
            self._show()
            return
        for each in crystal_ids:
            self._panel.set_row(self._row(each))
        self._show_counts()

    def _show_counts(self) -> None:
        counts = self._disputes.counts
        self._panel.set_counts(counts)
        self._panel.set_waiting(counts[State.DISPUTED])
        self._panel.set_agreement(_agreement(counts))
        self._panel.set_next_step(
            "Press G for the next disagreement."
            if counts[State.DISPUTED]
            else "Nothing is disputed: train a classifier on the Model page."
        )

    def _row(self, crystal_id: str) -> DisputeRow:
        image_id, number = self._disputes.places[crystal_id]
        name = self._session.project.state.micrograph(image_id).file_name
        votes = counted(self._disputes.votes.get(crystal_id, {}))
        state = self._disputes.state(crystal_id)
        return DisputeRow(crystal_id, f"{name} · {number}", votes, state)


def _agreement(states: Mapping[State, int]) -> str:
    agreed = states[State.AGREED]
    several = agreed + sum(states[each] for each in DISCUSSED)
    if not several:
        return "No crystal has labels of two experts yet."
    share = 100 * agreed / several
    return f"{share:.0f} % of {several} crystals with two or more labels are unanimous."


DISCUSSED = (State.DISPUTED, State.ADJUDICATED, State.EXCLUDED, State.UNDECIDABLE)
