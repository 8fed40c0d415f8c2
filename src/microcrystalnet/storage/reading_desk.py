"""The reading half of an open project: the journals one may open, folded into the state."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from microcrystalnet.domain.decision import Case
from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.errors import MaskError, ProjectError
from microcrystalnet.storage import images
from microcrystalnet.storage.bulk import collector_at_rest
from microcrystalnet.storage.cases import case_of, cases_of
from microcrystalnet.storage.event import Event
from microcrystalnet.storage.fold import Fold
from microcrystalnet.storage.journal import Problem
from microcrystalnet.storage.layout import ADJUDICATION, CONTROL, LABEL, MASKS, Stream
from microcrystalnet.storage.others import OtherAnswers
from microcrystalnet.storage.pulse import Pulse
from microcrystalnet.storage.shelf import Shelf, Wanted
from microcrystalnet.storage.state import ProjectState
from microcrystalnet.storage.writer import Session

_KINDS = {
    CONTROL: (
        "actor.",
        "role.",
        "scheme.",
        "atlas.",
        "round.",
        "image.",
        "seal",
        "reveal",
        "session.",
    ),
    LABEL: ("label.", "session."),
    MASKS: ("mask.", "session."),
    ADJUDICATION: ("adj.", "session."),
}


_AT_ONCE = 20  # events between two pauses


class ReadingDesk:
    """Fold the journals that the expert at the keyboard may read, each when it is asked for."""

    def __init__(self, folder: Path, mirror: Path, session: Session, pulse: Pulse) -> None:
        self._folder, self._mirror, self.session = folder, mirror, session
        self._pulse = pulse
        self._fold, self._shelf = Fold(), Shelf((mirror, folder), answers=self._answers)
        self._odd: list[Problem] = []
        self._written: dict[tuple[str, Stream], str] = {}  # the latest journal of this sitting
        self.state = ProjectState(
            self._fold, session.actor, self._load_masks, self._load_micrograph
        )
        self.visibility = self.state.visibility
        self._others = OtherAnswers(
            (mirror, folder), self._shelf.names, self.visibility, self._answers
        )
        self._read(lambda name: name.stream.kind == CONTROL, "**/*.ctl*.jsonl")
        self._read_own_labels()
        self._shelf.require_listed()

    def _answers(self, root: Path) -> bool:
        return root != self._folder or self._pulse.answers()

    @property
    def sees_as(self) -> tuple[str, frozenset[str]]:
        """Who sits at the keyboard, and the micrographs whose other answers are closed to them."""
        expert = self.session.actor
        return expert, self.visibility.withheld(expert)

    @property
    def has_read_others(self) -> bool:
        """Whether the other experts' labels were read in this sitting."""
        return self._others.opened

    def experts(self) -> tuple[str, ...]:
        """Give everyone who declared themselves, in that order."""
        return tuple(sorted(self._fold.actors, key=self._fold.actors.__getitem__))

    def with_role(self, role: str) -> tuple[str, ...]:
        """Give the experts who hold a role, by name."""
        return tuple(sorted(name for name, (_, held) in self._fold.roles.items() if held == role))

    def _read_own_labels(self) -> None:
        self._take(self._own_labels())

    def _own_labels(self) -> Iterator[tuple[Event, str, str, str]]:
        return self._new(
            lambda name: name.stream.kind == LABEL, f"{self.session.slug}/*.label*.jsonl"
        )

    def _load_masks(self, image_id: str) -> None:
        self._take(self._masks(image_id))

    def _masks(self, image_id: str) -> Iterator[tuple[Event, str, str, str]]:
        return self._new(lambda name: name.stream == Stream(MASKS, image_id), f"{image_id}/*.jsonl")

    def _load_micrograph(self, image_id: str) -> Micrograph | None:
        try:
            return images.load(self._folder, image_id).micrograph
        except ProjectError as error:
            self._complain(Problem(f"images/{image_id}.json", None, str(error)))
            return None

    def _read(self, wanted: Wanted, pattern: str) -> None:
        self._take(self._new(wanted, pattern))

    def _new(self, wanted: Wanted, pattern: str) -> Iterator[tuple[Event, str, str, str]]:
        return self._shelf.read(wanted, pattern, set(self._written.values()))

    def _take(self, events: Iterable[tuple[Event, str, str, str]]) -> None:
        for _ in self._taking(events):
            pass

    def _taking(self, events: Iterable[tuple[Event, str, str, str]]) -> Iterator[int]:
        """Fold events in, pausing after every few; gives how many there were so far."""
        with collector_at_rest():
            for number, (event, actor, relative, kind) in enumerate(events, 1):
                self._fold_in(event, actor, relative, kind)
                if number % _AT_ONCE == 0:
                    yield number

    def _fold_in(self, event: Event, actor: str, relative: str, kind: str) -> None:
        try:
            if event.t.startswith(_KINDS.get(kind, ())):
                self.state.apply(event, actor)
        except (ValueError, KeyError, TypeError, MaskError):
            self._complain(Problem(relative, None, f"an event {event.t} is not understood"))

    def _complain(self, problem: Problem) -> None:
        if problem not in self._odd:
            self._odd.append(problem)

    def refreshing(self) -> Iterator[int]:
        """Read what grew in the journals that were read already, and in new ones like them.

        It pauses after every few events; gives how many of a kind there were so far.
        """
        yield from self._taking(
            self._new(lambda name: name.stream.kind == CONTROL, "**/*.ctl*.jsonl")
        )
        yield from self._taking(self._own_labels())
        for image_id in self.state.loaded:
            yield from self._taking(self._masks(image_id))
            yield 0

    def reading_others(self) -> Iterator[int]:
        """Open everyone's answers as far as they may be seen, pausing after every few events.

        It ends early where it becomes known in a pause that less may be seen than before.
        """
        expert, slug = self.session.actor, self.session.slug
        yield from self._taking(self._own_labels())
        for kind in (LABEL, ADJUDICATION):
            for number in self._taking(self._others.read(kind, expert, slug)):
                yield number
                if self.session.actor != expert or not self._others.stays_seen_as(expert):
                    return
        self.read_decisions(own=True)

    def reading_masks(self, image_id: str) -> Iterator[int]:
        """Read the masks of a micrograph, unless that was done, pausing after every few."""
        if image_id not in self.state.loaded:
            yield from self._taking(self._masks(image_id))
            self.state.load(image_id)

    def _read_others(self, kind: str) -> None:
        """Open the other experts' answers, as far as the one at the keyboard may see them."""
        self._take(self._others.read(kind, self.session.actor, self.session.slug))

    def read_decisions(self, *, own: bool = False) -> None:
        """Read what everyone, or with ``own`` only the current expert, said in adjudication."""
        slug = self.session.slug
        self._read(lambda name: name.stream.kind == ADJUDICATION, f"{slug}/*.adj*.jsonl")
        if not own:
            self._read_others(ADJUDICATION)

    def cases(self) -> Mapping[str, Case]:
        """Give what was said of crystals in adjudication, as far as it was read and may be seen."""
        return dict(self.finding_cases())

    def finding_cases(self) -> Iterator[tuple[str, Case]]:
        """Give the cases one after the other, as far as they were read and may be seen."""
        return cases_of(self._fold, self.state, self.session.actor)

    def case(self, crystal_id: str) -> Case:
        """Give what was said of one crystal, as far as it was read and may be seen."""
        return case_of(self._fold, self.state, crystal_id, self.session.actor)

    def problems(self) -> tuple[Problem, ...]:
        """Give what was found wrong so far."""
        unknown = [
            Problem("", None, f"{count} events of the unknown kind {kind} are kept and ignored")
            for kind, count in self._fold.unknown.items()
        ]
        found = [*self._shelf.problems, *self._others.problems, *self._odd]
        return (*dict.fromkeys(found), *unknown)
