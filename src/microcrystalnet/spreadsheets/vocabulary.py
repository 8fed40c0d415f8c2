"""What the words of a spreadsheet mean: a class, an answer outside the scheme, or nothing."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from microcrystalnet.domain.label import NOT_A_CRYSTAL, UNCLEAR, Answer, Flag
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import LabelTableError

UNCLEAR_WORD, NOT_CRYSTAL, LEAVE_OUT = "unclear", "not_crystal", "leave-out"
# Answers outside every scheme, folded as `folded` does.
_OUTSIDE = {
    "unclear": UNCLEAR_WORD,
    "unknown": UNCLEAR_WORD,
    "?": UNCLEAR_WORD,
    "not_crystal": NOT_CRYSTAL,
    "not a crystal": NOT_CRYSTAL,
    "discarded": NOT_CRYSTAL,
}
_FLAGGED = re.compile(r"(?P<word>.*?)\s*\((?P<flags>(?:unsure|occluded|bad_mask)[^()]*)\)")


@dataclass(frozen=True, slots=True)
class ValueUse:
    """One word of a table: what it means, and how often it stands there.

    ``means`` is a class code, ``unclear``, ``not_crystal``, ``leave-out``, or None where nobody
    has said.
    """

    text: str
    means: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words as a scheme knows them, and as a person mapped others."""

    scheme: Scheme
    chosen: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, scheme: Scheme, chosen: Mapping[str, str]) -> "Vocabulary":
        """Add a person's own mapping of words to a scheme.

        Raises
        ------
        LabelTableError
            If a word is mapped to something that is no class.
        """
        known = cls(scheme)
        return cls(scheme, {folded(word): known.target(to) for word, to in chosen.items()})

    def target(self, text: str) -> str:
        """Give the class that a person means.

        Raises
        ------
        LabelTableError
            If it is none.
        """
        means = LEAVE_OUT if folded(text) == LEAVE_OUT else self.meaning(text)
        if means is None:
            choices = (*self.scheme.codes, UNCLEAR_WORD, NOT_CRYSTAL, LEAVE_OUT)
            raise LabelTableError(
                f"“{text}” is no class of the scheme; choose one of {', '.join(choices)}."
            )
        return means

    def meaning(self, text: str) -> str | None:
        """Say what a word means, or None where nobody has said."""
        word = folded(text)
        if word in self.chosen:
            return self.chosen[word]
        return _OUTSIDE.get(word) or self.scheme.resolve(word)

    def answer(self, text: str) -> Answer | None:
        """Give the answer that a cell stands for; None where it is left out or unknown."""
        word, flags = split_flags(text)
        means = self.meaning(word)
        if means is None or means == LEAVE_OUT:
            return None
        outside = {UNCLEAR_WORD: UNCLEAR, NOT_CRYSTAL: NOT_A_CRYSTAL}.get(means, Answer(means))
        return replace(outside, flags=outside.flags | flags)

    def uses(self, texts: Iterable[str]) -> tuple[ValueUse, ...]:
        """Count the words of filled cells; words that fold to the same one are counted as one."""
        counts: Counter[str] = Counter()
        spelled: dict[str, str] = {}
        for text in texts:
            word = split_flags(text)[0]
            counts[folded(word)] += 1
            spelled.setdefault(folded(word), word)
        return tuple(
            ValueUse(spelled[word], self.meaning(word), count)
            for word, count in counts.most_common()
        )


def folded(text: str) -> str:
    """Give a word without case, and with single blanks inside only.

    An apostrophe that keeps a spreadsheet from running the word is taken off.
    """
    return " ".join(text.casefold().split()).removeprefix("'")


def split_flags(text: str) -> tuple[str, frozenset[Flag]]:
    """Part ``RES (unsure)``, as this program's own tables write it, into word and flags."""
    match = _FLAGGED.fullmatch(text.strip())
    if match is None:
        return text.strip(), frozenset()
    named = {each.strip() for each in match["flags"].split(",")}
    return match["word"], frozenset(flag for flag in Flag if flag.value in named)
