"""Shows on what the experts agree, and leads to what they dispute."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from microcrystalnet.domain.label import Flag
from microcrystalnet.domain.verdict import State
from microcrystalnet.errors import NoVotesError
from microcrystalnet.labelling.consensus import settle_all
from microcrystalnet.labelling.queue import reading_order
from napari_mcn.notify import refusals_told, tell
from napari_mcn.panels.consensus_panel import DisputeRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from microcrystalnet.domain.label import Label
    from microcrystalnet.domain.verdict import Verdict
    from microcrystalnet.storage.project_store import Change
    from napari_mcn.panels.consensus_panel import ConsensusPanel
    from napari_mcn.session import Session

HIDDEN = (
    "The other experts' answers are closed, so that they do not sway you; "
    "open them on the Consensus page."
)


class ConsensusController:
    """Opens the other experts' labels only when the user asks for it."""

    def __init__(self, panel: ConsensusPanel, session: Session) -> None:
        self._panel, self._session = panel, session
        self._revealed = False
        self._disputed: dict[str, str] = {}  # crystal id to image id
        panel.reveal_requested.connect(self.reveal)
        panel.crystal_chosen.connect(self.go_to)
        panel.next_disagreement_requested.connect(self.next_disagreement)
        session.events.store.connect(self._hide)
        session.events.expert.connect(self._hide)
        session.events.answers_open.connect(self._on_opened)
        session.events.crystal_id.connect(panel.select)
        session.edited.connect(self._on_edited)
        self._hide(None)

    def close(self) -> None:
        """Let go of the session."""
        self._session.events.store.disconnect(self._hide)
        self._session.events.expert.disconnect(self._hide)
        self._session.events.answers_open.disconnect(self._on_opened)
        self._session.events.crystal_id.disconnect(self._panel.select)
        self._session.edited.disconnect(self._on_edited)

    @refusals_told
    def reveal(self) -> None:
        """Read everyone's labels and show where they stand."""
        votes = self._session.project.votes()
        self._revealed = True
        self._session.answers_open = True
        self._show(votes)

    def _on_opened(self, opened: bool) -> None:
        if opened and not self._revealed:
            self.reveal()

    @refusals_told
    def go_to(self, crystal_id: str) -> None:
        """Show a disputed crystal on its micrograph."""
        image_id = self._disputed.get(crystal_id)
        if image_id is not None:
            self._session.go_to(image_id, crystal_id)

    @refusals_told
    def next_disagreement(self) -> None:
        """Go to the next disputed crystal."""
        if not self._revealed:
            raise NoVotesError(HIDDEN)
        waiting = list(self._disputed)
        if not waiting:
            tell("The experts disagree on no crystal.")
            return
        current = self._session.crystal_id
        place = waiting.index(current) + 1 if current in waiting else 0
        self.go_to(waiting[place % len(waiting)])

    def _hide(self, _changed: object) -> None:
        self._revealed = False
        self._disputed = {}
        self._panel.set_hidden(HIDDEN)
        self._panel.set_next_step(
            "Open a project on the Project page."
            if self._session.store is None
            else "When every expert has finished, open the answers to see where they disagree."
        )

    def _on_edited(self, change: Change) -> None:
        if self._revealed and change.kind in {"label", "masks"}:
            self._show(self._session.project.votes())
            self._panel.select(self._session.crystal_id)

    def _show(self, votes: Mapping[str, Mapping[str, Label]]) -> None:
        verdicts = settle_all(votes)
        state = self._session.project.state
        crystals = [
            (image_id, place, crystal_id)
            for image_id in state.micrographs
            for place, crystal_id in enumerate(reading_order(state.crystals(image_id).values()), 1)
        ]
        states = Counter(_state(verdicts, crystal_id) for *_, crystal_id in crystals)
        disputed = [each for each in crystals if _state(verdicts, each[2]) is State.DISPUTED]
        self._disputed = {crystal_id: image_id for image_id, _, crystal_id in disputed}
        self._panel.set_hidden(None)
        self._panel.set_counts(states)
        self._panel.set_rows(
            [
                DisputeRow(
                    crystal_id,
                    f"{state.micrographs[image_id].file_name} · {place}",
                    _said(votes[crystal_id]),
                    State.DISPUTED,
                )
                for image_id, place, crystal_id in disputed
            ]
        )
        self._panel.set_agreement(_agreement(states))
        self._panel.set_next_step(
            "Press G to go from one disagreement to the next."
            if disputed
            else "Nothing is disputed: train a classifier on the Model page."
        )


def _state(verdicts: Mapping[str, Verdict], crystal_id: str) -> State:
    return verdicts[crystal_id].state if crystal_id in verdicts else State.UNLABELLED


def _said(labels: Mapping[str, Label]) -> str:
    return ", ".join(f"{expert}: {_word(label)}" for expert, label in sorted(labels.items()))


def _word(label: Label) -> str:
    if label.answer.discards:
        return "not a crystal"
    said = label.answer.cls or "unclear"
    return f"{said} (unsure)" if Flag.UNSURE in label.answer.flags else said


def _agreement(states: Mapping[State, int]) -> str:
    agreed, disputed = states[State.AGREED], states[State.DISPUTED]
    if not agreed + disputed:
        return "No crystal has labels of two experts yet."
    share = agreed / (agreed + disputed)
    return f"{share:.0%} of {agreed + disputed} crystals with two or more labels are unanimous."
