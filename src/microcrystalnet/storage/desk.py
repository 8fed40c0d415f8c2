"""The writing half of an open project: what an expert does becomes events in journals."""

import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ulid import ULID

from microcrystalnet.domain.label import Label
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.domain.scheme_rules import successor
from microcrystalnet.errors import ProjectError, ReadOnlyProjectError
from microcrystalnet.storage import holding
from microcrystalnet.storage.access import NEWER, why_read_only
from microcrystalnet.storage.classifier_told import TOLD, told_to_json
from microcrystalnet.storage.drafts import Draft, draft
from microcrystalnet.storage.edits import known_of
from microcrystalnet.storage.event import new_event
from microcrystalnet.storage.header import Header
from microcrystalnet.storage.history import Assignment, Edit, History, Slot, Value
from microcrystalnet.storage.import_records import Imports
from microcrystalnet.storage.layout import (
    CONTROL,
    LABEL,
    JournalName,
    Stream,
    actor_slug,
    journals,
)
from microcrystalnet.storage.pulse import Pulse
from microcrystalnet.storage.reading_desk import ReadingDesk
from microcrystalnet.storage.recorder import Pending, Recorder
from microcrystalnet.storage.records import Details
from microcrystalnet.storage.writer import Entry, Session

_REVEALED = 5000  # crystals in one event: some milliseconds, and far from the longest line


