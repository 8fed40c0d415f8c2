"""What is worth knowing about a project beyond damage: machines, clocks, rounds, lost crystals."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from microcrystalnet.moments import day
from microcrystalnet.storage.blind_votes import blind_stamps
from microcrystalnet.storage.event import Event
from microcrystalnet.storage.fold import Fold
from microcrystalnet.storage.journal import Problem
from microcrystalnet.storage.layout import (
    ATLAS,
    CONTROL,
    LABEL,
    LARGEST_PICTURE,
    PICTURE_ENDINGS,
    JournalName,
    travels,
)
from microcrystalnet.storage.rounds import digest

_DAY_MS = 86_400_000


def two_machines(
    sessions: Sequence[tuple[str, JournalName, str | None]], names: Mapping[str, str]
) -> Iterator[Problem]:
    """Find experts whose sessions follow the same earlier one: two computers, or two people.

    ``sessions`` are the first journals of each session as path, name and the session before.
    """
    followers: dict[tuple[str, str, str | None], list[str]] = {}
    for relative, name, previous in sessions:
        if name.stream.kind in {CONTROL, LABEL} and not (name.copy or name.cloud):
            followers.setdefault((name.actor, name.stream.kind, previous), []).append(relative)
    forked: dict[str, set[str]] = {}
    for (slug, _, _), same in followers.items():
        if len(same) > 1:
            forked.setdefault(slug, set()).update(same)
    for slug, journals in forked.items():
        who = names.get(slug, slug)
        text = (
            f"{who} worked on two computers without exchanging in between; everything counts, and "
            f"the later answer wins. If these are two people called {who}, one of them must take "
            "another name from now on."
        )
        yield Problem(min(journals), None, text)


def clocks(times: Mapping[str, tuple[int, int]], created: int, now: int) -> Iterator[Problem]:
    """Find experts whose computer's clock is off by more than a day.

    ``times`` gives the first and the last time by expert, all times in milliseconds since 1970.
    """
    for expert, (first, last) in times.items():
        wrong = (
            (first, "before the project was made")
            if first < created - _DAY_MS
            else (last, "in the future")
        )
        if first < created - _DAY_MS or last > now + _DAY_MS:
            text = (
                f"some work of {expert} is dated {day(wrong[0])}, {wrong[1]}: a computer's clock "
                "is wrong. Set it; the order of the answers does not depend on it"
            )
            yield Problem("", None, text)


def deleted_crystals(fold: Fold) -> Iterator[Problem]:
    """Count labels of crystals that were deleted."""
    gone = [
        crystal_id
        for crystals in fold.outlines.values()
        for crystal_id, outline in crystals.items()
        if outline.details is None
    ]
    count = sum(
        vote.label is not None
        for crystal_id in gone
        for vote in fold.votes.get(crystal_id, {}).values()
    )
    if count:
        said = "1 label is" if count == 1 else f"{count} labels are"
        text = (
            f"{said} for crystals that were deleted since; they are kept and count again when the "
            "crystals come back"
        )
        yield Problem("masks", None, text)


def seals(fold: Fold) -> Iterator[Problem]:
    """Find seals that do not fit the labels there are: some are missing, or came from elsewhere."""
    given = blind_stamps(fold)
    for (round_id, image_id, expert), seal in fold.rounds.seals.items():
        stamps = given.get((round_id, image_id, expert), ())
        ids = sorted(stamp[1] for stamp in stamps if stamp < seal.stamp)
        if digest(ids) != seal.digest:
            text = (
                f"{expert} sealed the micrograph {image_id} with {seal.labels} labels, and "
                f"{len(ids)} of that time are here: bring in {expert}'s labels again, from every "
                "computer used"
            )
            yield Problem("", None, text)


def schemes(fold: Fold, labels: Iterable[tuple[Event, str, str]]) -> Iterator[Problem]:
    """Find rounds in which the classes changed; every label keeps the version it was given under.

    ``labels`` are ``label.set`` events with their expert and journal.
    """
    versions: dict[str, set[int]] = {}
    for event, _, _ in labels:
        round_id, version = event.d.get("round"), event.d.get("scheme")
        if isinstance(round_id, str) and isinstance(version, int):
            versions.setdefault(round_id, set()).add(version)
    for number, round_ in enumerate(fold.rounds.ordered(), 1):
        used = versions.get(round_.round_id, set()) | {round_.scheme_version}
        if len(used) > 1:
            text = (
                f"the classes were changed in the middle of round {number}: its labels were given "
                f"under versions {', '.join(map(str, sorted(used)))} of them, and say so"
            )
            yield Problem("", None, text)


def imported_files(fold: Fold, folder: Path) -> Iterator[Problem]:
    """Find copies of imported label files that are missing or are not what they were."""
    for (expert, _), (_, file) in fold.imports.files.items():
        path = folder / file.stored
        there = path.is_file()
        if there and _digest(path) == file.digest:
            continue
        what = "has changed" if there else "is missing"
        text = (
            f"the copy of {file.name}, imported as labels of {expert}, {what}; its labels are "
            "here, but the file cannot be written back. Import it again, or bring in the labels "
            f"of {expert} again"
        )
        yield Problem(file.stored, None, text)


def _digest(path: Path) -> str:
    """Give the first 20 hexadecimal digits of a file's SHA-256, or nothing if it is not read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:20]
    except OSError:
        return ""


def pictures_that_stay(folder: Path) -> Iterator[Problem]:
    """Find pictures of the atlas that do not go along when the project is exchanged."""
    for path in sorted((folder / ATLAS).glob("*.*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix[1:].lower() in PICTURE_ENDINGS and not travels(folder, name):
            text = (
                "this picture of the atlas stays on this computer: give it a name of plain letters "
                f"and digits, such as RES_1.png, and at most {LARGEST_PICTURE >> 20} MiB"
            )
            yield Problem(name, None, text)
