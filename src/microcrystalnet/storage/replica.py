"""Carrying journals from this computer into the project folder, however long that takes."""

import logging
import threading
from collections.abc import Callable, Container
from pathlib import Path

from microcrystalnet.storage import files
from microcrystalnet.storage.header import check_there
from microcrystalnet.storage.layout import copy_path

_log = logging.getLogger(__name__)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0


def committed(content: bytes) -> bytes:
    """Give the part of a journal up to its last LF; what follows was never acknowledged."""
    return content[: content.rfind(b"\n") + 1]


def carry_over(content: bytes, target: Path, suspect: Container[str] = ()) -> Path:
    """Bring the bytes of a journal to ``target``, whatever is there, and wait for the disk.

    The target is created, or continued if it is a beginning of the content, or left alone if it
    holds the content already; otherwise, or if it is ``suspect``, all goes to the first
    ``<name>~k.jsonl`` that fits.

    Returns
    -------
    Path
        The file that now begins with the content.

    Raises
    ------
    OSError
        If the disk refuses; repeating is harmless.
    """
    path, copy = target, 0
    while str(path) in suspect or not _continue(content, path):
        copy += 1
        path = copy_path(target, copy)
    return path


def is_carried(source: Path, target: Path) -> bool:
    """Say whether `carry_over` has brought all of a journal to ``target`` or a ``~k`` of it.

    Raises
    ------
    OSError
        If one of them cannot be read.
    """
    content, path, copy = committed(source.read_bytes()), target, 0
    while path.exists():
        if path.read_bytes().startswith(content):
            return True
        copy += 1
        path = copy_path(target, copy)
    return not content


def _continue(content: bytes, path: Path) -> bool:
    try:
        there = path.read_bytes()
    except FileNotFoundError:
        files.create(path, content)
        return True
    if content.startswith(there):
        if rest := content[len(there) :]:
            files.append(path, rest)
        return True
    return there.startswith(content)


def reason(error: Exception) -> str:
    """Give the few words of an error that a person can use."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


class Replicator:
    """Keep the project folder's journals up to date on a thread of its own.

    A share that hangs holds up this thread and nothing else: what is written to this computer
    goes on. ``on_moved`` is called on this thread with (events now in both places, or 0, and the
    trouble there is, or None).
    """

    def __init__(
        self,
        project_id: str,
        mirror: Path,
        project: Path,
        on_moved: Callable[[int, str | None], None],
    ) -> None:
        self._project_id = project_id
        self._mirror, self._project, self._on_moved = mirror, project, on_moved
        self._waiting: dict[str, int] = {}  # relative path -> events not yet carried over
        self._targets: dict[str, tuple[Path, int]] = {}  # relative path -> replica, its size
        self._suspect: set[str] = set()  # replicas the disk did not confirm
        self._changed = threading.Condition()
        self._closing = self._hurry = False
        self._thread = threading.Thread(target=self._run, name="mcn-replica", daemon=True)
        self._thread.start()

    def carry(self, relative: str, events: int = 0) -> None:
        """Ask for a journal, which has grown by some events, to be carried over."""
        with self._changed:
            self._waiting[relative] = self._waiting.get(relative, 0) + events
            self._changed.notify()

    def hurry(self) -> None:
        """Try again now what was refused before."""
        with self._changed:
            self._hurry = True
            self._changed.notify()

    def close(self, timeout: float) -> None:
        """Stop; what is not carried over yet is found at the next opening."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(timeout)

    def _run(self) -> None:
        pause = _FIRST_PAUSE
        while (batch := self._take()) is not None:
            trouble = self._carry_all(batch)
            if trouble is None:
                pause = _FIRST_PAUSE
            else:
                self._rest(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    def _take(self) -> dict[str, int] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            if self._closing and not self._waiting:
                return None
            batch, self._waiting = self._waiting, {}
            return batch

    def _rest(self, pause: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._hurry, pause)
            self._hurry = False
            if self._closing:
                self._waiting.clear()

    def _carry_all(self, batch: dict[str, int]) -> str | None:
        trouble = None
        for relative, events in batch.items():
            try:
                check_there(self._project, self._project_id)
                self._carry(relative)
            except Exception as error:  # noqa: BLE001 - whatever it is, the thread goes on
                _log.warning("A journal could not be carried over.", exc_info=error)
                if isinstance(error, files.UnsyncedError):
                    self._suspect.add(str(error.filename))
                self._targets.pop(relative, None)
                trouble = f"the project folder cannot be written ({reason(error)})"
                self.carry(relative, events)
                self._on_moved(0, trouble)
            else:
                self._on_moved(events, trouble)
        return trouble

    def _carry(self, relative: str) -> None:
        source, target = self._mirror / relative, self._project / relative
        path, size = self._targets.get(relative, (target, -1))
        if size >= 0 and path == target and path.stat().st_size == size:
            rest = _rest_of(source, size)
            if rest:
                files.append(path, rest)
        else:
            rest = committed(source.read_bytes())
            path, size = carry_over(rest, target, self._suspect), 0
        self._targets[relative] = (path, size + len(rest))


def _rest_of(source: Path, start: int) -> bytes:
    with source.open("rb") as file:
        file.seek(start)
        return committed(file.read())
