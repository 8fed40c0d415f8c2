"""The paper's figures of a network, from the user's own project, with the numbers behind each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from microcrystalnet.errors import ModelError
from microcrystalnet.learning.predict import Classifier
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.report import csv_file
from microcrystalnet.report.figure_material import FigureMaterial, FigureSheet
from microcrystalnet.report.files import make_folder
from microcrystalnet.report.paper_classes import telling, write_class_map
from microcrystalnet.report.paper_maps import write_activations, write_saliency
from microcrystalnet.report.paper_tsne import write_tsne

SHEETS = 3
CHOSEN = "those with the most crystals that are both settled and predicted"
INDEX = "figures.csv"
WHICH = "Figure 6, 7 or 9"  # which of these is not known; Figure 8 is


@dataclass(frozen=True, slots=True)
class Planned:
    """One figure: its files' stem, what it shows, where the paper has its like, how it is made."""

    stem: str
    shows: str
    paper: str
    write: Callable[[Path], list[Path]]


def write_figures(
    classifier: Classifier,
    material: FigureMaterial,
    out: Path,
    report: Report = ignore_progress,
    *,
    sheets: int = SHEETS,
) -> list[Path]:
    """Write activation maps, saliency, class maps and t-SNE into a folder.

    Each comes as SVG, PDF and PNG with its CSV; ``figures.csv`` tells what each shows. A figure
    that this project or model cannot have is named there with the reason.

    Raises
    ------
    OutputError
        If a file cannot be written.
    UnreadableFileError
        If a micrograph cannot be read.
    """
    make_folder(out)
    planned = list(_planned(classifier, material, report, sheets))
    rows, written = [], []
    for done, each in enumerate(planned):
        report(Progress(done, len(planned), f"Drawing {each.stem}"))
        try:
            paths = each.write(out / each.stem)
        except ModelError as problem:
            rows.append((each.stem, each.shows, each.paper, f"left out: {problem}"))
            continue
        written += paths
        rows.append((each.stem, each.shows, each.paper, ", ".join(path.name for path in paths)))
    csv_file.write(out / INDEX, ("figure", "shows", "paper", "files"), rows)
    return [*written, out / INDEX]


def _planned(
    classifier: Classifier, material: FigureMaterial, report: Report, sheets: int
) -> Iterator[Planned]:
    yield Planned(
        "activation_maps",
        "what each convolution block sees in a crystal of each class",
        WHICH,
        lambda stem: write_activations(classifier, material, stem, report),
    )
    yield Planned(
        "saliency",
        "which pixels count, for the surest crystals of each class",
        WHICH,
        lambda stem: write_saliency(classifier, material, stem, report),
    )
    yield Planned(
        "tsne",
        "every settled crystal, near those that the network finds alike",
        WHICH,
        lambda stem: write_tsne(classifier, material, stem, report),
    )
    drawn = telling(material, sheets)
    for sheet in drawn:
        yield _class_map(sheet, partial(write_class_map, sheet, dict(material.colours)))
    left = f"{len(drawn)} of {len(material.sheets)} micrographs are drawn, {CHOSEN}."
    for sheet in material.sheets:
        if sheet not in drawn:
            yield _class_map(sheet, partial(_leave_out, left))


def _class_map(sheet: FigureSheet, write: Callable[[Path], list[Path]]) -> Planned:
    shows = f"{sheet.micrograph.file_name}: experts' and network's classes, errors in teal boxes"
    return Planned(f"class_map_{sheet.stem}", shows, "Figure 8", write)


def _leave_out(reason: str, _stem: Path) -> list[Path]:
    raise ModelError(reason)
