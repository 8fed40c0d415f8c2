"""Agreement computed slowly, straight from the textbooks' formulas, and random tables to try."""

import math
import warnings
from collections import Counter
from itertools import combinations, permutations

import numpy as np

from microcrystalnet.labelling.answers import GivenAnswer


def random_table(seed, missing=None):
    """Give answers of 2-5 experts on 15-40 crystals in 2-5 classes, some of them missing."""
    generator = np.random.default_rng(seed)
    experts, crystals = generator.integers(2, 6), generator.integers(15, 41)
    classes = [f"class {number}" for number in range(generator.integers(2, 6))]
    missing = generator.uniform(0, 0.4) if missing is None else missing
    skill = generator.uniform(0.2, 0.9)
    answers = []
    for crystal in range(crystals):
        truth = generator.choice(classes)
        for expert in range(experts):
            label = truth if generator.random() < skill else generator.choice(classes)
            given = "" if generator.random() < missing else str(label)
            answers.append(GivenAnswer(f"i{crystal % 4}", f"c{crystal}", f"E{expert}", given))
    return answers


def units(answers):
    """Give the labels of each crystal that has any, as {crystal: {expert: label}}."""
    found = {}
    for answer in answers:
        if answer.label:
            found.setdefault((answer.image, answer.crystal), {})[answer.expert] = answer.label
    return found


def alpha(answers, only=None):
    """Krippendorff (2011): one minus observed over expected disagreement, by coincidences."""
    table = {}
    for labels in units(answers).values():
        values = [label if only is None else label == only for label in labels.values()]
        for first, second in permutations(values, 2):
            table[first, second] = table.get((first, second), 0) + 1 / (len(values) - 1)
    margins = {}
    for (first, _), count in table.items():
        margins[first] = margins.get(first, 0) + count
    total = sum(margins.values())
    observed = sum(count for (a, b), count in table.items() if a != b) / total
    pairs = sum(margins[a] * margins[b] for a, b in permutations(margins, 2))
    return 1 - observed / (pairs / (total * (total - 1))) if pairs else None


def percent_agreement(answers):
    """Average over crystals the share of agreeing pairs of experts."""
    shares = []
    for labels in units(answers).values():
        pairs = list(combinations(labels.values(), 2))
        if pairs:
            shares.append(sum(a == b for a, b in pairs) / len(pairs))
    return math.fsum(shares) / len(shares)


def ac1(answers):
    """Gwet (2008): agreement beyond the chance that random ratings agree."""
    found = units(answers)
    classes = {label for labels in found.values() for label in labels.values()}
    chance = 0.0
    for each in classes:
        shares = [list(labels.values()).count(each) / len(labels) for labels in found.values()]
        share = math.fsum(shares) / len(found)
        chance += share * (1 - share) / (len(classes) - 1)
    return (percent_agreement(answers) - chance) / (1 - chance)


def cohen(answers):
    """Cohen's kappa of every pair of experts by scikit-learn; None where it is undefined."""
    found, kappas = units(answers), {}
    for first, second in combinations(sorted({answer.expert for answer in answers}), 2):
        both = [(u[first], u[second]) for u in found.values() if first in u and second in u]
        kappas[f"{first}|{second}"] = kappa_of(both)
    return kappas


def fleiss(answers):
    """Fleiss' kappa by statsmodels."""
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

    rows = [list(labels.values()) for labels in units(answers).values()]
    return float(fleiss_kappa(aggregate_raters(np.array(rows))[0]))


def specific(answers, label):
    """Of all ordered pairs of answers whose first is the label, the share whose second is too."""
    pairs = [pair for u in units(answers).values() for pair in permutations(u.values(), 2)]
    seconds = [second for first, second in pairs if first == label]
    return sum(second == label for second in seconds) / len(seconds) if seconds else None


def against_others(answers, expert):
    """Give what an expert says beside what most of the others say, where these do not tie."""
    pairs = []
    for labels in units(answers).values():
        others = Counter(label for name, label in labels.items() if name != expert)
        leading = [label for label, count in others.items() if count == max(others.values())]
        if expert in labels and len(leading) == 1:
            pairs.append((leading[0], labels[expert]))
    return pairs


def share_alike(pairs):
    """Give the share of pairs whose two labels are the same; None of no pairs."""
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else None


def kappa_of(pairs):
    """Give Cohen's kappa of pairs of labels by scikit-learn; None where it is undefined."""
    from sklearn.metrics import cohen_kappa_score

    if not pairs:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kappa = float(cohen_kappa_score(*zip(*pairs, strict=True)))
    return None if math.isnan(kappa) else kappa
