"""What the experts' answers suggest of a crystal.

Built on everyone's answers, so it is for those only who may see them. It is a suggestion and
never a verdict.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from microcrystalnet.domain.label import Label
from microcrystalnet.labelling.answers import ordered, said
from microcrystalnet.labelling.dawid_skene import infer_patterns

Pattern = frozenset[tuple[str, str]]  # who said what


def pattern_of(labels: Mapping[str, Label]) -> Pattern:
    """Give who said what of one crystal; it suggests the same for all that are alike."""
    return frozenset((expert, said(label.answer)) for expert, label in labels.items())


def weigh(alike: Counter[Pattern]) -> dict[Pattern, Mapping[str, float]]:
    """Weigh answers by how reliable each expert is; ``alike`` says how many crystals got which.

    Gives the share of belief, 0..1, of every answer that some expert gave somewhere, the likeliest
    first, by pattern of answers.
    """
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
    believed = zip(inorder, found.tolist(), strict=True)
    return {pattern: _likely(words, belief) for pattern, belief in believed}


def _likely(classes: tuple[str, ...], belief: Iterable[float]) -> dict[str, float]:
    shares = {cls: float(share) for cls, share in zip(classes, belief, strict=True)}
    return dict(sorted(shares.items(), key=lambda each: -each[1]))
