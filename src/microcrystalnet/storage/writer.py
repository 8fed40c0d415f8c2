"""Writing one journal: numbered, chained lines, and a new file after any refusal of the disk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from ulid import ULID

from microcrystalnet.storage import files
from microcrystalnet.storage.event import FIRST, Event, details_text, encode, new_event
from microcrystalnet.storage.layout import Stream, journal_path

_PROBE = 65_536  # bytes that a disk must take before it is trusted again
LARGEST = 256 * 1024 * 1024  # bytes; then a new file is begun, well below what readers accept


@dataclass(frozen=True, slots=True)
class Session:
    """One sitting of one expert; ``slug`` is the expert's folder name."""

    project_id: str
    actor: str
    slug: str
    session_id: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An event on its way to a journal, with its details as text.

    ``previous`` names the expert's session before this one in the same stream; ``held`` the
    seal it waits for on this computer, empty if it waits for none.
    """

    session: Session
    stream: Stream
    previous: str | None
    event: Event
    details: str
    held: str = ""


class JournalWriter:
    """Append to one journal, on this computer or, while its disk refuses, elsewhere.

    After an error a file is never written again: the same events go to a new session file, whose
    first line names the one before.
    """

    def __init__(self, session: Session, stream: Stream, previous: str | None) -> None:
        self._session, self._stream, self._previous = session, stream, previous
        self._session_id = session.session_id
        self._root: Path | None = None
        self._lines, self._digest, self._size = 0, FIRST, 0
        self._refused = False

    def write(
        self, entries: Sequence[Entry], root: Path, others: Iterable[Path]
    ) -> tuple[Path, str]:
        """Write events and wait for the disk; give the root they are in and the path below it.

        Raises
        ------
        OSError
            If neither ``root`` nor the others take them; calling again later is right.
        """
        refusal: OSError | None = None
        if self._size > LARGEST or (self._root not in (None, root) and _takes(root)):
            self._start_over()
        roots = chain((root,), others)
        for place in roots if self._root is None else chain((self._root,), roots):
            try:
                return place, self._write(place, entries)
            except OSError as error:
                refusal = refusal or error
                self._start_over()
        raise refusal or OSError("there is no place to write to")

    def _write(self, root: Path, entries: Sequence[Entry]) -> str:
        relative = journal_path(self._session.slug, self._session_id, self._stream).as_posix()
        text, lines, digest = self._encode(entries)
        if self._root is not None:
            files.append(root / relative, text)
        else:
            if self._refused:
                files.probe(root, len(text))
            files.create(root / relative, text)
        self._root, self._lines, self._digest, self._refused = root, lines, digest, False
        self._size += len(text)
        return relative

    def _encode(self, entries: Sequence[Entry]) -> tuple[bytes, int, str]:
        lines, digest, text = self._lines, self._digest, []
        if not lines:
            opening = self._opening(entries[0].event.lc)
            lines = 1
            line, digest = encode(1, FIRST, opening, details_text(opening.d))
            text.append(line)
        for entry in entries:
            lines += 1
            line, digest = encode(lines, digest, entry.event, entry.details)
            text.append(line)
        return b"".join(text), lines, digest

    def _opening(self, lc: int) -> Event:
        details = {
            "actor": self._session.actor,
            "session": self._session_id,
            "stream": self._stream.kind,
            "project": self._session.project_id,
            "prev": self._previous,
        }
        return new_event("session.open", lc, details)

    def _start_over(self) -> None:
        if self._root is not None:
            self._previous = self._session_id
        self._session_id, self._root, self._refused = str(ULID()), None, True
        self._lines, self._digest, self._size = 0, FIRST, 0


def _takes(root: Path) -> bool:
    try:
        files.probe(root, _PROBE)
    except OSError:
        return False
    return True
