"""Opens rounds, shows how far they are, and seals: the Rounds page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from microcrystalnet.domain.round import Blindness
from napari_mcn.notify import refusals_told, tell
from napari_mcn.panels.rounds_panel import ProgressRow
from napari_mcn.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from microcrystalnet.domain.round import Round
    from microcrystalnet.progress import Progress
    from microcrystalnet.storage.project_store import Change, ProjectStore
    from microcrystalnet.storage.round_counts import Share
    from napari_mcn.panels.round_form import RoundChoices
    from napari_mcn.panels.rounds_panel import RoundsPanel
    from napari_mcn.session import Session

READING = "Reading the answers …"
NO_ROUND = "Open a round: its experts then label without seeing each other's answers."


class RoundsController:
    """The Rounds page; ``show_answers`` leads to the page with everyone's answers."""

    def __init__(
        self,
        panel: RoundsPanel,
        session: Session,
        show_answers: Callable[[], None],
        slices: Slices | None = None,
    ) -> None:
        self._panel, self._session, self._show_answers = panel, session, show_answers
        self._slices, self._count = slices or Slices(), Slices()
        self._asked = 0  # crystals for which a third label was asked last
        self._active = False
        self._chosen: str | None = None  # the round that is shown; None: the latest
        panel.form.open_requested.connect(self.open_round)
        panel.round_chosen.connect(self._on_round)
        panel.progress_chosen.connect(self._on_progress)
        panel.seal_requested.connect(self.seal)
        panel.reveal_requested.connect(self.reveal)
        session.events.store.connect(self._on_store)
        session.events.image_id.connect(self._on_changed)
        session.events.expert.connect(self._on_expert)
        session.edited.connect(self._on_edited)
        self._on_store(session.store)

    def close(self) -> None:
        """Let go of the session."""
        self._slices.stop()
        self._count.stop()
        self._session.events.store.disconnect(self._on_store)
        self._session.events.image_id.disconnect(self._on_changed)
        self._session.events.expert.disconnect(self._on_expert)
        self._session.edited.disconnect(self._on_edited)

    def activate(self, active: bool) -> None:
        """Bring the page up to date when it comes to the front."""
        self._active = active
        self._show()

    @refusals_told
    def open_round(self, choices: RoundChoices) -> None:
        """Open a round as the form says."""
        made = self._session.project.rounds.open(
            choices.image_ids,
            choices.experts,
            min_labels=choices.labels,
            third_on_dispute=choices.third,
            blind=Blindness.STRICT if choices.strict else Blindness.ON,
            repeat_frac=choices.repeats,
        )
        self._chosen = made.round_id
        self._session.answers_open = False
        self._panel.unfold_form(False)
        self._view_changed()
        tell(f"The round is open: {_listed(made.experts)} can begin on the Label page.")

    @refusals_told
    def seal(self) -> None:
        """Seal the micrograph in view."""
        store, image_id = self._session.project, self._session.image_id
        if image_id is None:
            return
        made = store.rounds.seal(image_id)
        self._view_changed()
        labels = "1 answer" if made.labels == 1 else f"{made.labels} answers"
        tell(f"Sealed with {labels}. You may now see everyone's.")

    @refusals_told
    def reveal(self) -> None:
        """Open everyone's answers, and ask for the deciding label where two differ."""
        store = self._session.project
        store.rounds.require_open()
        self._panel.set_next_step(READING)
        self._slices.run(self._reading(store), self._on_read, self._show)

    def _reading(self, store: ProjectStore) -> Iterator[Progress]:
        yield from store.collecting_votes()
        self._asked = yield from store.rounds.asking_thirds()

    def _on_read(self) -> None:
        asked = self._asked
        self._session.answers_open = True
        self._session.tell_predicted()  # where the planned experts agree it is open again
        self._show()
        self._show_answers()
        if asked:
            crystals = "1 crystal" if asked == 1 else f"{asked} crystals"
            tell(f"Two experts differ on {crystals}; a third is asked for the deciding label.")

    def _view_changed(self) -> None:
        """Let everyone read anew what this expert may see and has said."""
        self._session.events.expert.emit(self._session.expert, self._session.expert)
        self._session.tell_predicted()

    def _on_store(self, _store: object) -> None:
        self._slices.stop()
        self._chosen = None
        self._show()

    def _on_changed(self, _value: object) -> None:
        self._show()

    def _on_expert(self, _expert: object) -> None:
        self._slices.stop()  # another expert may see less
        self._show()

    def _on_edited(self, change: Change) -> None:
        if change.kind != "project":
            self._show()

    def _on_round(self, round_id: str) -> None:
        self._chosen = round_id
        self._show()

    def _on_progress(self, key: str) -> None:
        image_id = key.split("|", 1)[0]
        if image_id != self._session.image_id:
            self._session.show(image_id)

    def _show(self) -> None:
        self._count.stop()
        store = self._session.store
        if not self._active:
            return
        if store is None:
            self._panel.set_rounds((), None)
            self._panel.set_next_step("Open a project on the Project page.")
            return
        names = {each: known.file_name for each, known in store.state.micrographs.items()}
        self._panel.form.set_micrographs(list(names.items()))
        self._panel.form.set_experts(store.experts())
        self._show_round(store, names)

    def _show_round(self, store: ProjectStore, names: dict[str, str]) -> None:
        rounds = store.rounds.all()
        round_ = next((r for r in rounds if r.round_id == self._chosen), None) or (
            rounds[-1] if rounds else None
        )
        numbered = [(r.round_id, f"Round {n}") for n, r in enumerate(rounds, 1)]
        self._panel.set_rounds(numbered, round_.round_id if round_ else None)
        self._panel.set_next_step("Counting the answers …" if round_ else NO_ROUND)
        self._show_ways(store, names)
        if round_ is None:
            return
        self._panel.set_description(described(round_))
        done = partial(self._show_counted, round_, names)
        self._count.run(store.rounds.counting(round_), done, at_least=1)

    def _show_counted(self, round_: Round, names: dict[str, str]) -> None:
        """Show what was counted a slice at a time; only what was touched since is counted again."""
        store = self._session.project
        shares = store.rounds.progress(round_)
        self._panel.set_next_step(_next_step(store, round_))
        self._panel.set_progress([_row(each, names) for each in shares])
        self._panel.set_remark(_remark(shares, round_, store))

    def _show_ways(self, store: ProjectStore, names: dict[str, str]) -> None:
        image_id = self._session.image_id
        left = store.rounds.left(image_id) if image_id else 0
        self._panel.set_seal(names.get(image_id or "", ""), _why_no_seal(store, image_id), left)
        blind = store.rounds.blind_session
        reason = "Seal a micrograph first; until then the others' answers stay closed."
        self._panel.set_reveal(reason if blind else "")


