"""What the experts agreed on for one crystal."""

from dataclasses import dataclass
from enum import StrEnum

from microcrystalnet.domain.decision import Decision


class State(StrEnum):
    """How far a crystal is on its way from no label to a settled one."""

    UNLABELLED = "unlabelled"
    SINGLE = "single"
    AGREED = "agreed"
    DISPUTED = "disputed"
    ADJUDICATED = "adjudicated"
    EXCLUDED = "excluded"
    UNDECIDABLE = "undecidable"
    SELF_REVIEWED = "self-reviewed"


SETTLED = frozenset({State.AGREED, State.ADJUDICATED, State.SELF_REVIEWED})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of one crystal; ``cls`` is None unless the experts named one class.

    ``decision`` is the one in force, ``reason`` says in a sentence why a crystal is disputed,
    ``history`` counts what was said in adjudication.
    """

    crystal_id: str
    state: State
    cls: str | None
    votes: int
    decision: Decision | None = None
    reason: str = ""
    history: int = 0

    @property
    def settled(self) -> bool:
        """Whether the class may be taught to a classifier."""
        return self.state in SETTLED and self.cls is not None
