"""Everyone's answers collected a little at a time, so that a window answers in between."""

from collections.abc import Generator, Iterator, Mapping
from typing import TYPE_CHECKING

from microcrystalnet.domain.label import Label
from microcrystalnet.progress import Progress

if TYPE_CHECKING:
    from microcrystalnet.storage.desk import Desk

Votes = dict[str, Mapping[str, Label]]
READING, COLLECTING = "Reading the answers …", "Collecting the answers …"
AT_ONCE = 20  # crystals between two pauses


def collecting_votes(desk: "Desk") -> Generator[Progress, None, Votes]:
    """Do what `Desk.votes` does, with a pause after every few answers; return the labels.

    The project may be worked on in the pauses. What is edited by then may be missing, so that the
    caller looks it up again; nothing is returned where another expert took the keyboard.
    """
    expert = desk.session.actor
    yield from reading_answers(desk)
    yield from _reading_masks(desk)
    votes: Votes = {}
    known = desk.state.labelled
    for at in range(0, len(known), AT_ONCE):
        if desk.session.actor != expert:
            return {}
        for crystal_id in known[at : at + AT_ONCE]:
            if labels := desk.state.labels_of(crystal_id):
                votes[crystal_id] = labels
        yield Progress(at, len(known), COLLECTING)
    yield from _revealing(desk, votes, expert)
    return votes if desk.session.actor == expert else {}


def reading_answers(desk: "Desk") -> Iterator[Progress]:
    """Open everyone's answers and decisions, with a pause after every few; none is shown."""
    for number in desk.reading_others():
        yield Progress(0, 0, f"{READING} {number:,}" if number else READING)


def _reading_masks(desk: "Desk") -> Iterator[Progress]:
    """Read all masks; a label counts only while its crystal is there."""
    micrographs = tuple(desk.state.micrographs)
    for at, image_id in enumerate(micrographs):
        for _ in desk.reading_masks(image_id):
            yield Progress(at, len(micrographs), "Reading the outlines …")


def _revealing(desk: "Desk", votes: Votes, expert: str) -> Iterator[Progress]:
    for _ in desk.revealing(votes):
        yield Progress(0, 0, COLLECTING)
        if desk.session.actor != expert:
            return
