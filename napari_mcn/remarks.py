"""What an expert has remarked on crystals before naming them."""

from __future__ import annotations

from psygnal import Signal

from microcrystalnet.domain.label import Answer

NOTHING = Answer(None)


class Remarks:
    """Answers in the making, by expert and crystal: they reach the journal with the class."""

    changed = Signal(str)  # crystal id

    def __init__(self) -> None:
        self._of: dict[tuple[str, str], Answer] = {}

    def get(self, expert: str, crystal_id: str) -> Answer:
        """Give what was remarked so far."""
        return self._of.get((expert, crystal_id), NOTHING)

    def put(self, expert: str, crystal_id: str, said: Answer) -> None:
        """Remember what is remarked now."""
        self._of[expert, crystal_id] = said
        self.changed.emit(crystal_id)

    def drop(self, expert: str, crystal_id: str) -> None:
        """Forget it: it is part of an answer now."""
        self._of.pop((expert, crystal_id), None)

    def clear(self) -> None:
        """Forget everything: another project is open."""
        self._of.clear()
