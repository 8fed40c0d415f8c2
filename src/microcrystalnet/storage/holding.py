"""Which journals of labels stay on this computer, because their micrographs are not sealed."""

from pathlib import Path

from microcrystalnet.domain.round import Blindness
from microcrystalnet.storage.journal import Journal
from microcrystalnet.storage.layout import ADJUDICATION, LABEL, JournalName
from microcrystalnet.storage.round_fold import RoundBook


def stays(path: Path, name: JournalName, book: RoundBook) -> bool:
    """Say whether a journal holds answers of a strict round that are not sealed yet.

    The journal is opened only where the project has a strict round at all.
    """
    if name.stream.kind != LABEL or not _strict(book):
        return False
    journal = Journal(path, path.name, name.actor)
    try:
        said = (event.d for event in journal.read() if event.t.startswith("label."))
        images = {str(details.get("image")) for details in said}
    except OSError:
        return True
    return any(
        round_ is not None and round_.blind is Blindness.STRICT
        for round_ in (book.unsealed(image, journal.actor) for image in images)
    )


def awaited(book: RoundBook, expert: str) -> bool:
    """Say whether labels of an expert may wait on their computer for a seal."""
    rounds = (book.unsealed(image_id, expert) for image_id in book.withheld(expert))
    return any(each is not None and each.blind is Blindness.STRICT for each in rounds)


def is_said(name: JournalName) -> bool:
    """Say whether a journal holds what somebody thinks of crystals: labels or decisions."""
    return name.stream.kind in {LABEL, ADJUDICATION}


def _strict(book: RoundBook) -> bool:
    return any(round_.blind is Blindness.STRICT for round_ in book.ordered())
