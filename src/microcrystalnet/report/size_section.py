"""The section of the report about sizes and abundance: the numbers of `mcn statistics`."""

from collections.abc import Iterator, Sequence

from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.report.class_figures import by_sample, share
from microcrystalnet.report.figures_section import drawn
from microcrystalnet.report.markup import Markup, element, joined, key, table
from microcrystalnet.report.measured_material import Material
from microcrystalnet.statistics.population import UNITS, Measured, Population, population
from microcrystalnet.statistics.summary import ALL, Figure, Summary, summarise
from microcrystalnet.statistics.tables import WORDS, three_digits

SHOWN = ("abundance", "cumulative")
LEFT_OUT = {"d50"}  # it is the median, which has a line
_SHARES = {"number_percent", "area_percent"}
_MORE = {"median": ", D50"}


def class_sizes(whose: str, material: Material) -> Markup:
    """Show abundance and size of each class as tables and two figures; nothing without a class.

    ``whose`` names the classes, such as *the predicted classes*.
    """
    if not material.classes:
        return Markup("")
    title = f"Sizes by {whose}"
    summary = summarise(material.crystals, material.classes)
    longest = summarise(population(material.crystals.rows, "feret_max"), material.classes)
    return joined(
        [
            element("h3", title),
            table(_columns(summary, material.scheme), _lines(summary, longest)),
            element("p", _note(summary, material.crystals), "small"),
            element("div", joined(drawn(material, SHOWN, title)), "row"),
            _samples(whose, material),
        ]
    )


def _samples(whose: str, material: Material) -> Markup:
    """Show the abundance of each class by sample; nothing where no sample is named."""
    groups = by_sample(material)
    if not any(each.row.sample for group in groups.values() for each in group):
        return Markup("")
    columns = ["Sample", "Depth (m)", "Micrographs", "Crystals"]
    headings = [_heading(cls, material.scheme) for cls in material.classes]
    rows = [_sample(name, group, material.classes) for name, group in groups.items()]
    note = (
        "Crystals that have a class; below their number, number % and area % of the sample's. "
        "mcn statistics --keep sample=NAME gives sizes of one sample."
    )
    shown = table([*columns, *headings], rows)
    title = element("h3", f"Abundance by sample, by {whose}")
    return joined([title, shown, element("p", note, "small")])


def _sample(name: str, group: tuple[Measured, ...], classes: Sequence[str]) -> tuple[object, ...]:
    known = {each.row.micrograph.image_id: each.row.micrograph for each in group}
    samples = [each.sample for each in known.values() if each.sample]
    depths = sorted({each.depth_m for each in samples if each.depth_m is not None})
    said = ", ".join(f"{each:g}" for each in depths)
    return name, said or None, len(known), len(group), *(_part(group, cls) for cls in classes)


def _part(group: tuple[Measured, ...], cls: str) -> Markup:
    number, area = (three_digits(share(group, cls, by_area=each)) for each in (False, True))
    count = sum(each.row.cls == cls for each in group)
    return joined([count, element("div", f"{number} %, {area} %", "bounds")])


def _columns(summary: Summary, scheme: Scheme) -> list[object]:
    return ["", *(_heading(each.cls, scheme) for each in summary.classes)]


def _heading(cls: str, scheme: Scheme) -> object:
    known = scheme.find(cls)
    return key(known.colour, cls) if known and cls != ALL else cls


def _lines(summary: Summary, longest: Summary) -> Iterator[Sequence[object]]:
    """Give the rows of the table: what is counted, then each number above its interval."""
    yield "crystals (n)", *(each.crystals for each in summary.classes)
    yield "whole crystals", *(each.whole for each in summary.classes)
    yield "micrographs", *(each.micrographs for each in summary.classes)
    unit = UNITS[summary.unit]
    for name, word in WORDS.items():
        if name not in LEFT_OUT:
            said = word if name in _SHARES else f"{word}{_MORE.get(name, '')} ({unit})"
            yield said, *(_cell(each.figures[name], summary) for each in summary.classes)
    yield (
        f"longest line, median ({unit})",
        *(_cell(each.figures["median"], summary) for each in longest.classes),
    )


def _cell(figure: Figure, summary: Summary) -> object:
    if figure.value is None:
        return None
    number, bounds = three_digits(figure.value), figure.interval
    if summary.reason:
        return number
    told = "–"
    if bounds.low is not None and bounds.high is not None:
        told = f"{three_digits(bounds.low)} to {three_digits(bounds.high)}"
    return joined([number, element("div", told, "bounds")])


def _note(summary: Summary, crystals: Population) -> str:
    words = [
        "Diameters are those of circles of the same area and are apparent: of what the rough chip "
        "shows. Sizes are those of whole crystals, which no edge of the analysed region cuts; the "
        "longest line is the Feret maximum. Number % and area % are shares of the crystals that "
        "have a class; “all” counts the others too.",
        summary.reason
        or "Below each number its interval of 95 %: whole micrographs drawn again 2,000 times.",
        *(f"–: no interval. {cls}: {' '.join(why)}" for cls, why in summary.missing.items()),
    ]
    return " ".join([*words, *crystals.notes])
