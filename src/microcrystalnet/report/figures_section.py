"""The section of the report with figures of the measured crystals that its tables do not show."""

from collections.abc import Iterator, Sequence

from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.report.figure_registry import MEASURED, OnePicture
from microcrystalnet.report.markup import Markup, chart, element, joined, picture
from microcrystalnet.report.measured_material import Material
from microcrystalnet.statistics.population import CrystalRow, population
from microcrystalnet.storage.project_store import ProjectStore

SHOWN = ("histograms", "scatter", "plate")  # curves and abundance stand beside the size tables
PLATE_DPI = 130
LENGTH = "equivalent_diameter"


def material_of(store: ProjectStore, rows: Sequence[CrystalRow]) -> Material:
    """Give what the tables and figures of a report are made of."""
    return Material(population(rows, LENGTH), store.state.scheme, OnePicture(store))


def figures(store: ProjectStore, settled: Sequence[CrystalRow]) -> Markup:
    """Draw size histograms, sizes against aspect ratios, and a plate of whole settled crystals."""
    rows = [each for each in settled if each.cls and not each.measurement.touches_edge]
    if not rows:
        return element("p", "No whole crystal has a settled class yet: there is nothing to draw.")
    note = (
        "Of crystals that do not touch the edge. mcn figures writes them as SVG, PDF, PNG and CSV."
    )
    shown = element("div", joined(drawn(material_of(store, rows), SHOWN)), "row")
    return joined([shown, element("p", note, "small")])


def drawn(material: Material, names: Sequence[str], of: str = "") -> Iterator[Markup]:
    """Draw figures of the registry; what cannot be drawn is told in a sentence."""
    for name in names:
        title = MEASURED[name].title
        described = f"{title}, {of}" if of else title
        try:
            drawing = MEASURED[name].draw(material)
        except MicroCrystalError as problem:
            yield element("p", f"{title}: {problem}", "small")
            continue
        if name == "plate":
            file = drawing.rendered("png", PLATE_DPI)
            yield picture(file, "image/png", drawing.caption, described)
        else:
            yield chart(drawing.rendered("svg"), drawing.caption, described)
