"""A full look at a project: every line, every picture, everything that should be there."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from microcrystalnet.errors import MaskError, ProjectError
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.storage import checkups, header, images
from microcrystalnet.storage.classifier_told import TOLD
from microcrystalnet.storage.event import Event
from microcrystalnet.storage.fold import Fold
from microcrystalnet.storage.holding import awaited, is_said, stays
from microcrystalnet.storage.journal import Journal, Problem
from microcrystalnet.storage.layout import (
    CONTROL,
    LABEL,
    JournalName,
    Stream,
    actor_slug,
    copy_path,
    journals,
)
from microcrystalnet.storage.records import crystal_from_json
from microcrystalnet.storage.replica import is_carried


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


Known = set[tuple[str, str, Stream]]
_LOOKS = frozenset({"session.open", "reveal", TOLD})  # a command may look beside an open window


@dataclass(slots=True)
class _Look:
    fold: Fold
    problems: list[Problem]
    notes: list[Problem]
    labels: dict[str, tuple[Event, str, str]]
    expert: str | None = None
    names: dict[str, str] = field(default_factory=dict)  # experts by folder
    sessions: list[tuple[str, JournalName, str | None]] = field(default_factory=list)
    frames: dict[str, tuple[int, int]] = field(default_factory=dict)  # height and width by image
    times: dict[str, tuple[int, int]] = field(default_factory=dict)  # first and last, by expert
    closed: int = 0  # journals that a blind expert must not open
    events: int = 0


def check(
    folder: Path,
    mirror: Path | None = None,
    report: Report = ignore_progress,
    *,
    expert: str | None = None,
) -> Health:
    """Read everything in a project, without changing anything.

    Parameters
    ----------
    folder
        The project.
    mirror
        Where this computer keeps its own copy of the journals, to see what the folder lacks.
    expert
        Who asks: while this one labels blind, the other experts' answers are not opened.

    Raises
    ------
    ProjectError
        If the folder is not a project, or goes away while it is read.
    """
    header.read(folder)
    try:
        return _checked(folder, mirror, report, expert)
    except OSError as error:
        raise ProjectError(
            f"The project {folder} could not be read to its end ({error.strerror or error}); "
            "check that the drive is connected, then check again. Nothing was changed."
        ) from error


def _checked(folder: Path, mirror: Path | None, report: Report, expert: str | None) -> Health:
    look = _Look(Fold(), [], [], {}, expert)
    found = journals(folder)
    known = {(each.session, each.actor, each.stream) for _, each in found}
    found.sort(key=lambda each: (each[1].stream.kind != CONTROL, each[0]))
    for done, (relative, name) in enumerate(found, 1):
        if _is_closed(look, name, expert):
            look.closed += 1
        else:
            _look_at_journal(look, folder / relative, relative, name, known)
        report(Progress(done, len(found), relative))
    _look_at_images(look, folder)
    _look_at_masks(look)
    _look_at_labels(look)
    _look_around(look, folder)
    if mirror is not None:
        look.problems.extend(_lacking(folder, mirror, look, expert))
    return _summary(look, len(found))


def _is_closed(look: _Look, name: JournalName, expert: str | None) -> bool:
    """Say whether a journal holds another expert's answers that ``expert`` must not see yet."""
    if expert is None or not is_said(name) or name.actor == actor_slug(expert):
        return False
    return bool(look.fold.rounds.withheld(expert))


def _look_at_journal(
    look: _Look, path: Path, relative: str, name: JournalName, known: Known
) -> None:
    journal = Journal(path, relative, name.actor, look.names)
    if _read(look, journal, name):
        look.sessions.append((relative, name, journal.previous))
    if journal.previous and (journal.previous, name.actor, name.stream) not in known:
        if name.stream.kind == LABEL and awaited(look.fold.rounds, journal.actor):
            text = (
                f"the session {journal.previous} that came before it is not here: labels of a "
                f"strict round stay on the computer of {journal.actor} until the seal"
            )
            look.notes.append(Problem(relative, None, text))
            return
        text = f"the session {journal.previous} that came before it is missing"
        look.problems.append(Problem(relative, None, text))


