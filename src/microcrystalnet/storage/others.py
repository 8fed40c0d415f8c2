"""The journals with the other experts' answers, opened as far as one may see what is in them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from microcrystalnet.storage.event import Event
from microcrystalnet.storage.journal import Problem
from microcrystalnet.storage.shelf import Shelf
from microcrystalnet.storage.visibility import Visibility


class OtherAnswers:
    """Give labels and decisions of everyone but one expert.

    Before that expert's first seal nothing is opened; until the last one, what is said of the
    micrographs that are still open is left out, so all is read again after each seal.

    Parameters
    ----------
    roots
        Folders with journals, the most trusted first.
    names
        Experts' names by folder, as far as they are known.
    visibility
        Who may see what.
    answers
        Whether a root can be asked now.
    """

    def __init__(
        self,
        roots: Sequence[Path],
        names: dict[str, str],
        visibility: Visibility,
        answers: Callable[[Path], bool],
    ) -> None:
        self._roots, self._names, self._visibility = tuple(roots), names, visibility
        self._answers = answers
        self._seen_as: tuple[str, frozenset[str]] | None = None
        self._shelf: Shelf | None = None

    @property
    def opened(self) -> bool:
        """Whether anything was opened for the expert who asked last."""
        return self._shelf is not None

    def read(self, kind: str, expert: str, slug: str) -> Iterator[tuple[Event, str, str, str]]:
        """Give what is new of one kind (``label``, ``adj``) as event, expert, journal and kind."""
        withheld = self._visibility.withheld(expert)
        if self._seen_as != (expert, withheld):
            self._seen_as, self._shelf = (expert, withheld), None
        if self._visibility.blind_session(expert):
            return
        self._shelf = self._shelf or Shelf(self._roots, self._names, self._answers)
        events = self._shelf.read(
            lambda name: name.stream.kind == kind and name.actor != slug, f"**/*.{kind}*.jsonl"
        )
        yield from (each for each in events if str(each[0].d.get("image")) not in withheld)

    def stays_seen_as(self, expert: str) -> bool:
        """Say whether what was opened last may still be read on by this expert."""
        return self._seen_as == (expert, self._visibility.withheld(expert))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was found wrong so far."""
        return self._shelf.problems if self._shelf else ()
