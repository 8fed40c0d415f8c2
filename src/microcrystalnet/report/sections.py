"""The sections of the report about crystals: overview, micrographs, classes and sizes."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import Micrograph, ScaleSource
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.domain.verdict import State
from microcrystalnet.micrographs.known import scale_words
from microcrystalnet.report import charts, picture
from microcrystalnet.report.facts import CrystalFacts, MicrographFacts
from microcrystalnet.report.markup import Markup, cards, chart, element, joined, key, table
from microcrystalnet.report.markup import picture as embedded
from microcrystalnet.report.statistics import ClassSizes, Sizes

NO_CLASS = "#ffffff"
SETTLED = "Settled by the experts; dashed: not settled."
PREDICTED = "Predicted by the classifier; teal boxes: it contradicts the settled class."
_UNITS = charts.UNITS


def overview(facts: Sequence[MicrographFacts], experts: int) -> Markup:
    """Count micrographs, crystals and how far they are settled."""
    crystals = [crystal for each in facts for crystal in each.crystals]
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
    return joined([cards(numbers), element("p", agreed)])


def scales(facts: Sequence[MicrographFacts]) -> Markup:
    """List the micrographs with their scale, and where it came from."""
    rows = [
        (
            each.micrograph.file_name,
            f"{each.micrograph.width} × {each.micrograph.height}",
            _scale(each.micrograph),
            each.micrograph.scale_source if each.micrograph.calibrated else None,
            _plain(each.micrograph.hv_kv),
            _plain(each.micrograph.wd_mm),
            len(each.crystals),
            sum(crystal.settled_class is not None for crystal in each.crystals),
        )
        for each in facts
    ]
    columns = ("Micrograph", "Pixels", "Pixel size", "Scale from", "kV", "WD (mm)")
    notes = [
        element("p", f"{each.micrograph.file_name}: {note}", "warn")
        for each in facts
        for note in (each.micrograph.scale_note, each.trouble)
        if note and not (note == each.micrograph.scale_note and _typed(each.micrograph))
    ]
    return joined([table((*columns, "Crystals", "Settled"), rows), *notes])


def states(facts: Sequence[MicrographFacts], scheme: Scheme) -> Markup:
    """Count crystals by the class experts gave, or its want, and by their state."""
    crystals = [crystal for each in facts for crystal in each.crystals]
    named = Counter((crystal.verdict.cls, crystal.verdict.state) for crystal in crystals)
    used = [state for state in State if any(each[1] is state for each in named)]
    rows = [
        (
            key(scheme[code].colour, f"{code} {scheme[code].name}") if code else "no single class",
            *(named[code, state] or "" for state in used),
            sum(named[code, state] for state in used),
        )
        for code in (*scheme.codes, None)
    ]
    totals = ("all", *(sum(each.verdict.state is it for each in crystals) for it in used))
    return table(
        ("Class", *(state.value for state in used), "all"), [*rows, (*totals, len(crystals))]
    )


def class_sizes(title: str, sizes: Sizes, scheme: Scheme) -> Markup:
    """Show abundance and size of each class as a table and two charts."""
    if not sizes.crystals:
        return Markup("")
    unit = _UNITS[sizes.unit]
    columns = ("Class", "n", "micrographs", "number %", "area %", "n whole")
    sized = (f"{name} ({unit})" for name in ("D10", "D50", "D90", "geom. mean", "longest line"))
    rows = [_size_row(each, sizes, scheme) for each in sizes.classes]
    left_out = (
        f" Left out, as their scale is unknown: {', '.join(sizes.left_out)}."
        if sizes.left_out
        else ""
    )
    note = (
        "Diameters are those of circles of the same area and are apparent: of what the rough chip "
        "shows. Sizes leave out crystals that touch the edge of the analysed region; the "
        f"longest line is the median Feret maximum.{left_out}"
    )
    drawn = [
        chart(charts.abundance(sizes, scheme), "", f"Class abundance, {title}"),
        chart(charts.size_curves(sizes, scheme), "", f"Cumulative size curves, {title}"),
    ]
    return joined(
        [
            element("h3", title),
            table((*columns, *sized), rows),
            element("p", note, "small"),
            element("div", joined(drawn), "row"),
        ]
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


def legend(scheme: Scheme) -> Markup:
    """Name the colours of the classes."""
    keys = (key(each.colour, f"{each.code} {each.name}") for each in scheme.classes)
    return element("p", joined(keys), "legend")


def _by_experts(each: CrystalFacts, scheme: Scheme) -> picture.Outline:
    code = each.settled_class
    colour = scheme[code].colour if code in scheme.codes else NO_CLASS
    return picture.Outline(each.crystal.mask, colour, dashed=code is None)


def _by_classifier(each: CrystalFacts, scheme: Scheme) -> picture.Outline:
    code = each.predicted_class
    colour = scheme[code].colour if code in scheme.codes else NO_CLASS
    named = code is not None
    return picture.Outline(
        each.crystal.mask, colour, dashed=not named, boxed=each.contradicted, filled=named
    )


def _size_row(each: ClassSizes, sizes: Sizes, scheme: Scheme) -> Sequence[object]:
    longest = float(np.median(each.longest)) if each.longest.size else None
    shown = (*(each.percentile(share) for share in (10, 50, 90)), each.geometric_mean, longest)
    return (
        key(scheme[each.code].colour, each.code),
        each.crystals,
        each.micrographs,
        f"{100 * each.crystals / sizes.crystals:.1f}",
        f"{100 * each.area / sizes.area:.1f}",
        each.diameters.size,
        *(_number(value) for value in shown),
    )


def _scale(known: Micrograph) -> object:
    if known.pixel_size is None:
        return element("span", "unknown", "warn")
    return scale_words(known).replace("/px", "")


def _typed(known: Micrograph) -> bool:
    """Say whether a person has since given the scale that the file could not."""
    return known.scale_source is ScaleSource.USER


def _number(value: float | None) -> str | None:
    """Write three significant digits."""
    return None if value is None else f"{value:#.3g}".removesuffix(".")


def _plain(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
