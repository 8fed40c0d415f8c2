"""A project that several experts work on: their answers, rounds and decisions, undo and redo."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from microcrystalnet.domain.label import PREDICTION, Label
from microcrystalnet.progress import Progress
from microcrystalnet.storage.adjudication import Adjudication
from microcrystalnet.storage.bulk import look_at_all_again
from microcrystalnet.storage.collecting import (
    AT_ONCE,
    COLLECTING,
    Votes,
    collecting_votes,
    reading_answers,
)
from microcrystalnet.storage.history import Change, Edit
from microcrystalnet.storage.open_project import OpenProject
from microcrystalnet.storage.rounds import Rounds


class SharedProject(OpenProject):
    """What of a project depends on who sits there; `ProjectStore` adds the edits."""

    _adjudication: Adjudication | None = None

    @property
    def adjudication(self) -> Adjudication:
        """Decisions about disputed crystals: made, signed, objected to and taken up again."""
        if self._adjudication is None:
            self._adjudication = Adjudication(self._desk, self._do)
        return self._adjudication

    def undo(self) -> Change | None:
        """Take the latest edit of this sitting back; None if there is none."""
        return self._again(self._desk.history.undo, self._desk.history.redo)

    def redo(self) -> Change | None:
        """Do again what was undone last; None if there is nothing."""
        return self._again(self._desk.history.redo, self._desk.history.undo)

    def _again(
        self, step: Callable[[], Edit | None], back: Callable[[], Edit | None]
    ) -> Change | None:
        self._desk.require_writable()
        if (edit := step()) is None:
            return None
        try:
            self._desk.commit(edit.still_possible(self._desk.current))
        except Exception:
            back()  # nothing was written: the step can be tried again
            raise
        self._tell(edit.change)
        return edit.change

    def _do(self, edit: Edit, milliseconds: int | None = None) -> None:
        self._desk.commit(edit, milliseconds)
        self._desk.history.add(edit.as_kept(self._desk.current))
        self._tell(edit.change)

    def _tell(self, change: Change) -> None:
        if self.on_change is None:
            return
        self.on_change(change)
        if change.kind == "label" and change.image_id is not None:
            again = self.rounds.newly_due(change.image_id)
            if again:  # what an expert is to name once more looks like never named
                self.on_change(Change("label", change.image_id, again, ""))

    @cached_property
    def rounds(self) -> Rounds:
        """Rounds of blind labelling: who labels what, what is left, what is sealed."""
        return Rounds(self._desk, self._counts, self._tell)

    def refreshing(self) -> Iterator[int]:
        """Read what other sessions added since, with a pause after every few lines.

        Where it becomes known that the expert labels blind now, or no more, that is a change.
        """
        before = self._desk.sees_as
        yield from super().refreshing()
        if self._desk.sees_as != before:
            self._tell(Change("rounds", None, (), "Other micrographs are labelled blind now"))

    def votes(
        self, *, reveal: bool = True, blind: bool = False, turn: int = 0
    ) -> Mapping[str, Mapping[str, Label]]:
        """Give everyone's labels by crystal and expert: this opens the other experts' files.

        Of micrographs that the expert at the keyboard labels blind and has not sealed, only their
        own are given; before their first seal no other expert's file is opened. Labels the current
        expert gives from now on to a crystal that others have labelled are not blind.

        Parameters
        ----------
        reveal
            False is for callers that show nothing of it, such as training.
        blind
            Give what was said last before seeing anybody else's answer, instead of the latest.
        turn
            1 gives the second answers to crystals that came again, for intra-rater agreement.
        """
        return self._desk.votes(reveal, blind, turn)

    def collecting_votes(self) -> Generator[Progress, None, Votes]:
        """Open everyone's answers and decisions as `votes` does, with a pause after every few.

        The project may be worked on in the pauses, on the same thread; the labels of crystals that
        are edited then must be asked for again. They are what the generator returns.
        """
        begun = self._desk.session, self._desk.sees_as
        found = yield from collecting_votes(self._desk)
        if begun == (self._desk.session, self._desk.sees_as):
            self.adjudication.know_all()
        return found

    def reading_answers(self) -> Iterator[Progress]:
        """Open everyone's answers and decisions, with a pause after every few.

        Nobody's count as seen by this; what was read before is not read again.
        """
        return reading_answers(self._desk)

    def reading_outlines(self, image_id: str) -> Iterator[Progress]:
        """Read and decode a micrograph's outlines, unless that was done, with pauses."""
        for number in self._desk.reading_masks(image_id):
            yield Progress(number, 0)
        for number in self.state.decoding(image_id):
            yield Progress(number, 0)

    def reveal(self, crystal_ids: Iterable[str]) -> Mapping[str, Mapping[str, Label]]:
        """Show the current expert everyone's labels of some crystals, by crystal and expert.

        What the expert says of these crystals from now on is not blind. Of micrographs that are
        labelled blind only their own labels are given.
        """
        return self._desk.reveal(crystal_ids)

    @property
    def has_looked(self) -> bool:
        """Whether the current expert was ever shown what others say of a crystal."""
        return bool(self._desk.visibility.seen_by(self.actor))

    def knows_all(self) -> bool:
        """Say whether the current expert was already shown all that others say of crystals.

        Then nothing that they label is blind that was not; this opens everyone's answers.
        """
        seen, own = self._desk.visibility.seen_by(self.actor), {self.actor}
        votes = self.votes(reveal=False).items()
        return bool(seen) and all(it.keys() <= own or each in seen for each, it in votes)

    def see(self, crystal_ids: Iterable[str]) -> None:
        """Note that the current expert is shown everyone's labels of crystals that were read."""
        self._desk.see(crystal_ids)

    def revealing(self, crystal_ids: Sequence[str]) -> Iterator[Progress]:
        """Note, with pauses, that the current expert sees everyone's labels of some crystals.

        Read them before with `reading_answers`; see `reveal` for what follows from it.
        """
        found: Votes = {}
        for at in range(0, len(crystal_ids), AT_ONCE):
            found |= {x: self.state.labels_of(x) for x in crystal_ids[at : at + AT_ONCE]}
            yield Progress(at, len(crystal_ids), COLLECTING)
        for _ in self._desk.revealing(found):
            yield Progress(0, 0, COLLECTING)

    def tell(self, crystal_ids: Iterable[str], assist: str = PREDICTION) -> None:
        """Note that the current expert is told what a classifier says of some crystals.

        What they say of these crystals from now on counts as assisted, in this sitting and in
        every later one; ``assist`` is `PREDICTION` or `SALIENCY`.
        """
        self._desk.tell(crystal_ids, assist)

    def close(self, timeout: float = 5) -> None:
        """Wait for the disks and stop; what a lost share lacks is carried over next time.

        The garbage collector sees again what was set aside for it; a project that is only looked
        into leaves that to the one beside which it is open.
        """
        super().close(timeout)
        look_at_all_again()
