"""What is worth knowing about a project beyond damage: machines, clocks, rounds, lost crystals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from microcrystalnet.storage.event import Event
from microcrystalnet.storage.fold import Fold
from microcrystalnet.storage.journal import Problem
from microcrystalnet.storage.layout import CONTROL, LABEL, JournalName
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
                f"some work of {expert} is dated {_date(wrong[0])}, {wrong[1]}: a computer's clock "
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
    for (round_id, image_id, expert), seal in fold.rounds.seals.items():
        ids = fold.blind_ids(round_id, image_id, expert, before=seal.stamp)
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


def _date(milliseconds: int) -> str:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return "outside the calendar"
