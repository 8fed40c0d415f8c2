"""`mcn figures` and `mcn statistics`: what a paper shows of measured crystals."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from microcrystalnet.cli.account import Expert
from microcrystalnet.cli.console import remark, report_to_stderr, write_json
from microcrystalnet.cli.sitting import opened
from microcrystalnet.errors import MicroCrystalError, ModelError

if TYPE_CHECKING:
    from microcrystalnet.report.figure_registry import FigureSource

FILTERS = (
    "Which crystals count; repeat for each. class=RES,PES  size=0.5..4  edge=no  occluded=no  "
    "small=no  confidence=0.8  state=agreed  sample=K-12  texture=fitted  image=a.tif"
)


class Length(StrEnum):
    """The lengths that statistics can be about."""

    EQUIVALENT_DIAMETER = "equivalent_diameter"
    FERET_MAX = "feret_max"
    FERET_MIN = "feret_min"
    MAJOR_AXIS = "major_axis"
    MINOR_AXIS = "minor_axis"


class Whose(StrEnum):
    """Whose word a crystal's class is."""

    SETTLED = "settled"
    CLASSIFIER = "classifier"
    OWN = "own"


Project = Annotated[Path, typer.Argument(metavar="PROJECT", help="A project folder.")]
Keep = Annotated[list[str] | None, typer.Option("--keep", metavar="WHAT=VALUE", help=FILTERS)]
Classes = Annotated[
    Whose | None,
    typer.Option(
        help="Classes settled by the experts, of the newest model, or your own. Without it, what "
        "is settled, and your own where you label blind or nothing is settled."
    ),
]
Size = Annotated[Length, typer.Option(help="Which length sizes are.")]


def figures(
    project: Project,
    out: Annotated[Path, typer.Option(help="The folder to write into.")],
    only: Annotated[
        list[str] | None, typer.Option(help="A figure's name; repeat for several.")
    ] = None,
    *,
    model: Annotated[
        str | None, typer.Option(help="The id of a model; without it, the newest.")
    ] = None,
    micrographs: Annotated[
        int, typer.Option(min=0, help="How many micrographs are drawn as class maps of a network.")
    ] = 3,
    keep: Keep = None,
    classes: Classes = None,
    length: Size = Length.EQUIVALENT_DIAMETER,
    expert: Expert,
) -> None:
    """Write figures as SVG, PDF and PNG, each with the CSV behind it.

    Of measured crystals: histograms, cumulative, scatter, abundance, plate, micrographs, and rose,
    which is written only where --only asks for it. Of a classifier: network (activation maps,
    saliency, class maps and t-SNE), where there is one.
    What you must not see yet, because you label blind, is not in them.
    """
    from microcrystalnet.report.figure_registry import FIGURES, OPT_IN
    from microcrystalnet.report.files import require_results_folder
    from microcrystalnet.report.whole import staged
    from microcrystalnet.statistics.collect import note_shown

    require_results_folder(out)
    wanted = only or [name for name in FIGURES if name not in OPT_IN]
    if unknown := [name for name in wanted if name not in FIGURES]:
        raise MicroCrystalError(
            f"There is no figure “{unknown[0]}”; choose from {', '.join(FIGURES)}."
        )
    with _source(project, expert, keep, classes, length) as source, staged(out) as stage:
        source.model_id, source.sheets = model or source.model_id, micrographs
        if set(wanted) != {"network"}:  # which notes by itself whom it shows
            note_shown(source.store, source.classes, source.rows)
        written = _written(wanted, source, stage, required=only is not None)
    files = [str(out / path.relative_to(stage)) for path in written]
    write_json({"model": source.model_id, "files": files})


def _written(
    names: Sequence[str], source: "FigureSource", folder: Path, *, required: bool
) -> list[Path]:
    """Draw figures into a folder; what cannot be drawn is told, or refused where ``required``."""
    from microcrystalnet.report.figure_registry import FIGURES
    from microcrystalnet.report.measured_material import FigureError

    if set(names) != {"network"}:  # which shows crystals whatever the filter lets through
        _require_crystals(source)
    written: list[Path] = []
    for name in names:
        try:
            written += FIGURES[name](source, folder)
        except (FigureError, ModelError) as refusal:
            if required:
                raise
            remark(f"{name}: {refusal}")
    if not written:
        raise FigureError("No figure could be drawn; the lines above say why of each.")
    return written


def statistics(
    project: Project,
    out: Annotated[
        Path | None,
        typer.Option(help="A CSV file; the crystals go into NAME-crystals.csv."),
    ] = None,
    *,
    keep: Keep = None,
    classes: Classes = None,
    length: Size = Length.EQUIVALENT_DIAMETER,
    expert: Expert,
) -> None:
    """Summarise sizes and abundance of each class, with intervals over micrographs, as JSON.

    What you must not see yet, because you label blind, is not in them.
    """
    from microcrystalnet.report import csv_file
    from microcrystalnet.report.whole import staged
    from microcrystalnet.statistics import tables
    from microcrystalnet.statistics.collect import note_shown, whose
    from microcrystalnet.statistics.population import classes_of, population
    from microcrystalnet.statistics.summary import summarise

    with _source(project, expert, keep, classes, length) as source:
        _require_crystals(source)
        found = population(source.rows, length.value)
        codes = source.store.state.scheme.codes
        summary = summarise(found, classes_of(found.rows, codes))
        rows, said = source.rows, whose(source.store, source.classes, source.model_id)
        if out is not None:
            note_shown(source.store, source.classes, source.rows)
    if out is not None:
        with staged(out.parent) as stage:
            columns, lines = tables.summary_columns(summary), tables.summary_rows(summary, said)
            csv_file.write(stage / out.name, columns, lines)
            beside = stage / f"{out.stem}-crystals.csv"
            csv_file.write(beside, tables.CRYSTAL_COLUMNS, tables.crystal_rows(rows, said))
    write_json(
        {
            "classes_from": said,
            **tables.summary_to_json(summary),
            "without_scale": list(found.left_out),
        }
        | {"no_crystals": found.no_crystals, "filter": source.wanted.words}
    )


def _require_crystals(source: "FigureSource") -> None:
    """Refuse to count nothing.

    Raises
    ------
    FilterError
        If the filter lets no crystal through, or there is none.
    """
    from microcrystalnet.statistics.filters import FilterError
    from microcrystalnet.statistics.population import population

    if population(source.rows).crystals:
        return
    if source.wanted.words:
        raise FilterError(
            f"No crystal is let through by the filter ({source.wanted.words}); check how its "
            "values are spelt, or widen it."
        )
    raise FilterError(
        "The project has no crystal that counts: outline crystals inside the analysed region first."
    )


@contextmanager
def _source(
    project: Path, expert: str, keep: list[str] | None, classes: Whose | None, length: Length
) -> "Iterator[FigureSource]":
    """Open a project, with a bar of progress on stderr."""
    from microcrystalnet.report.facts import newest_model
    from microcrystalnet.report.figure_registry import FigureSource
    from microcrystalnet.statistics.collect import ClassFrom, usual, whose
    from microcrystalnet.statistics.filter_words import filter_of
    from microcrystalnet.storage.project_store import ProjectStore

    with opened(ProjectStore.open(project, expert)) as store:
        wanted = filter_of(keep or [], store.state.micrographs)
        source = ClassFrom(classes.value) if classes else usual(store)
        if classes is None and source is ClassFrom.OWN:
            remark(f"No class is settled, or you label blind: classes are {whose(store, source)}.")
        with report_to_stderr() as report:
            yield FigureSource(store, wanted, source, newest_model(store), length.value, report)
