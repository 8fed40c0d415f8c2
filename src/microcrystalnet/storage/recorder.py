"""The thread that puts events on this computer's disk, and the counts of what is where."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from microcrystalnet.storage.header import check_there
from microcrystalnet.storage.layout import Stream
from microcrystalnet.storage.replica import Replicator, reason
from microcrystalnet.storage.writer import Entry, JournalWriter, Session

_log = logging.getLogger(__name__)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0


@dataclass(frozen=True, slots=True)
class Pending:
    """Edits not yet everywhere: ``unsaved`` only in memory, ``only_here`` not in the project.

    ``trouble`` is a sentence for the user, or None while all goes well; ``held`` counts the labels
    that wait on this computer for the seal of their micrograph, as a strict round wants it.
    """

    unsaved: int = 0
    only_here: int = 0
    trouble: str | None = None
    held: int = 0


def _describe(pending: Pending, here: str | None, there: str | None) -> str | None:
    if here and pending.unsaved:
        return f"{_changes(pending.unsaved)} not saved yet: {here}. Free some space; do not quit."
    if here:
        return f"Your work goes straight into the project folder: {here}."
    if there and pending.only_here:
        return f"{_changes(pending.only_here)} only on this computer: {there}."
    if there:
        return f"Earlier work is only on this computer: {there}."
    return None


def _changes(count: int) -> str:
    return "1 change is" if count == 1 else f"{count} changes are"


class Recorder:
    """Write events to the mirror on one thread, and hand the journals on to the project folder.

    Parameters
    ----------
    project_id
        What ``project.json`` must name for the project folder to be written.
    mirror
        Folder of this project on this computer.
    project
        The project folder; written by this thread only while the mirror cannot be.
    on_saved
        Called on a writing thread whenever a count or the trouble changed.
    """

    def __init__(
        self, project_id: str, mirror: Path, project: Path, on_saved: Callable[[Pending], None]
    ) -> None:
        self._project_id, self._on_saved = project_id, on_saved
        self._mirror, self._project = mirror, project
        self._changed = threading.Condition()
        self._inbox: list[Entry] = []
        self._unsaved = self._only_here = 0
        self._held: dict[str, dict[str, int]] = {}  # seal -> journal -> events
        self._released: set[str] = set()
        self._here: str | None = None
        self._there: str | None = None
        self._closing = self._hurry = False
        self._writers: dict[tuple[Session, Stream], JournalWriter] = {}
        self._replicator = Replicator(project_id, mirror, project, self._moved)
        self._thread = threading.Thread(target=self._run, name="mcn-recorder", daemon=True)
        self._thread.start()

    def record(self, entries: Sequence[Entry]) -> None:
        """Take events over; returns at once."""
        with self._changed:
            self._inbox.extend(entries)
            self._unsaved += len(entries)
            self._changed.notify_all()

    def reconcile(self, relative: str) -> None:
        """Carry a journal of an earlier session over, if the project folder lacks some of it."""
        self._replicator.carry(relative)

    def release(self, seal: str) -> None:
        """Let the labels that waited for a seal, made now, go into the project folder."""
        with self._changed:
            self._released.add(seal)
            waiting = self._held.pop(seal, {})
            self._only_here += sum(waiting.values())
        for relative, count in waiting.items():
            self._replicator.carry(relative, count)

    def pending(self) -> Pending:
        """Count what is not yet everywhere."""
        with self._changed:
            held = sum(sum(each.values()) for each in self._held.values())
            counts = Pending(self._unsaved, self._only_here, held=held)
            return replace(counts, trouble=_describe(counts, self._here, self._there))

    def flush(self, timeout: float | None) -> bool:
        """Wait until everything is in both places; False if that takes longer."""
        self._replicator.hurry()
        with self._changed:
            self._hurry = True
            self._changed.notify_all()
            return self._changed.wait_for(lambda: not (self._unsaved or self._only_here), timeout)

    def close(self, timeout: float) -> None:
        """Wait for this computer's disk and, unless it is in trouble, the project folder; stop."""
        deadline = time.monotonic() + timeout
        self._replicator.hurry()
        with self._changed:
            self._hurry = True
            self._changed.notify_all()
            self._changed.wait_for(self._settled, timeout)
            self._closing = True
            self._changed.notify_all()
        self._thread.join(max(0.0, deadline - time.monotonic()))
        self._replicator.close(max(0.0, deadline - time.monotonic()))

    def _settled(self) -> bool:
        return not self._unsaved and (not self._only_here or self._there is not None)

    def _run(self) -> None:
        pause = _FIRST_PAUSE
        while batch := self._take():
            if self._write_all(batch):
                pause = _FIRST_PAUSE
                continue
            if self._closing:
                return
            with self._changed:
                self._changed.wait_for(lambda: self._closing or self._hurry, pause)
                self._hurry = False
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _take(self) -> list[Entry]:
        with self._changed:
            self._changed.wait_for(lambda: self._inbox or self._closing)
            batch, self._inbox = self._inbox, []
            return batch

    def _write_all(self, batch: Sequence[Entry]) -> bool:
        """Write a batch journal by journal; what the disk refuses goes back to the inbox."""
        groups: dict[tuple[Session, Stream], list[Entry]] = {}
        for entry in batch:
            groups.setdefault((entry.session, entry.stream), []).append(entry)
        refused = [entry for group in groups.values() for entry in self._refused(group)]
        if refused:
            with self._changed:
                self._inbox = refused + self._inbox
            self._tell()
        return not refused

    def _refused(self, group: list[Entry]) -> list[Entry]:
        first = group[0]
        writer = self._writers.setdefault(
            (first.session, first.stream),
            JournalWriter(first.session, first.stream, first.previous),
        )
        try:
            root, relative = writer.write(group, self._mirror, self._fallback())
        except Exception as error:  # noqa: BLE001 - whatever it is, no edit may be lost
            _log.warning("A journal could not be written.", exc_info=error)
            self._here = f"the disk of this computer refuses it ({reason(error)})"
            return group
        held = first.held if root == self._mirror else ""
        self._saved(len(group), relative, root == self._mirror, held)
        return []

    def _fallback(self) -> Iterator[Path]:
        """Give where to write if this computer's disk refuses: the project folder, if there."""
        try:
            check_there(self._project, self._project_id)
        except OSError:
            return
        yield self._project

    def _saved(self, count: int, relative: str, in_mirror: bool, held: str) -> None:
        with self._changed:
            self._unsaved -= count
            waits = held != "" and held not in self._released
            if waits:
                journals = self._held.setdefault(held, {})
                journals[relative] = journals.get(relative, 0) + count
                self._here = None
            elif in_mirror:
                self._only_here += count
                self._here = None
            else:
                self._here = "this computer's own folder for it cannot be written"
            self._changed.notify_all()
        if in_mirror and not waits:
            self._replicator.carry(relative, count)
        self._tell()

    def _moved(self, count: int, trouble: str | None) -> None:
        with self._changed:
            self._only_here -= count
            self._there = trouble
            self._changed.notify_all()
        self._tell()

    def _tell(self) -> None:
        try:
            self._on_saved(self.pending())
        except Exception:  # noqa: BLE001 - a listener's mistake must not end the thread
            _log.exception("A listener failed; the edits are safe.")
