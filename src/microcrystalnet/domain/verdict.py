"""What the experts agreed on for one crystal."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How far a crystal is on its way from no label to a settled one."""

    UNLABELLED = "unlabelled"
    SINGLE = "single"
    AGREED = "agreed"
    DISPUTED = "disputed"
    ADJUDICATED = "adjudicated"
    EXCLUDED = "excluded"
    UNDECIDABLE = "undecidable"


SETTLED = frozenset({State.AGREED, State.ADJUDICATED})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of one crystal; ``cls`` is None unless the experts named one class."""

    crystal_id: str
    state: State
    cls: str | None
    votes: int

    @property
    def settled(self) -> bool:
        """Whether the class may be taught to a classifier."""
        return self.state in SETTLED and self.cls is not None
