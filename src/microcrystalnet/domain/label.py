"""One expert's answer for one crystal."""

from dataclasses import dataclass
from enum import StrEnum


class Flag(StrEnum):
    """A remark beside, or instead of, a class."""

    UNSURE = "unsure"
    OCCLUDED = "occluded"
    BAD_MASK = "bad_mask"
    NOT_CRYSTAL = "not_crystal"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an expert says: a class code, or None for *unclear*; flags add to it.

    ``Answer(None)`` is *unclear*; ``Answer(None, {NOT_CRYSTAL})`` is *not a crystal*.
    """

    cls: str | None
    flags: frozenset[Flag] = frozenset()
    note: str = ""

    @property
    def discards(self) -> bool:
        """Whether the expert says that this is not a crystal."""
        return Flag.NOT_CRYSTAL in self.flags


UNCLEAR = Answer(None)
NOT_A_CRYSTAL = Answer(None, frozenset({Flag.NOT_CRYSTAL}))


@dataclass(frozen=True, slots=True)
class Label:
    """An answer with who gave it and under which conditions.

    ``label_id`` is the id of the journal event; ``mask_digest`` the mask that was seen; ``assist``
    names what help was visible (``none``, ``prediction`` or ``saliency``).
    """

    label_id: str
    crystal_id: str
    expert: str
    answer: Answer
    mask_digest: str
    blind: bool = True
    assist: str = "none"