class Desk(ReadingDesk):
    """Fold the journals one may read, and write the current expert's own."""

    def __init__(self, folder: Path, head: Header, actor: str, mirror: Path, pulse: Pulse) -> None:
        self._head = head
        self._fixed_reason = why_read_only(folder, head)
        self.on_saved: Callable[[Pending], None] | None = None
        self._recorder: Recorder | None = None
        self._closed = False
        self._waits_for = ""  # the seal that the latest label waits for
        super().__init__(folder, mirror, self._new_session(actor), pulse)
        self.history = History()
        if not self.read_only_reason:
            self._reconcile()

    @property
    def read_only_reason(self) -> str:
        """Why nothing can be changed, in a sentence; empty if all can."""
        return self._fixed_reason or (NEWER if self._fold.newer else "")

    def _new_session(self, actor: str) -> Session:
        return Session(self._head.project_id, actor, actor_slug(actor), str(ULID()))

    def become(self, actor: str) -> None:
        """Begin a session of another expert."""
        self.session = self._new_session(actor)
        self.history = History()
        self.state.show_for(actor)
        self._read_own_labels()
        if not self.read_only_reason:
            self._happen(self._declaration())

    def require_writable(self) -> None:
        """Refuse when nothing can be changed.

        Raises
        ------
        ReadOnlyProjectError
            If the project is open for looking only.
        ProjectError
            If it was closed.
        """
        if self.read_only_reason:
            raise ReadOnlyProjectError(self.read_only_reason)
        if self._closed:
            raise ProjectError("This project was closed; open it again to go on.")

    def note(self, stream: str, kind: str, details: Details) -> None:
        """Write an event that is not undone."""
        self.require_writable()
        self._happen([*self._declaration(), Draft(Stream(stream), kind, details)])

    def note_all(self, drafts: Sequence[Draft]) -> None:
        """Write events that are not undone, all of them or, if one cannot be written, none."""
        self.require_writable()
        self._happen([*self._declaration(), *drafts])

    @property
    def imports(self) -> Imports:
        """What is known of imported files, as far as the journals were read."""
        return self._fold.imports

    def latest(self, crystal_id: str, actor: str) -> Label | None:
        """Give an expert's latest label of a crystal, as far as the journals were read."""
        vote = self._fold.vote(crystal_id, actor)
        return vote.label if vote else None

    def commit(self, edit: Edit, milliseconds: int | None = None) -> None:
        """Write an edit and fold it in, all of it or, if it cannot be written, nothing."""
        self.require_writable()
        drafts = [self._draft(each, milliseconds) for each in edit.assignments]
        self._happen([*self._declaration(), *drafts])

    def _draft(self, assignment: Assignment, milliseconds: int | None) -> Draft:
        slot = assignment.slot
        if isinstance(assignment.after, Scheme):  # undone classes are a new version as well
            following = successor(self.state.scheme, assignment.after)
            assignment = replace(assignment, after=following)
        conditions = self.visibility.conditions(slot, self.session.actor)
        previous = self._previous(slot, conditions.round_id)
        return draft(assignment, previous, milliseconds, conditions)

    def _declaration(self) -> list[Draft]:
        actor = self.session.actor
        if actor in self._fold.actors:
            return []
        return [Draft(Stream(CONTROL), "actor.declare", {"name": actor})]

    def _previous(self, slot: Slot, round_id: str | None) -> str | None:
        vote = self._fold.said(slot.crystal_id, self.session.actor, round_id, slot.turn)
        return vote.stamp[1] if vote else None

    def _happen(self, drafts: Sequence[Draft]) -> None:
        """Make events happen: they are in the state from now on, and on their way to the disk."""
        texts = [each.text() for each in drafts]
        self._record([self._entry(each, text) for each, text in zip(drafts, texts, strict=True)])

    def _entry(self, draft: Draft, text: str) -> Entry:
        event = new_event(draft.kind, self._fold.highest + 1, draft.details, draft.event_id)
        key = (self.session.slug, draft.stream)
        round_id, image_id = draft.details.get("round"), draft.details.get("image")
        held = self._seal(str(round_id), str(image_id)) if draft.held else ""
        if draft.stream.kind == LABEL:
            self._keep_apart(held)
        previous = self._written.get(key) or self._shelf.latest(*key)
        self.state.apply(event, self.session.actor, draft.crystal)
        self._written[key] = self.session.session_id
        return Entry(self.session, draft.stream, previous, event, text, held)

    def _seal(self, round_id: str, image_id: str) -> str:
        """Name the seal that a label of the current expert waits for."""
        return f"{self.session.slug}/{round_id}/{image_id}"

    def _keep_apart(self, held: str) -> None:
        """Begin a new journal where labels that wait for a seal would share one with others."""
        if held != self._waits_for and (self.session.slug, Stream(LABEL)) in self._written:
            self.session = replace(self.session, session_id=str(ULID()))
        self._waits_for = held

    def _record(self, entries: list[Entry]) -> None:
        self._writing().record(entries)

    def _writing(self) -> Recorder:
        if self._recorder is None:
            self._recorder = Recorder(
                self._head.project_id, self._mirror, self._folder, self._saved
            )
            self._finalizer = weakref.finalize(self, self._recorder.close, 10)
        return self._recorder

    def _saved(self, pending: Pending) -> None:
        if self.on_saved is not None:
            self.on_saved(pending)

    def current(self, slot: Slot) -> Value:
        """Give what a slot holds now."""
        if slot.kind == "mask":
            return self.state.drawn(slot)
        if slot.kind == "label":
            return self.state.label_at(slot)
        if slot.kind == "act":
            return self._fold.docket.act(slot.crystal_id, self.session.actor, slot.act_id)
        if slot.kind == "scheme":
            return self.state.scheme
        if slot.kind == "example":
            return self.state.examples.get(slot.crystal_id)
        micrograph = self.state.micrograph(slot.image_id)
        return known_of(micrograph, slot.kind)

    def read_labels(self) -> None:
        """Open everyone's labels, as far as the expert at the keyboard may see them."""
        self._read_own_labels()
        self._read_others(LABEL)

    def votes(self, reveal: bool, blind: bool, turn: int) -> Mapping[str, Mapping[str, Label]]:
        """Read everyone's labels, as far as the expert at the keyboard may see them."""
        self.read_labels()
        found = self.state.all_labels(blind=blind, turn=turn)
        if reveal:
            self._reveal(found)
        return found

    def reveal_one(self, crystal_id: str) -> Mapping[str, Label]:
        """Give everyone's labels of one crystal, as far as they were read."""
        labels = self.state.labels_of(crystal_id)
        self._reveal({crystal_id: labels})
        return labels

    def reveal(self, crystal_ids: Iterable[str]) -> Mapping[str, Mapping[str, Label]]:
        """Give everyone's labels of some crystals, and note that the current expert sees them."""
        self.read_labels()
        found = {each: self.state.labels_of(each) for each in crystal_ids}
        self._reveal(found)
        return found

    def see(self, crystal_ids: Iterable[str]) -> None:
        """Note that the current expert sees everyone's labels of crystals, so far as known.

        Nothing is read for that: it is asked micrograph by micrograph, and a share may be slow.
        """
        seen = self.visibility.seen_by(self.session.actor)
        self._reveal({i: self.state.labels_of(i) for i in crystal_ids if i not in seen})

    def _reveal(self, votes: Mapping[str, Mapping[str, Label]]) -> None:
        for _ in self.revealing(votes):
            pass

    def revealing(self, votes: Mapping[str, Mapping[str, Label]]) -> Iterator[None]:
        """Note that the expert at the keyboard sees these labels, pausing after each event."""
        actor = self.session.actor
        seen = self._fold.seen.get(actor, set())
        others = [each for each, labels in votes.items() if labels.keys() - {actor}]
        yield
        for part in _parts([each for each in others if each not in seen]):
            self._see(Draft(Stream(CONTROL), "reveal", {"crystals": sorted(part)}))
            yield

    def tell(self, crystal_ids: Iterable[str], assist: str) -> None:
        """Note that the expert at the keyboard is told what a classifier says of crystals."""
        new = self._fold.told.untold(crystal_ids, self.session.actor, assist)
        for part in _parts(new):
            self._see(Draft(Stream(CONTROL), TOLD, told_to_json(part, assist)))

    def _see(self, draft: Draft) -> None:
        """Note what is seen, also by who did nothing here; unwritten it holds for this sitting."""
        if self.read_only_reason or self._closed:
            event = new_event(draft.kind, self._fold.highest, draft.details)
            self.state.apply(event, self.session.actor)
        else:
            self._happen([draft])

    def _reconcile(self) -> None:
        """Carry over what this computer holds and the project folder lacks."""
        for relative, name in journals(self._mirror):
            differs = _size(self._folder / relative) != _size(self._mirror / relative)
            if differs and not self._stays(relative, name):
                self._writing().reconcile(relative)

    def _stays(self, relative: str, name: JournalName) -> bool:
        """Say whether a journal is not to leave this computer, or not to be opened, now."""
        foreign = holding.is_said(name) and name.actor != self.session.slug
        if foreign and self.visibility.blind_session(self.session.actor):
            return True
        return holding.stays(self._mirror / relative, name, self._fold.rounds)

    def release(self, round_id: str, image_id: str) -> None:
        """Let the labels of a micrograph, sealed now, go into the project folder."""
        self._writing().release(self._seal(round_id, image_id))
        for relative, name in journals(self._mirror, f"{self.session.slug}/*.label*.jsonl"):
            if not self._stays(relative, name):
                self._writing().reconcile(relative)

    def pending(self) -> Pending:
        """Count what is not yet everywhere."""
        return Pending() if self._recorder is None else self._recorder.pending()

    def flush(self, timeout: float | None) -> bool:
        """Wait until all is everywhere."""
        return self._recorder is None or self._recorder.flush(timeout)

    def close(self, timeout: float) -> None:
        """Stop writing."""
        self._closed = True
        if self._recorder is not None:
            self._finalizer.detach()
            self._recorder.close(timeout)


def _parts(crystal_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut a list of crystals into what one event can tell."""
    return (crystal_ids[at : at + _REVEALED] for at in range(0, len(crystal_ids), _REVEALED))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
