"""Orders many disputed crystals by urgency, a few at a time."""

from __future__ import annotations

from collections import Counter
from heapq import merge
from itertools import chain
from typing import TYPE_CHECKING

from microcrystalnet.labelling.suggestion import Pattern, pattern_of, weigh
from microcrystalnet.labelling.urgency import Urgency, classes_named, shares_of
from microcrystalnet.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from microcrystalnet.domain.decision import Case
    from microcrystalnet.domain.label import Label

ORDERING = "Ordering the queue …"
AT_ONCE = 20  # crystals between two pauses
SORTED_AT_ONCE = 2000  # so many take a few milliseconds

Ranked = tuple[bool, float, int]  # urgency, and the place from the end among equals


def ordering(
    crystal_ids: Sequence[str],
    votes: Mapping[str, Mapping[str, Label]],
    cases: Mapping[str, Case],
    doubts: Mapping[str, float],
) -> Generator[Progress, None, tuple[str, ...]]:
    """Return crystals from the most urgent on, see `Urgency`; equals keep their order."""
    scale = yield from _scale(votes, cases, doubts)
    ranked: list[tuple[Ranked, str]] = []
    for at in range(0, len(crystal_ids), AT_ONCE):
        some = enumerate(crystal_ids[at : at + AT_ONCE], at)
        ranked += [((*scale.of(each), -number), each) for number, each in some]
        yield Progress(at, len(crystal_ids), ORDERING)
    order: list[str] = []
    for crystal_id in merge(*(yield from _sorted(ranked)), reverse=True):
        order.append(crystal_id[1])
        if len(order) % AT_ONCE == 0:
            yield Progress(len(order), len(crystal_ids), ORDERING)
    return tuple(order)


def grouped(
    order: Sequence[str], images: Mapping[str, tuple[str, int]]
) -> Generator[Progress, None, tuple[str, ...]]:
    """Return one micrograph after the other, that of the first crystal first, pausing between."""
    groups: dict[str, list[str]] = {}
    for at, each in enumerate(order):
        groups.setdefault(images[each][0], []).append(each)
        if at % SORTED_AT_ONCE == 0:
            yield Progress(at, len(order), ORDERING)
    return tuple(chain.from_iterable(groups.values()))


def _sorted(
    ranked: list[tuple[Ranked, str]],
) -> Generator[Progress, None, list[list[tuple[Ranked, str]]]]:
    parts = []
    for at in range(0, len(ranked), SORTED_AT_ONCE):
        parts.append(sorted(ranked[at : at + SORTED_AT_ONCE], reverse=True))
        yield Progress(at, len(ranked), ORDERING)
    return parts


def _scale(
    votes: Mapping[str, Mapping[str, Label]],
    cases: Mapping[str, Case],
    doubts: Mapping[str, float],
) -> Generator[Progress, None, Urgency]:
    """Learn from all labels how rare each class is and how reliable each expert."""
    named: Counter[str] = Counter()
    patterns: dict[str, Pattern] = {}
    alike: Counter[Pattern] = Counter()
    for at, (crystal_id, labels) in enumerate(tuple(votes.items())):
        if labels:
            named.update(classes_named(labels))
            patterns[crystal_id] = pattern = pattern_of(labels)
            alike[pattern] += 1
        if at % AT_ONCE == 0:
            yield Progress(at, len(votes), ORDERING)
    weighed = weigh(alike)
    likely: dict[str, Mapping[str, float]] = {}
    for at, (crystal_id, pattern) in enumerate(patterns.items()):
        likely[crystal_id] = weighed[pattern]
        if at % SORTED_AT_ONCE == 0:
            yield Progress(at, len(patterns), ORDERING)
    return Urgency(votes, shares_of(named), cases, doubts, likely)
