"""The section of the report with figures of the measured crystals that its tables do not show."""

from collections.abc import Iterator, Sequence

from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.report.facts import MicrographFacts
from microcrystalnet.report.figure_registry import MEASURED, OnePicture
from microcrystalnet.report.markup import Markup, chart, element, joined, picture
from microcrystalnet.report.measured_material import Material
from microcrystalnet.statistics.population import CrystalRow, population
from microcrystalnet.storage.project_store import ProjectStore

SHOWN = ("histograms", "scatter", "plate")  # curves and abundance stand beside the size tables
PLATE_DPI = 130
LENGTH = "equivalent_diameter"


def figures(store: ProjectStore, facts: Sequence[MicrographFacts]) -> Markup:
    """Draw size histograms, sizes against aspect ratios, and a plate of whole settled crystals."""
    rows = list(_rows(facts))
    if not rows:
        return element("p", "No whole crystal has a settled class yet: there is nothing to draw.")
    crystals = population(rows, LENGTH)
    material = Material(crystals, store.state.scheme, OnePicture(store))
    note = (
        "Of crystals that do not touch the edge. mcn figures writes them as SVG, PDF, PNG and CSV."
    )
    drawn = element("div", joined(_drawn(material)), "row")
    return joined([drawn, element("p", note, "small")])


def _rows(facts: Sequence[MicrographFacts]) -> Iterator[CrystalRow]:
    for each in facts:
        for crystal in each.analysed:
            if crystal.settled_class is not None and not crystal.measurement.touches_edge:
                yield CrystalRow(
                    crystal.crystal.crystal_id,
                    crystal.number,
                    each.micrograph,
                    crystal.crystal.mask,
                    crystal.measurement,
                    crystal.settled_class,
                    crystal.verdict.state.value,
                )


def _drawn(material: Material) -> Iterator[Markup]:
    for name in SHOWN:
        title = MEASURED[name].title
        try:
            drawing = MEASURED[name].draw(material)
        except MicroCrystalError as problem:
            yield element("p", f"{title}: {problem}", "small")
            continue
        if name == "plate":
            yield picture(drawing.rendered("png", PLATE_DPI), "image/png", title, title)
        else:
            yield chart(drawing.rendered("svg"), title, title)
