"""The sections of the report about crystals: overview, classes and pictures."""

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.colours import NO_CLASS_LINE
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.domain.verdict import State
from microcrystalnet.report import picture
from microcrystalnet.report.facts import CrystalFacts, MicrographFacts
from microcrystalnet.report.markup import Markup, cards, element, joined, key, table
from microcrystalnet.report.markup import picture as embedded

SETTLED = "Settled by the experts; dashed: not settled."
PREDICTED = "Predicted by the classifier; teal boxes: it contradicts the settled class."


def overview(facts: Sequence[MicrographFacts], experts: int) -> Markup:
    """Count micrographs, the crystals that statistics are of, and how far they are settled."""
    crystals = [crystal for each in facts for crystal in each.counted]
    states = Counter(crystal.verdict.state for crystal in crystals)
    several = sum(crystal.verdict.votes > 1 for crystal in crystals)
    numbers: list[tuple[object, str]] = [
        (len(facts), _plural("micrograph", len(facts))),
        (len(crystals), _plural("crystal", len(crystals))),
        (experts, _plural("expert", experts)),
        (sum(crystal.settled_class is not None for crystal in crystals), "settled"),
        (states[State.DISPUTED], "disputed"),
    ]
    agreed = (
        f"{states[State.AGREED]} of the {several} crystals that two or more experts labelled are "
        f"unanimous ({100 * states[State.AGREED] / several:.0f} %)."
        if several
        else "No crystal has been labelled by two experts yet."
    )
    told = f"{agreed}{_bare(facts)}{_not_counted(facts)}"
    return joined([cards(numbers), element("p", told)])


def _bare(facts: Sequence[MicrographFacts]) -> str:
    """Say on how many of the micrographs crystals count, where it is not on all."""
    carrying = sum(bool(each.counted) for each in facts)
    if carrying in {0, len(facts)}:
        return ""
    return f" They lie on {carrying} of the {len(facts)} micrographs."


def _not_counted(facts: Sequence[MicrographFacts]) -> str:
    """Say how many outlines are in no number of the report."""
    beyond = sum(len(each.crystals) - len(each.analysed) for each in facts)
    none = sum(len(each.analysed) - len(each.counted) for each in facts)
    said = [
        *([f"{beyond} whose centre lies outside the analysed region"] if beyond else []),
        *([f"{none} that people took for no crystal"] if none else []),
    ]
    return f" Outlines that are not counted: {' and '.join(said)}." if said else ""


def states(facts: Sequence[MicrographFacts], scheme: Scheme) -> Markup:
    """Count crystals by the class experts gave, or its want, and by their state."""
    crystals = [crystal for each in facts for crystal in each.counted]
    named = Counter((crystal.verdict.cls, crystal.verdict.state) for crystal in crystals)
    used = [state for state in State if any(each[1] is state for each in named)]
    rows = [
        (
            key(scheme[code].colour, f"{code} {scheme[code].name}") if code else "no single class",
            *(named[code, state] or "" for state in used),
            sum(named[code, state] for state in used),
        )
        for code in (*_shown(scheme, {cls for cls, _ in named}), None)
    ]
    totals = ("all", *(sum(each.verdict.state is it for each in crystals) for it in used))
    return table(
        ("Class", *(state.value for state in used), "all"), [*rows, (*totals, len(crystals))]
    )


def micrograph(
    facts: MicrographFacts, pixels: NDArray[np.generic] | None, scheme: Scheme, predicted: bool
) -> Markup:
    """Show one micrograph with the experts' classes and, beside them, the predicted ones."""
    known = facts.micrograph
    title = element("h3", known.file_name)
    if pixels is None:
        return joined([title, element("p", facts.trouble, "warn")])
    drawings = {SETTLED: [_by_experts(each, scheme) for each in facts.crystals]}
    if predicted:
        drawings[PREDICTED] = [_by_classifier(each, scheme) for each in facts.crystals]
    pictures = picture.annotate_each(pixels, known, list(drawings.values()))
    figures = [
        embedded(drawing, "image/jpeg", caption, f"{known.file_name}. {caption}")
        for caption, drawing in zip(drawings, pictures, strict=True)
    ]
    return joined([title, *figures])


def legend(facts: Sequence[MicrographFacts], scheme: Scheme) -> Markup:
    """Name the colours of the classes that are offered, and of retired ones that are shown."""
    crystals = [crystal for each in facts for crystal in each.crystals]
    codes = {code for each in crystals for code in (each.settled_class, each.predicted_class)}
    shown = (scheme[code] for code in _shown(scheme, codes))
    keys = (key(each.colour, f"{each.code} {each.name}") for each in shown)
    return element("p", joined(keys), "legend")


def _by_experts(each: CrystalFacts, scheme: Scheme) -> picture.Outline:
    code = each.settled_class
    return picture.Outline(each.crystal.mask, _colour(code, scheme), dashed=code is None)


def _by_classifier(each: CrystalFacts, scheme: Scheme) -> picture.Outline:
    code = each.predicted_class
    colour, named = _colour(code, scheme), code is not None
    return picture.Outline(
        each.crystal.mask, colour, dashed=not named, boxed=each.contradicted, filled=named
    )


def _shown(scheme: Scheme, codes: Collection[str | None]) -> tuple[str, ...]:
    """Give the classes that are offered, and those retired ones that are among ``codes``."""
    return (*scheme.codes, *(each.code for each in scheme.retired if each.code in codes))


def _colour(code: str | None, scheme: Scheme) -> str:
    cls = scheme.find(code)
    return cls.colour if cls else NO_CLASS_LINE


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
