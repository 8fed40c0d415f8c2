"""How far a round is, counted micrograph by micrograph and again only where something happened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from microcrystalnet.domain.round import Round
from microcrystalnet.progress import Progress

if TYPE_CHECKING:
    from microcrystalnet.storage.desk import Desk

COUNTING = "Counting the answers …"
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Share:
    """What one expert has done of one micrograph in a round.

    ``answered`` is None where the expert at the keyboard must not know it yet; ``asked`` counts
    second answers too. ``changed`` are crystals whose outline is another than the one labelled,
    ``older_scheme`` answers given under another version of the classes; both only of one's own.
    """

    image_id: str
    expert: str
    asked: int
    answered: int | None
    sealed: bool
    changed: int = 0
    older_scheme: int = 0


class _Kept(Generic[Found]):
    """Something found about a micrograph, until anything is said or drawn there."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], tuple[object, Found]] = {}

    def once(self, key: tuple[object, ...], age: object, find: Callable[[], Found]) -> Found:
        known = self._known.get(key)
        if known is None or known[0] != age:
            known = self._known[key] = age, find()
        return known[1]


class RoundCounts:
    """Counts for the expert at the keyboard; what nobody touched since is not counted again."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._shares: _Kept[Share] = _Kept()
        self._left: _Kept[int] = _Kept()
        self._reserves: _Kept[frozenset[str]] = _Kept()

    @property
    def _expert(self) -> str:
        return self._desk.session.actor

    def _age(self, image_id: str) -> tuple[int, int]:
        self._desk.state.load(image_id)
        return self._desk.state.agenda.age(image_id)

    def counting(self, round_: Round) -> Iterator[Progress]:
        """Count, with a pause after every expert's part of every micrograph."""
        images = round_.image_ids
        for done, image_id in enumerate(images):
            for _ in self._desk.reading_masks(image_id):
                yield Progress(done, len(images), COUNTING)
            for expert in round_.experts:
                self._share(round_, image_id, expert)
                yield Progress(done, len(images), COUNTING)
            self.left(image_id)
            yield Progress(done + 1, len(images), COUNTING)

    def shares(self, round_: Round) -> Iterator[Share]:
        """Give how far every expert is on every micrograph; others' counts only where revealed."""
        for image_id in round_.image_ids:
            for expert in round_.experts:
                yield self._share(round_, image_id, expert)

    def left(self, image_id: str) -> int:
        """Count the crystals that wait for the expert's answer."""
        find = self._desk.state.agenda.left
        key = image_id, self._expert
        return self._left.once(key, self._age(image_id), lambda: len(find(image_id, self._expert)))

    def reserve(self, image_id: str) -> frozenset[str]:
        """Give the crystals of which the expert may still be asked for the deciding label."""
        round_ = self._desk.visibility.book.current(image_id, self._expert)
        if round_ is None or not round_.third_on_dispute:
            return frozenset()
        key = image_id, self._expert
        find = self._find_reserve
        return self._reserves.once(key, self._age(image_id), lambda: find(image_id))

    def _find_reserve(self, image_id: str) -> frozenset[str]:
        waits, there = self._desk.visibility.in_reserve, self._desk.state.crystal_ids(image_id)
        return frozenset(each for each in there if waits(each, image_id, self._expert))

    def _share(self, round_: Round, image_id: str, expert: str) -> Share:
        known = expert == self._expert or (
            self._may_reveal(image_id) and self._desk.has_read_others
        )
        key = round_.round_id, image_id, expert, self._expert, known
        find = self._count
        return self._shares.once(
            key, self._age(image_id), lambda: find(round_, image_id, expert, known=known)
        )

    def _may_reveal(self, image_id: str) -> bool:
        return self._desk.visibility.book.unsealed(image_id, self._expert) is None

    def _count(self, round_: Round, image_id: str, expert: str, *, known: bool) -> Share:
        sealed = (round_.round_id, image_id, expert) in self._desk.visibility.book.seals
        answered, asked = self._desk.state.agenda.done(round_, image_id, expert)
        mine = expert == self._expert
        changed, older = self._worth_a_look(round_, image_id) if mine else (0, 0)
        return Share(
            image_id, expert, asked, answered if known else None, sealed, changed, older
        )  # fmt: skip

    def _worth_a_look(self, round_: Round, image_id: str) -> tuple[int, int]:
        """Count own labels of outlines changed since, and of other versions of the classes."""
        state = self._desk.state
        changed = older = 0
        for label, touched in state.agenda.given(round_, image_id, self._expert):
            if touched:  # an undo may have brought the same outline back
                changed += label.mask_digest != state.crystal(label.crystal_id).mask.digest
            older += label.scheme_version not in (None, state.scheme.version)
        return changed, older
