"""The working half of an open project: events in, state out, journals behind."""

import weakref
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ulid import ULID

from microcrystalnet.domain.decision import Case
from microcrystalnet.domain.label import Label
from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.errors import MaskError, ProjectError, ReadOnlyProjectError
from microcrystalnet.storage import files, images
from microcrystalnet.storage.bulk import collector_at_rest
from microcrystalnet.storage.cases import case_of, cases_of
from microcrystalnet.storage.drafts import Draft, draft
from microcrystalnet.storage.event import Event, new_event
from microcrystalnet.storage.fold import Fold
from microcrystalnet.storage.header import MAJOR, Header
from microcrystalnet.storage.history import Edit, History, Scale, Slot, Value
from microcrystalnet.storage.journal import Problem
from microcrystalnet.storage.layout import (
    ADJUDICATION,
    CONTROL,
    LABEL,
    MASKS,
    Stream,
    actor_slug,
    journals,
)
from microcrystalnet.storage.recorder import Pending, Recorder
from microcrystalnet.storage.records import Details
from microcrystalnet.storage.shelf import Shelf, Wanted
from microcrystalnet.storage.state import ProjectState
from microcrystalnet.storage.writer import Entry, Session

_NEWER = (
    "This project was written by a newer version of the program; it is open for looking only. "
    "Install the newer version to change it."
)
_REVEALED = 20_000  # crystals in one event, far from the longest line
_KINDS = {
    CONTROL: ("actor.", "role.", "scheme.", "round.", "image.", "seal", "reveal", "session."),
    LABEL: ("label.", "session."),
    MASKS: ("mask.", "session."),
    ADJUDICATION: ("adj.", "session."),
}


