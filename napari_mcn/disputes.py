"""The crystals that people go through together: where each stands, and which comes next."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from psygnal import Signal

from microcrystalnet.domain.decision import Case
from microcrystalnet.domain.verdict import State, Verdict
from microcrystalnet.labelling.consensus import settle, settling
from microcrystalnet.labelling.queue import reading_order_of
from microcrystalnet.progress import Progress
from napari_mcn.dispute_order import AT_ONCE, ORDERING, grouped, ordering
from napari_mcn.layers.class_map import DISCARDED, UNCLEAR

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

    from microcrystalnet.domain.label import Label
    from microcrystalnet.storage.project_store import ProjectStore

NEVER_ADJUDICATED = Case()
SETTLING = "Comparing the answers …"


class Disputes:
    """What the experts said, once it was opened, and the queue made of it.

    The queue keeps its order while people work on it: what was decided stays in its place, and
    what becomes disputed comes at the end. ``changed`` tells which crystals stand elsewhere than
    before, ``reset`` that everything does.
    """

    changed = Signal(object)  # crystal ids
    reset = Signal()

    def __init__(self) -> None:
        self._store: ProjectStore | None = None
        self.together = True
        self._forget()

    def _forget(self) -> None:
        self.settled: dict[str, str | None] = {}  # what the class map shows, by crystal id
        self.votes: dict[str, Mapping[str, Label]] = {}
        self.cases: dict[str, Case] = {}
        self.verdicts: dict[str, Verdict] = {}
        self._edited: set[str] | None = None  # while they are being opened
        self.places: dict[str, tuple[str, int]] = {}  # micrograph and number on it
        self.order: tuple[str, ...] = ()
        self._at: dict[str, int] = {}  # places in the queue
        self._doubts: Mapping[str, float] = {}
        self.counts: Counter[State] = Counter()

    @property
    def opened(self) -> bool:
        """Whether everyone's answers were asked for."""
        return self._store is not None

    def open(self, store: ProjectStore, model_id: str | None = None) -> None:
        """Do what `opening` does, in one go."""
        for _ in self.opening(store, model_id):
            pass

    def opening(self, store: ProjectStore, model_id: str | None = None) -> Iterator[Progress]:
        """Read everyone's answers and decisions, with pauses; this ends blind labelling.

        Nothing is shown before all is read. ``model_id`` is the classifier whose doubt counts in
        the order of the queue.
        """
        self._forget()
        self._edited = set()
        self.votes = yield from store.collecting_votes()
        for crystal_id, case in store.adjudication.finding_cases():
            self.cases[crystal_id] = case
            yield Progress(0, 0, SETTLING)
        yield from self._settling()
        yield from self._placing(store)
        self._doubts = yield from _doubts(store, model_id)
        order = yield from self._ordering()
        self._queue(order)
        yield Progress(0, 0, ORDERING)
        self._store = store
        self.reset.emit()
        self._look_again()

    def _look_again(self) -> None:
        """Look at what was edited in the pauses."""
        edited, self._edited = self._edited or (), None
        self.refresh(edited)

    def _settling(self) -> Iterator[Progress]:
        known = settling(self.votes, self.cases)
        for at, (crystal_id, verdict) in enumerate(known):
            self.verdicts[crystal_id] = verdict
            self.settled[crystal_id] = _settled(verdict)
            if at % AT_ONCE == 0:
                yield Progress(at, len(self.votes), SETTLING)

    def _placing(self, store: ProjectStore) -> Iterator[Progress]:
        images = tuple(store.state.micrographs)
        for at, image_id in enumerate(images):
            here = self._place(store, image_id)
            yield Progress(at, len(images), SETTLING)
            self.counts.update(self.state(each) for each in here)
            yield Progress(at, len(images), SETTLING)

    def arranging(self, together: bool) -> Iterator[Progress]:
        """Order the queue anew, by urgency, with pauses.

        ``together`` takes one micrograph after the other, that of the most urgent crystal first,
        because showing another micrograph takes longer than deciding a crystal.
        """
        self.together = together
        self._edited = set()
        order = yield from self._ordering()
        self._queue(order)
        self.reset.emit()
        self._look_again()

    def arrange(self, together: bool) -> None:
        """Do what `arranging` does, in one go."""
        for _ in self.arranging(together):
            pass

    def _ordering(self) -> Generator[Progress, None, tuple[str, ...]]:
        disputed = []
        for at, each in enumerate(tuple(self.places)):
            if self.state(each) is State.DISPUTED:
                disputed.append(each)
            if at % AT_ONCE == 0:
                yield Progress(at, len(self.places), SETTLING)
        order = yield from ordering(disputed, self.votes, self.cases, self._doubts)
        there = [each for each in order if each in self.places]
        yield Progress(0, 0, ORDERING)
        return (yield from grouped(there, dict(self.places))) if self.together else tuple(there)

    def _queue(self, order: tuple[str, ...]) -> None:
        self.order = order
        self._at = {each: at for at, each in enumerate(order)}

    def close(self) -> None:
        """Show nobody's answers any more."""
        self._store = None
        self._forget()
        self.reset.emit()

    def refresh(self, crystal_ids: Iterable[str]) -> None:
        """Look again at crystals that were edited here."""
        store = self._store
        if self._edited is not None:
            self._edited.update(crystal_ids)
        if store is None:
            return
        here = [each for each in crystal_ids if each in self.places]
        for crystal_id in here:
            before = self.state(crystal_id)
            self.votes[crystal_id] = store.adjudication.labels_of(crystal_id)
            self.cases[crystal_id] = store.adjudication.case(crystal_id)
            self.verdicts[crystal_id] = settle(
                crystal_id, self.votes[crystal_id], self.cases[crystal_id]
            )
            self.settled[crystal_id] = _settled(self.verdicts[crystal_id])
            now = self.state(crystal_id)
            self.counts.subtract([before])
            self.counts.update([now])
            if now is State.DISPUTED and crystal_id not in self._at:
                self._queue((*self.order, crystal_id))
        if here:
            self.changed.emit(tuple(here))

    def place_again(self, image_id: str, crystal_ids: Sequence[str]) -> None:
        """Look again at a micrograph whose crystals were outlined, corrected or deleted."""
        if self._store is None:
            return
        there = [each for each, place in self.places.items() if place[0] == image_id]
        self.counts.subtract(self.state(each) for each in there)
        for each in there:
            del self.places[each]
        now = self._place(self._store, image_id)
        self.counts.update(self.state(each) for each in now)
        self.refresh(crystal_ids)
        self.reset.emit()

    def _place(self, store: ProjectStore, image_id: str) -> tuple[str, ...]:
        order = reading_order_of(store.state.boxes(image_id))
        self.places |= {each: (image_id, at) for at, each in enumerate(order, 1)}
        return order

    def verdict(self, crystal_id: str) -> Verdict:
        """Give where a crystal stands."""
        known = self.verdicts.get(crystal_id)
        return known or Verdict(crystal_id, State.UNLABELLED, None, 0)

    def state(self, crystal_id: str) -> State:
        """Give the state of a crystal."""
        return self.verdict(crystal_id).state

    def case(self, crystal_id: str) -> Case:
        """Give what was said of a crystal in adjudication."""
        return self.cases.get(crystal_id, NEVER_ADJUDICATED)

    def signers(self, crystal_id: str | None, present: Iterable[str]) -> tuple[str, ...]:
        """Give who is ``present``, labelled otherwise than decided and has not signed that."""
        decision = None if crystal_id is None else self.verdict(crystal_id).decision
        if crystal_id is None or decision is None:
            return ()
        here = set(present) - set(self.case(crystal_id).signers(decision.act_id))
        return tuple(each for each in decision.dissent if each in here)

    def step(self, current: str | None, by: int) -> str | None:
        """Give the crystal before or after one of the queue, decided or not; the ends stay."""
        at = self._at.get(current or "")
        start = at + by if at is not None else 0 if by > 0 else len(self.order) - 1
        further = range(start, len(self.order) if by > 0 else -1, 1 if by > 0 else -1)
        found = next((self.order[n] for n in further if self.order[n] in self.places), None)
        return found or (current if at is not None else None)

    def following(self, current: str | None) -> str | None:
        """Give the next disputed crystal after one, going round at the end."""
        start = self._at.get(current or "", -1) + 1
        turn = chain(range(start, len(self.order)), range(start))
        queue = (self.order[n] for n in turn)
        return next((each for each in queue if self._waits(each)), None)

    def _waits(self, crystal_id: str) -> bool:
        return crystal_id in self.places and self.state(crystal_id) is State.DISPUTED

    def letters(self, crystal_id: str) -> Mapping[str, str]:
        """Give the letter under which each expert's vote is shown; it differs by crystal."""

        def shuffled(expert: str) -> bytes:
            return hashlib.blake2b(f"{crystal_id} {expert}".encode(), digest_size=8).digest()

        experts = sorted(self.votes.get(crystal_id, {}), key=shuffled)
        return {expert: chr(ord("A") + at % 26) for at, expert in enumerate(experts)}


def _settled(verdict: Verdict) -> str | None:
    if verdict.state is State.EXCLUDED:
        return DISCARDED
    if verdict.state is State.UNDECIDABLE:
        return UNCLEAR
    return verdict.cls if verdict.settled else None


def _doubts(
    store: ProjectStore, model_id: str | None
) -> Generator[Progress, None, Mapping[str, float]]:
    found: dict[str, float] = {}
    images = () if model_id is None else tuple(store.state.micrographs)
    for at, image_id in enumerate(images):
        said = store.predictions(model_id or "", image_id)
        found |= {crystal_id: 1 - max(each.probabilities) for crystal_id, each in said.items()}
        yield Progress(at, len(images), ORDERING)
    return found