def described(round_: Round) -> str:
    """Say in a sentence what a round asks for."""
    many = len(round_.image_ids)
    labels = "One expert names" if round_.min_labels == 1 else f"{round_.min_labels} experts name"
    third = ", a third where they differ" if round_.third_on_dispute else ""
    again = f" {100 * round_.repeat_frac:.0f} % come twice." if round_.repeat_frac else ""
    strict = " Strict: labels stay on their computer until the seal." * (
        round_.blind is Blindness.STRICT
    )
    where = "1 micrograph" if many == 1 else f"{many} micrographs"
    return (
        f"{_listed(round_.experts)} label {where} blind. {labels} each crystal{third}."
        f"{again}{strict}"
    )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _next_step(store: ProjectStore, round_: Round) -> str:
    if store.actor not in round_.experts:
        return f"You are {store.actor}; this round asks {_listed(round_.experts)}."
    left = sum(store.rounds.left(each) for each in round_.image_ids)
    if left:
        crystals = "1 crystal waits" if left == 1 else f"{left} crystals wait"
        return f"{crystals} for your answer: go to the Label page."
    if any(store.rounds.blind_on(each) for each in round_.image_ids):
        return "You have answered all that is asked: seal each micrograph."
    return "You have sealed everything: look at the answers, or wait for the others'."


def _row(share: Share, names: dict[str, str]) -> ProgressRow:
    return ProgressRow(
        f"{share.image_id}|{share.expert}",
        names.get(share.image_id, share.image_id),
        share.expert,
        share.asked,
        share.answered,
        share.sealed,
    )


def _remark(shares: Sequence[Share], round_: Round, store: ProjectStore) -> str:
    changed = sum(each.changed for each in shares)
    older = sum(each.older_scheme for each in shares)
    said = []
    if changed:
        said.append(f"{changed} outlines changed after you named them: look at them again.")
    if store.state.scheme.version != round_.scheme_version:
        said.append(
            f"The classes were changed after this round was opened; {older} of your answers were "
            "given under the earlier ones and keep them."
        )
    return " ".join(said)


def _why_no_seal(store: ProjectStore, image_id: str | None) -> str:
    if image_id is None:
        return "Show a micrograph first."
    if store.rounds.current(image_id) is None:
        return f"No round asks {store.actor} about this micrograph."
    if store.rounds.sealed(image_id):
        return "You have sealed this micrograph."
    return ""
