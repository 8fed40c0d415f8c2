"""What an expert may see of the others' answers, so that nobody is swayed before the seal."""

from collections.abc import Iterator

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.label import Label
from microcrystalnet.domain.round import Blindness, Round
from microcrystalnet.domain.verdict import State
from microcrystalnet.errors import BlindError
from microcrystalnet.labelling.consensus import settle
from microcrystalnet.storage.blind_votes import blind_ids, was_sealed
from microcrystalnet.storage.drafts import Conditions
from microcrystalnet.storage.fold import Fold
from microcrystalnet.storage.history import Slot
from microcrystalnet.storage.round_fold import RoundBook


class Visibility:
    """Answers from the rounds and seals of a project; it opens no file."""

    def __init__(self, fold: Fold) -> None:
        self._fold = fold

    @property
    def book(self) -> RoundBook:
        """Rounds, seals and third labels asked for."""
        return self._fold.rounds

    def withheld(self, expert: str) -> frozenset[str]:
        """Give the micrographs that an expert labels blind and has not sealed."""
        return self._fold.rounds.withheld(expert)

    def label_ids(self, round_id: str, image_id: str, expert: str) -> list[str]:
        """Give the ids of an expert's blind labels in a round, as its seal fixes them."""
        return blind_ids(self._fold, round_id, image_id, expert)

    def blind_session(self, expert: str) -> bool:
        """Say whether an expert labels blind and has sealed nothing yet.

        Such a session opens no file with another expert's answers.
        """
        book = self._fold.rounds
        withheld = book.withheld(expert)
        return bool(withheld) and len(withheld) == len(book.asking(expert))

    def sees(self, crystal_id: str, image_id: str, by: str, expert: str) -> bool:
        """Say whether an expert may see the answer of somebody (``by``) on a crystal."""
        return by == expert or self.opened(crystal_id, image_id, expert)

    def opened(self, crystal_id: str, image_id: str, expert: str) -> bool:
        """Say whether an expert may see what the others say of a crystal, and decide on it."""
        if self._fold.rounds.unsealed(image_id, expert) is not None:
            return False
        return not self.in_reserve(crystal_id, image_id, expert)

    def require_opened(self, crystal: Crystal, expert: str) -> None:
        """Refuse to let somebody decide who must not know yet what the others say of a crystal.

        Raises
        ------
        BlindError
            If the expert labels it blind, or may still be asked for the label that decides.
        """
        if self._fold.rounds.unsealed(crystal.image_id, expert) is not None:
            raise BlindError(
                "You label this micrograph blind: its crystals are not decided with you until you "
                "seal it on Consensus > Rounds."
            )
        if not self.opened(crystal.crystal_id, crystal.image_id, expert):
            raise BlindError(
                "You may be asked for the deciding label of this crystal, so what the others say "
                "of it is closed to you; label it, or leave the decision to them."
            )

    def in_reserve(self, crystal_id: str, image_id: str, expert: str) -> bool:
        """Say whether an expert may yet be asked for the deciding label of a crystal."""
        round_ = self._fold.rounds.current(image_id, expert)
        if round_ is None or self.book.third(round_, crystal_id) != expert:
            return False
        if self._fold.said(crystal_id, expert, round_.round_id, 0) is not None:
            return False
        return self._planned_state(round_, crystal_id) is not State.AGREED

    def _planned_state(self, round_: Round, crystal_id: str) -> State | None:
        """Give where the planned labels of a crystal stand; None while one of them is missing."""
        labels: dict[str, Label] = {}
        for expert in self.book.planned(round_, crystal_id):
            vote = self._fold.said(crystal_id, expert, round_.round_id, 0)
            if vote is None or vote.label is None:
                return None
            labels[expert] = vote.label
        return settle(crystal_id, labels).state

    def thirds(self, image_id: str, crystal_ids: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
        """Find disputed crystals nobody is asked about yet, as round, crystal and third expert.

        Only micrographs that every planned expert has sealed are looked at.
        """
        book = self._fold.rounds
        for round_ in book.ordered():
            if image_id not in round_.image_ids:
                continue
            for crystal_id in crystal_ids:
                third = book.third(round_, crystal_id)
                if third is None or book.asked_third(round_, crystal_id, third):
                    continue
                if self._all_sealed(round_, image_id, crystal_id) and self._differ(
                    round_, crystal_id
                ):
                    yield round_.round_id, crystal_id, third

    def _all_sealed(self, round_: Round, image_id: str, crystal_id: str) -> bool:
        return all(
            (round_.round_id, image_id, expert) in self._fold.rounds.seals
            for expert in self.book.planned(round_, crystal_id)
        )

    def _differ(self, round_: Round, crystal_id: str) -> bool:
        return self._planned_state(round_, crystal_id) is State.DISPUTED

    def seen_by(self, expert: str) -> frozenset[str]:
        """Give the crystals of which an expert was shown everyone's labels."""
        return frozenset(self._fold.seen.get(expert, ()))

    def has_seen(self, crystal_id: str, expert: str) -> bool:
        """Say whether an expert was shown somebody else's label of a crystal, or its example."""
        shown = self._fold.showcase.was_shown(crystal_id, expert)
        return shown or crystal_id in self._fold.seen.get(expert, ())

    def conditions(self, slot: Slot, expert: str) -> Conditions:
        """Give under which conditions an expert labels a crystal now."""
        book = self._fold.rounds
        round_ = book.current(slot.image_id, expert)
        sealed = book.sealed(slot.image_id, expert)
        third = book.asked_third(round_, slot.crystal_id, expert) and not (
            was_sealed(self._fold, slot.crystal_id, slot.image_id, expert, round_)
        )
        return Conditions(
            round_.round_id if round_ else None,
            not self.has_seen(slot.crystal_id, expert) and (not sealed or third),
            self._fold.scheme[1].version,
            round_ is not None and round_.blind is Blindness.STRICT and not sealed,
            self._fold.told.help_with(slot.crystal_id, expert),
        )
