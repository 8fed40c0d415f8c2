"""Which crystals to look at first: those whose class the experts' answers leave most in doubt.

Built on everyone's answers, so it is for those only who may see them. It suggests an order and
never a verdict.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from microcrystalnet.domain.label import Label
from microcrystalnet.labelling.answers import ordered, said
from microcrystalnet.labelling.dawid_skene import doubt, infer_patterns

Pattern = frozenset[tuple[str, str]]  # who said what

NOTHING_KNOWN = 2.0  # above every doubt


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the answers on one crystal suggest.

    ``likely`` gives the share of belief, 0..1, of every answer that some expert gave somewhere,
    the likeliest first; ``doubt`` runs from 0 (sure) to 1 (all alike).
    """

    crystal_id: str
    likely: Mapping[str, float]
    doubt: float


def suggest(votes: Mapping[str, Mapping[str, Label]]) -> dict[str, Suggestion]:
    """Weigh everyone's answers by how reliable each expert is; by crystal id, as in ``votes``.

    Parameters
    ----------
    votes
        Labels by crystal id and expert; crystals without a label are left out.
    """
    patterns = {crystal_id: pattern_of(labels) for crystal_id, labels in votes.items() if labels}
    weighed = weigh(Counter(patterns.values()))
    return {
        crystal_id: Suggestion(crystal_id, *weighed[pattern])
        for crystal_id, pattern in patterns.items()
    }


def posteriors(votes: Mapping[str, Mapping[str, Label]]) -> dict[str, Mapping[str, float]]:
    """Give how likely each answer is, by crystal id; see `suggest`."""
    return {crystal_id: each.likely for crystal_id, each in suggest(votes).items()}


def pattern_of(labels: Mapping[str, Label]) -> Pattern:
    """Give who said what of one crystal; it suggests the same for all that are alike."""
    return frozenset((expert, said(label.answer)) for expert, label in labels.items())


def weigh(alike: Counter[Pattern]) -> dict[Pattern, tuple[Mapping[str, float], float]]:
    """Give the likely answers and the doubt of each pattern of answers; see `Suggestion`."""
    if not alike:
        return {}
    experts = sorted({expert for pattern in alike for expert, _ in pattern})
    words = ordered({word for pattern in alike for _, word in pattern})
    answers = np.zeros((len(alike), len(experts), len(words)), np.int64)
    # In an order of their own, so that the crystals' order changes no digit.
    inorder = sorted(alike, key=sorted)
    for row, pattern in enumerate(inorder):
        for expert, word in pattern:
            answers[row, experts.index(expert), words.index(word)] = 1
    weights = np.array([alike[pattern] for pattern in inorder], np.float64)
    found = infer_patterns(answers, weights).posterior
    return {
        pattern: (_likely(words, belief), unsure)
        for pattern, belief, unsure in zip(
            inorder, found.tolist(), doubt(found).tolist(), strict=True
        )
    }


def by_doubt(crystal_ids: Iterable[str], suggestions: Mapping[str, Suggestion]) -> tuple[str, ...]:
    """Order crystals from the most doubtful; those of equal doubt stay in the order given.

    Crystals without a suggestion come first: nothing at all is known of them.
    """

    def certainty(crystal_id: str) -> float:
        known = suggestions.get(crystal_id)
        # Rounded, so that two machines' last digits do not order crystals differently.
        return -round(NOTHING_KNOWN if known is None else known.doubt, 9)

    return tuple(sorted(crystal_ids, key=certainty))


def _likely(classes: tuple[str, ...], belief: Iterable[float]) -> dict[str, float]:
    shares = {cls: float(share) for cls, share in zip(classes, belief, strict=True)}
    return dict(sorted(shares.items(), key=lambda each: -each[1]))