class Desk:
    """Fold the journals one may read, and write the current expert's own."""

    def __init__(self, folder: Path, head: Header, actor: str, mirror: Path) -> None:
        self._folder, self._mirror, self._head = folder, mirror, head
        self._fixed_reason = _why_read_only(folder, head)
        self.on_saved: Callable[[Pending], None] | None = None
        self._fold, self._shelf = Fold(), Shelf((mirror, folder))
        self._odd: list[Problem] = []
        self._recorder: Recorder | None = None
        self._closed = False
        self._written: dict[tuple[str, Stream], str] = {}
        self.session = self._new_session(actor)
        self.state = ProjectState(self._fold, actor, self._load_masks, self._load_micrograph)
        self.history = History()
        self._read(lambda name: name.stream.kind == CONTROL, "**/*.ctl*.jsonl")
        self._read_own_labels()
        if not self.read_only_reason:
            self._reconcile()

    @property
    def read_only_reason(self) -> str:
        """Why nothing can be changed, in a sentence; empty if all can."""
        return self._fixed_reason or (_NEWER if self._fold.newer else "")

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

    def experts(self) -> tuple[str, ...]:
        """Give everyone who declared themselves, in that order."""
        return tuple(sorted(self._fold.actors, key=self._fold.actors.__getitem__))

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

    def commit(self, edit: Edit, milliseconds: int | None = None) -> None:
        """Write an edit and fold it in, all of it or, if it cannot be written, nothing."""
        self.require_writable()
        drafts = [draft(a, self._previous(a.slot), milliseconds) for a in edit.assignments]
        self._happen([*self._declaration(), *drafts])

    def _declaration(self) -> list[Draft]:
        actor = self.session.actor
        if actor in self._fold.actors:
            return []
        return [Draft(Stream(CONTROL), "actor.declare", {"name": actor})]

    def _previous(self, slot: Slot) -> str | None:
        vote = self._fold.vote(slot.crystal_id, self.session.actor)
        return vote.stamp[1] if vote else None

    def _happen(self, drafts: Sequence[Draft]) -> None:
        """Make events happen: they are in the state from now on, and on their way to the disk."""
        texts = [each.text() for each in drafts]
        self._record([self._entry(each, text) for each, text in zip(drafts, texts, strict=True)])

    def _entry(self, draft: Draft, text: str) -> Entry:
        event = new_event(draft.kind, self._fold.highest + 1, draft.details)
        key = (self.session.slug, draft.stream)
        previous = self._written.get(key) or self._shelf.latest(*key)
        self.state.apply(event, self.session.actor, draft.crystal)
        return Entry(self.session, draft.stream, previous, event, text)

    def _record(self, entries: list[Entry]) -> None:
        for entry in entries:
            self._written[entry.session.slug, entry.stream] = entry.session.session_id
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
            return self.state.label(slot.crystal_id)
        if slot.kind == "act":
            return self._fold.docket.act(slot.crystal_id, self.session.actor, slot.act_id)
        micrograph = self.state.micrograph(slot.image_id)
        return Scale(micrograph.pixel_size, micrograph.scale_source)

    def _read_own_labels(self) -> None:
        slug = self.session.slug
        self._read(lambda name: name.stream.kind == LABEL, f"{slug}/*.label*.jsonl")

    def _load_masks(self, image_id: str) -> None:
        self._read(lambda name: name.stream == Stream(MASKS, image_id), f"{image_id}/*.jsonl")

    def _load_micrograph(self, image_id: str) -> Micrograph | None:
        try:
            return images.load(self._folder, image_id).micrograph
        except ProjectError as error:
            self._complain(Problem(f"images/{image_id}.json", None, str(error)))
            return None

    def _read(self, wanted: Wanted, pattern: str) -> None:
        own = set(self._written.values())
        with collector_at_rest():
            for event, actor, relative, kind in self._shelf.read(wanted, pattern, own):
                self._fold_in(event, actor, relative, kind)

    def _fold_in(self, event: Event, actor: str, relative: str, kind: str) -> None:
        try:
            if event.t.startswith(_KINDS.get(kind, ())):
                self.state.apply(event, actor)
        except (ValueError, KeyError, TypeError, MaskError):
            self._complain(Problem(relative, None, f"an event {event.t} is not understood"))

    def _complain(self, problem: Problem) -> None:
        if problem not in self._odd:
            self._odd.append(problem)

    def refresh(self) -> None:
        """Read what grew in the journals that were read already, and in new ones like them."""
        self._read(lambda name: name.stream.kind == CONTROL, "**/*.ctl*.jsonl")
        self._read_own_labels()
        for image_id in self.state.loaded:
            self._load_masks(image_id)

    def votes(self, reveal: bool) -> Mapping[str, Mapping[str, Label]]:
        """Read everyone's labels."""
        self._read(lambda name: name.stream.kind == LABEL, "**/*.label*.jsonl")
        found = self.state.all_labels()
        if reveal:
            self._reveal(found)
        return found

    def reveal_one(self, crystal_id: str) -> Mapping[str, Label]:
        """Give everyone's labels of one crystal, as far as they were read."""
        labels = self.state.labels_of(crystal_id)
        self._reveal({crystal_id: labels})
        return labels

    def read_decisions(self, *, own: bool = False) -> None:
        """Read what everyone, or the current expert alone, said in adjudication."""
        whose = self.session.slug if own else "**"
        self._read(lambda name: name.stream.kind == ADJUDICATION, f"{whose}/*.adj*.jsonl")

    def cases(self) -> Mapping[str, Case]:
        """Give what was said of crystals in adjudication, as far as it was read."""
        return cases_of(self._fold, self.state)

    def case(self, crystal_id: str) -> Case:
        """Give what was said of one crystal, as far as it was read."""
        return case_of(self._fold, self.state, crystal_id)

    def _reveal(self, votes: Mapping[str, Mapping[str, Label]]) -> None:
        actor = self.session.actor
        others = {crystal for crystal, labels in votes.items() if labels.keys() - {actor}}
        new = sorted(others - self._fold.seen.get(actor, set()))
        if not new:
            return
        if actor in self._fold.actors and not self.read_only_reason and not self._closed:
            parts = [new[at : at + _REVEALED] for at in range(0, len(new), _REVEALED)]
            self._happen([Draft(Stream(CONTROL), "reveal", {"crystals": each}) for each in parts])
        self._fold.seen.setdefault(actor, set()).update(new)

    def has_seen(self, crystal_id: str) -> bool:
        """Say whether the current expert was shown somebody else's label of a crystal."""
        return crystal_id in self._fold.seen.get(self.session.actor, ())

    def _reconcile(self) -> None:
        """Carry over what this computer holds and the project folder lacks."""
        for relative, _ in journals(self._mirror):
            if _size(self._folder / relative) != _size(self._mirror / relative):
                self._writing().reconcile(relative)

    def pending(self) -> Pending:
        """Count what is not yet everywhere."""
        return Pending() if self._recorder is None else self._recorder.pending()

    def flush(self, timeout: float | None) -> bool:
        """Wait until all is everywhere."""
        return self._recorder is None or self._recorder.flush(timeout)

    def problems(self) -> tuple[Problem, ...]:
        """Give what was found wrong so far."""
        unknown = [
            Problem("", None, f"{count} events of the unknown kind {kind} are kept and ignored")
            for kind, count in self._fold.unknown.items()
        ]
        return (*self._shelf.problems, *self._odd, *unknown)

    def close(self, timeout: float) -> None:
        """Stop writing."""
        self._closed = True
        if self._recorder is not None:
            self._finalizer.detach()
            self._recorder.close(timeout)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _why_read_only(folder: Path, head: Header) -> str:
    if head.major > MAJOR:
        return _NEWER
    if not files.writable(folder):
        return (
            f"The folder {folder} cannot be written; the project is open for looking only. "
            "Copy it to a folder of your own to change it."
        )
    return ""
