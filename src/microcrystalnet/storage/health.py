"""A full look at a project: every line, every picture, everything that should be there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from microcrystalnet.errors import MaskError, ProjectError
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.storage import header, images
from microcrystalnet.storage.event import Event
from microcrystalnet.storage.fold import Fold
from microcrystalnet.storage.journal import Journal, Problem
from microcrystalnet.storage.layout import CONTROL, JournalName, copy_path, journals
from microcrystalnet.storage.records import crystal_from_json


@dataclass(frozen=True, slots=True)
class Health:
    """What a full check found; ``damaged`` says whether something is wrong or missing.

    ``notes`` are worth knowing and harmless.
    """

    journals: int
    events: int
    micrographs: int
    crystals: int
    labels: int
    experts: tuple[str, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]

    @property
    def damaged(self) -> bool:
        """Whether there is any problem."""
        return bool(self.problems)


@dataclass(slots=True)
class _Look:
    fold: Fold
    problems: list[Problem]
    notes: list[Problem]
    labels: dict[str, tuple[Event, str, str]]
    events: int = 0


def check(folder: Path, mirror: Path | None = None, report: Report = ignore_progress) -> Health:
    """Read everything in a project, without changing anything.

    Parameters
    ----------
    folder
        The project.
    mirror
        Where this computer keeps its own copy of the journals, to see what the folder lacks.

    Raises
    ------
    ProjectError
        If the folder is not a project.
    """
    header.read(folder)
    look = _Look(Fold(), [], [], {})
    found = journals(folder)
    known = {(each.session, each.actor, each.stream) for _, each in found}
    names: dict[str, str] = {}
    found.sort(key=lambda each: (each[1].stream.kind != CONTROL, each[0]))
    for done, (relative, name) in enumerate(found, 1):
        journal = Journal(folder / relative, relative, name.actor, names)
        _read(look, journal, name)
        if journal.previous and (journal.previous, name.actor, name.stream) not in known:
            text = f"the session {journal.previous} that came before it is missing"
            look.problems.append(Problem(relative, None, text))
        report(Progress(done, len(found), relative))
    _look_at_images(look, folder)
    _look_at_masks(look)
    _look_at_labels(look)
    if mirror is not None:
        look.problems.extend(_lacking(folder, mirror))
    return _summary(look, len(found))


def _read(look: _Look, journal: Journal, name: JournalName) -> None:
    try:
        for event in journal.read():
            look.events += 1
            _fold(look, event, journal)
    except OSError as error:
        look.problems.append(Problem(journal.name, None, f"it cannot be read ({error.strerror})"))
    look.problems.extend(journal.problems)
    if name.copy or name.cloud:
        text = "a second version of a journal; all of it counts, once"
        look.notes.append(Problem(journal.name, None, text))


def _fold(look: _Look, event: Event, journal: Journal) -> None:
    try:
        look.fold.apply(event, journal.actor)
    except (ValueError, KeyError, TypeError):
        look.problems.append(Problem(journal.name, None, f"an event {event.t} is not understood"))
    if event.t == "label.set":
        look.labels[event.id] = (event, journal.actor, journal.name)


def _look_at_images(look: _Look, folder: Path) -> None:
    for image_id in look.fold.images:
        name = f"images/{image_id}.json"
        try:
            record = images.load(folder, image_id)
            if not images.matches(folder, record):
                look.problems.append(Problem(record.file, None, "its bytes have changed"))
        except ProjectError as error:
            look.problems.append(Problem(name, None, str(error)))
        except OSError as error:
            text = f"its file cannot be read ({error.strerror or error})"
            look.problems.append(Problem(name, None, text))
        if copy_path(folder / name, 1).exists():
            look.notes.append(Problem(name, None, "two versions; the one that knows more counts"))


def _look_at_masks(look: _Look) -> None:
    for image_id, outlines in look.fold.outlines.items():
        for crystal_id, outline in outlines.items():
            if outline.details is None:
                continue
            try:
                crystal_from_json(outline.details)
            except (MaskError, ValueError, KeyError, TypeError) as error:
                text = f"the crystal {crystal_id}: {error}"
                look.problems.append(Problem(f"masks/{image_id}", None, text))


def _look_at_labels(look: _Look) -> None:
    outlined = {each for crystals in look.fold.outlines.values() for each in crystals}
    orphans = look.fold.votes.keys() - outlined
    if orphans:
        text = f"{len(orphans)} labels are for crystals whose outlines are missing"
        look.problems.append(Problem("masks", None, text))
    look.notes.extend(_twice(look.labels.values()))


def _twice(labels: Iterable[tuple[Event, str, str]]) -> Iterator[Problem]:
    """Find labels that replace the same earlier one: given on two machines at a time."""
    replaced: dict[tuple[str, object, object], list[tuple[Event, str]]] = {}
    for event, actor, name in labels:
        key = (actor, event.d.get("crystal"), event.d.get("prev"))
        replaced.setdefault(key, []).append((event, name))
    for (actor, crystal, _), events in replaced.items():
        if len(events) > 1 and len({name for _, name in events}) > 1:
            said = " and ".join(str(event.d.get("cls") or "unclear") for event, _ in events)
            text = f"{actor} labelled the crystal {crystal} on two machines: {said}"
            yield Problem(events[-1][1], None, text)


def _lacking(folder: Path, mirror: Path) -> Iterator[Problem]:
    for relative, _ in journals(mirror):
        there, here = folder / relative, mirror / relative
        if not there.exists() or there.stat().st_size < here.stat().st_size:
            text = "some of it is only on this computer; open the project to carry it over"
            yield Problem(relative, None, text)


def _summary(look: _Look, journal_count: int) -> Health:
    fold = look.fold
    unknown = [
        Problem("", None, f"{count} events of the unknown kind {kind} are kept and ignored")
        for kind, count in fold.unknown.items()
    ]
    outlines = [each for crystals in fold.outlines.values() for each in crystals.values()]
    votes = [vote for each in fold.votes.values() for vote in each.values()]
    return Health(
        journal_count,
        look.events,
        len(fold.images),
        sum(outline.details is not None for outline in outlines),
        sum(vote.label is not None for vote in votes),
        tuple(sorted(fold.actors, key=fold.actors.__getitem__)),
        tuple(dict.fromkeys(look.problems)),
        (*dict.fromkeys(look.notes), *unknown),
    )
