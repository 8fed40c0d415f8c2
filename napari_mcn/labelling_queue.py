"""The crystals that come before an expert on the shown micrograph, and the answers so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.labelling import queue
from microcrystalnet.labelling.rounds import order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from microcrystalnet.domain.label import Answer
    from napari_mcn.session import Session

SEED = 0  # of everyone's own order outside rounds, so that it is the same at every sitting


class LabellingQueue:
    """In a round, what is asked for in the expert's own order; else everything, in lines or not.

    Attributes
    ----------
    order
        Crystal ids.
    answers
        What this expert said, by crystal id; crystals that come again have no answer here.
    own_order
        Whether to go in the expert's own random order, instead of line by line.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.order: tuple[str, ...] = ()
        self.answers: dict[str, Answer] = {}
        self.own_order = False

    @property
    def in_round(self) -> bool:
        """Whether a round says what is labelled in which order."""
        return self._asked() is not None

    def read(self) -> None:
        """Read everything anew."""
        self.order, self.answers = self._ordered(), {}
        self._read_answers(self.order)

    def reread(self, crystal_ids: Iterable[str]) -> None:
        """Read some answers anew, and those of crystals whose time to come again may have come."""
        changed = {*crystal_ids, *self._session.coming_again}
        self._read_answers(changed.intersection(self.order))

    def place(self, crystal_id: str) -> int | None:
        """Give the number of a crystal in the order, 1 first; None if it is not asked for."""
        return self.order.index(crystal_id) + 1 if crystal_id in self.order else None

    def following(self) -> str | None:
        """Give the next crystal without an answer, going round at the end."""
        return queue.next_open(self.order, self._session.crystal_id, self.answers)

    def step(self, by: int) -> str | None:
        """Give the crystal some places on, stopping at the ends."""
        return queue.step(self.order, self._session.crystal_id, by)

    def _asked(self) -> tuple[str, ...] | None:
        store, image_id = self._session.store, self._session.image_id
        return None if store is None or image_id is None else store.rounds.queue(image_id)

    def _ordered(self) -> tuple[str, ...]:
        asked = self._asked()
        if asked is not None:
            return asked
        crystals = self._session.crystals
        if self.own_order:
            return order(crystals, SEED, str(self._session.expert))
        return queue.reading_order(crystals.values())

    def _read_answers(self, crystal_ids: Iterable[str]) -> None:
        store = self._session.store
        if store is None:
            return
        for each in crystal_ids:
            label = store.state.label(each)
            if label is None:
                self.answers.pop(each, None)
            else:
                self.answers[each] = label.answer