def _read(look: _Look, journal: Journal, name: JournalName) -> bool:
    """Read a journal, and say whether somebody did more in it than look."""
    worked = False
    try:
        for event in journal.read():
            look.events += 1
            worked |= event.t not in _LOOKS
            first, last = look.times.get(journal.actor, (event.ts, event.ts))
            look.times[journal.actor] = min(first, event.ts), max(last, event.ts)
            _fold(look, event, journal)
    except OSError as error:
        look.problems.append(Problem(journal.name, None, f"it cannot be read ({error.strerror})"))
    look.problems.extend(journal.problems)
    if name.copy or name.cloud:
        text = "a second version of a journal; all of it counts, once"
        look.notes.append(Problem(journal.name, None, text))
    return worked


def _fold(look: _Look, event: Event, journal: Journal) -> None:
    try:
        look.fold.apply(event, journal.actor)
    except (ValueError, KeyError, TypeError):
        look.problems.append(Problem(journal.name, None, f"an event {event.t} is not understood"))
        return
    if event.t == "label.set":
        look.labels[event.id] = (event, journal.actor, journal.name)


def _look_at_images(look: _Look, folder: Path) -> None:
    for image_id in look.fold.images:
        name = f"images/{image_id}.json"
        try:
            record = images.load(folder, image_id)
            look.frames[image_id] = record.micrograph.height, record.micrograph.width
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
                crystal_from_json(outline.details, look.frames.get(image_id))
            except (MaskError, ValueError, KeyError, TypeError) as error:
                text = f"the crystal {crystal_id}: {error}"
                look.problems.append(Problem(f"masks/{image_id}", None, text))


def _look_at_labels(look: _Look) -> None:
    outlined = {each for crystals in look.fold.outlines.values() for each in crystals}
    orphans = look.fold.votes.keys() - outlined
    if orphans:
        text = f"{len(orphans)} labels are for crystals whose outlines are missing"
        look.problems.append(Problem("masks", None, text))
    look.notes.extend(_twice(look.labels.values(), look.expert))


def _look_around(look: _Look, folder: Path) -> None:
    """Look for what is not damage: machines, clocks, rounds."""
    look.notes.extend(checkups.two_machines(look.sessions, look.names))
    created, now = header.created_ms(folder), time.time_ns() // 1_000_000
    look.notes.extend(checkups.clocks(look.times, created, now))
    look.notes.extend(checkups.deleted_crystals(look.fold))
    look.notes.extend(checkups.schemes(look.fold, look.labels.values()))
    look.notes.extend(checkups.pictures_that_stay(folder))
    look.problems.extend(checkups.imported_files(look.fold, folder))
    if look.closed:
        text = (
            f"the other experts' answers ({look.closed} files) were not opened, because you label "
            "blind; check again when you have sealed your micrographs"
        )
        look.notes.append(Problem("", None, text))
    else:
        look.problems.extend(checkups.seals(look.fold))


def _twice(labels: Iterable[tuple[Event, str, str]], expert: str | None) -> Iterator[Problem]:
    """Find labels that replace the same earlier one: given on two machines at a time.

    What they say is told to nobody but the expert who gave them.
    """
    replaced: dict[tuple[str, tuple[str, ...]], list[tuple[Event, str]]] = {}
    for event, actor, name in labels:
        same = tuple(str(event.d.get(each)) for each in ("crystal", "round", "pass", "prev"))
        replaced.setdefault((actor, same), []).append((event, name))
    for (actor, (crystal, *_)), events in replaced.items():
        if len(events) > 1 and len({name for _, name in events}) > 1:
            text = f"{actor} labelled the crystal {crystal} on two machines"
            if actor == expert:
                said = (str(event.d.get("cls") or "unclear") for event, _ in events)
                text = f"{text}: {' and '.join(said)}"
            else:
                text = f"{text}; the later answer counts"
            yield Problem(events[-1][1], None, text)


def _lacking(folder: Path, mirror: Path, look: _Look, expert: str | None) -> Iterator[Problem]:
    for relative, name in journals(mirror):
        here = mirror / relative
        if _is_closed(look, name, expert) or is_carried(here, folder / relative):
            continue
        if not stays(here, name, look.fold.rounds):
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
