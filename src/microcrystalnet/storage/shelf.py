"""All journals of a project, in the project folder and on this computer, each read once."""

from collections.abc import Callable, Container, Iterator, Sequence
from pathlib import Path

from microcrystalnet.errors import ProjectError
from microcrystalnet.storage.event import Event
from microcrystalnet.storage.journal import Journal, Problem
from microcrystalnet.storage.layout import JournalName, Stream, journals

Wanted = Callable[[JournalName], bool]


class Shelf:
    """Give the events of the journals one asks for, and open no other.

    ``roots`` are the folders that hold journals, the most trusted first. A journal that has the
    same size in a later root is not read there again. ``names`` are the experts' names by folder
    that are known already; they are learned on. ``answers`` says whether a root can be asked now;
    one that does not answer, or errs when it is listed, is left for the next visit.
    """

    def __init__(
        self,
        roots: Sequence[Path],
        names: dict[str, str] | None = None,
        answers: Callable[[Path], bool] = lambda root: True,
    ) -> None:
        self._roots, self._answers = tuple(roots), answers
        self._journals: dict[Path, Journal] = {}
        self._troubles: dict[str, Problem] = {}
        self.names: dict[str, str] = {} if names is None else names
        self._latest: dict[tuple[str, Stream], str] = {}

    def read(
        self, wanted: Wanted, pattern: str = "**/*.jsonl", skip: Container[str] = ()
    ) -> Iterator[tuple[Event, str, str, str]]:
        """Give what is new in the wanted journals as event, expert, the journal's name and kind.

        Journals of the sessions in ``skip`` are left alone.
        """
        sizes: dict[str, int] = {}
        for root in filter(self._answers, self._roots):
            for relative, name in self._listed(root, pattern):
                if name.session in skip or not wanted(name):
                    continue
                key = (name.actor, name.stream)
                self._latest[key] = max(name.session, self._latest.get(key, ""))
                yield from self._read(root / relative, relative, name, sizes)

    def _listed(self, root: Path, pattern: str) -> list[tuple[str, JournalName]]:
        """List the journals of a root; none where it is a share that went away just now."""
        try:
            found = journals(root, pattern)
        except OSError as error:
            self._troubles[str(root)] = Problem(str(root), None, _unreadable(error))
            return []
        self._troubles.pop(str(root), None)
        return found

    def _read(
        self, path: Path, relative: str, name: JournalName, sizes: dict[str, int]
    ) -> Iterator[tuple[Event, str, str, str]]:
        try:
            size = path.stat().st_size
            same = sizes.setdefault(relative, size) == size
            if same and path not in self._journals and self._read_elsewhere(path, relative):
                return
            journal = self._journals.setdefault(
                path, Journal(path, relative, name.actor, self.names)
            )
            for event in journal.read():
                yield event, journal.actor, relative, name.stream.kind
            self._troubles.pop(str(path), None)
        except OSError as error:
            self._troubles[str(path)] = Problem(relative, None, _unreadable(error))

    def _read_elsewhere(self, path: Path, relative: str) -> bool:
        return any(
            root / relative != path and root / relative in self._journals for root in self._roots
        )

    def latest(self, actor: str, stream: Stream) -> str | None:
        """Give the newest session of an expert (a folder name) in a stream, of those read."""
        return self._latest.get((actor, stream))

    def require_listed(self) -> None:
        """Refuse where a root could not be listed at the last visit: what it holds is unknown.

        Raises
        ------
        ProjectError
            If so.
        """
        for root in self._roots:
            if trouble := self._troubles.get(str(root)):
                raise ProjectError(
                    f"The folder {root} went away while it was opened: {trouble.text}. Check that "
                    "the drive is connected and open it again."
                )

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was found wrong so far."""
        found = [problem for each in self._journals.values() for problem in each.problems]
        return tuple(dict.fromkeys([*found, *self._troubles.values()]))


def _unreadable(error: OSError) -> str:
    return f"it cannot be read ({error.strerror or error})"
