"""One expert's answer for one crystal."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Flag(StrEnum):
    """A remark beside, or instead of, a class."""

    UNSURE = "unsure"
    OCCLUDED = "occluded"
    BAD_MASK = "bad_mask"
    NOT_CRYSTAL = "not_crystal"


# The source team's tick marks, columns of its label files (DOMAIN.md 1).
MARKS = ("edges", "corners", "pitted", "ledges")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an expert says: a class code, or None for *unclear*; everything else adds to it.

    ``Answer(None)`` is *unclear*; ``Answer(None, {NOT_CRYSTAL})`` is *not a crystal*. ``second`` is
    the class that comes next, ``marks`` are ticks such as `MARKS`, ``shape`` and ``definition`` the
    two axes (rhombic, polyhedral …; euhedral, subhedral, anhedral), ``confidence`` 0..1; each is
    recorded where the expert wants to.
    """

    cls: str | None
    flags: frozenset[Flag] = frozenset()
    note: str = ""
    second: str | None = None
    marks: frozenset[str] = frozenset()
    shape: str | None = None
    definition: str | None = None
    confidence: float | None = None

    @property
    def discards(self) -> bool:
        """Whether the expert says that this is not a crystal."""
        return Flag.NOT_CRYSTAL in self.flags

    def naming(self, cls: str | None) -> "Answer":
        """Complete remarks that were made before the class was named."""
        second = None if self.second == cls else self.second
        return replace(self, cls=cls, flags=self.flags - {Flag.NOT_CRYSTAL}, second=second)

    def discarding(self) -> "Answer":
        """Complete remarks by saying that this is not a crystal."""
        return Answer(None, self.flags | {Flag.NOT_CRYSTAL}, self.note, marks=self.marks)

    def reconsidered(self) -> "Answer":
        """Keep what was remarked about the crystal, and drop what concerned the former answer."""
        return Answer(None, self.flags & ABOUT_THE_CRYSTAL, self.note, marks=self.marks)


ABOUT_THE_CRYSTAL = frozenset({Flag.OCCLUDED, Flag.BAD_MASK})
UNAIDED, PREDICTION, SALIENCY = "none", "prediction", "saliency"  # what help an expert had
_HELP = (UNAIDED, PREDICTION, SALIENCY)


def most_help(*known: str) -> str:
    """Give the greatest help of several: a saliency map tells more than a prediction.

    A word that a newer version wrote counts as more than any known here.
    """
    return max(known, key=lambda each: _HELP.index(each) if each in _HELP else len(_HELP))


UNCLEAR = Answer(None)
NOT_A_CRYSTAL = Answer(None, frozenset({Flag.NOT_CRYSTAL}))


@dataclass(frozen=True, slots=True)
class Label:
    """An answer with who gave it and under which conditions.

    ``label_id`` is the id of the journal event that first said so; ``mask_digest`` the mask that
    was seen; ``assist`` names what help the expert has had with this crystal by then (``none``,
    ``prediction`` or ``saliency``).
    ``round_id`` is None outside a round; ``turn`` is 1 for a silent repeat, journalled as ``pass``;
    ``scheme_version`` is the version of the classes the expert chose from, None where it was not
    written down.
    """

    label_id: str
    crystal_id: str
    expert: str
    answer: Answer
    mask_digest: str
    blind: bool = True
    assist: str = UNAIDED
    round_id: str | None = None
    turn: int = 0
    scheme_version: int | None = None
