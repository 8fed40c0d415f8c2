"""Reading one journal: a little more at each visit, whatever state the file is in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from microcrystalnet.storage.event import FIRST, MAX_LINE_BYTES, DamagedLineError, Event, decode
from microcrystalnet.storage.layout import actor_slug

MOST_LISTED = 100  # problems of one journal
MAX_FILE_BYTES = 512 * 1024 * 1024
_NAMES = {"session.open": "actor", "actor.declare": "name"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a project that a person should know of: where, which line, what."""

    path: str
    line: int | None
    text: str


@dataclass(slots=True)
class Journal:
    """A journal file and how far it was read.

    ``slug`` is the folder name of its expert; ``names`` gives the real ones, and learns them from
    all journals that share it, so that damage to one line does not make a person of its own.
    """

    path: Path
    name: str
    slug: str
    names: dict[str, str] = field(default_factory=dict)
    previous: str | None = None
    _offset: int = 0
    _lines: int = 0
    _hash: str = FIRST
    _problems: dict[Problem, None] = field(default_factory=dict)  # in order, each once
    _unlisted: int = 0

    @property
    def problems(self) -> list[Problem]:
        """What was found wrong; of very many lines the first ones, and how many there are more."""
        if not self._unlisted:
            return list(self._problems)
        text = f"{self._unlisted:,} more lines are damaged as well"
        return [*self._problems, Problem(self.name, None, text)]

    @property
    def actor(self) -> str:
        """The expert's name; the folder's name where no line gives it."""
        return self.names.get(self.slug, self.slug)

    def read(self) -> Iterator[Event]:
        """Give the events that were completed since the last visit.

        The end of a file after its last LF is not yet committed and is left for the next visit.

        Raises
        ------
        OSError
            If the file cannot be read.
        """
        size = self.path.stat().st_size
        if size == self._offset:
            return
        if size > MAX_FILE_BYTES:
            self._complain(None, "the file is larger than 512 MiB and is left out")
            return
        with self.path.open("rb") as file:
            yield from self.read_from(file)

    def read_from(self, file: BinaryIO) -> Iterator[Event]:
        """Give the events that were completed since the last visit, from the opened journal.

        Whoever pauses between two events may read the journal elsewhere; it goes on from there.
        """
        at = -1
        while (line := _line(file, at, self._offset)).endswith(b"\n"):
            at = self._offset = file.tell()
            self._lines += 1
            if (event := self._event(line[:-1])) is not None:
                yield event

    def _event(self, text: bytes) -> Event | None:
        try:
            line = decode(text)
        except DamagedLineError as error:
            self._complain(self._lines, f"{error}; the line is skipped")
            self._hash = ""
            return None
        if self._hash and line.p != self._hash:
            self._complain(self._lines, "a line before this one is missing")
        self._hash = line.h
        self._learn(line.event)
        return line.event

    def _learn(self, event: Event) -> None:
        if event.t not in _NAMES:
            return
        name, previous = event.d.get(_NAMES[event.t]), event.d.get("prev")
        if isinstance(name, str) and actor_slug(name) == self.slug:
            self.names[self.slug] = name
        if event.t == "session.open" and isinstance(previous, str):
            self.previous = previous

    def _complain(self, line: int | None, text: str) -> None:
        if len(self._problems) < MOST_LISTED:
            self._problems.setdefault(Problem(self.name, line, text))
        elif line is not None:
            self._unlisted += 1


def _line(file: BinaryIO, at: int, wanted: int) -> bytes:
    """Read the line at a place; of one that is too long only a beginning, which no hash fits."""
    if at != wanted:
        file.seek(wanted)
    line = file.readline(MAX_LINE_BYTES + 2)
    rest = line
    while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
        rest = file.readline(MAX_LINE_BYTES + 2)
    return line if rest is line else line[:80] + rest[-1:]
