"""`mcn benchmark`: several networks on the same crystals, and a table of where each stands."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli.console import remark, report_to_stderr, write_json
from microcrystalnet.cli.project_crystals import open_project
from microcrystalnet.cli.scene_folder import files_of_scenes, is_scene_folder, material_of_scenes
from microcrystalnet.cli.train import Others, material_of, with_choices
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import TrainingError
from microcrystalnet.learning.benchmark import read_outcomes, run_benchmark
from microcrystalnet.learning.config import NETWORKS, TrainConfig
from microcrystalnet.learning.course import Crystals, lay_out
from microcrystalnet.learning.dataset import CropRecipe
from microcrystalnet.learning.entrants import enter
from microcrystalnet.learning.material import LabelledCrops
from microcrystalnet.learning.standings import Figure, Standing, standings
from microcrystalnet.progress import Report
from microcrystalnet.report import csv_file
from microcrystalnet.report.files import write_atomically

CUT_OTHERWISE = (
    "One source is a table of crops, with their own contrast and surroundings, the other has "
    "crystals cut out of whole micrographs, black around them; part of the errors may come of that."
)
SOURCE = "PROJECT|CROPS.csv|SCENES"
HEADINGS = (
    *("network", "parameters", "trainings", "epochs", "core-minutes of training"),
    *("accuracy", "macro F1", "behind the best"),
)


def benchmark(  # noqa: PLR0917  every one is an option of the command
    source: Annotated[
        Path,
        typer.Argument(metavar=SOURCE, help="Crystals to learn from; SCENES is of `mcn synth`."),
    ],
    out: Annotated[Path, typer.Option(help="Folder of results; what it holds is not redone.")],
    test: Annotated[
        Path | None,
        typer.Option(metavar=SOURCE, help="Crystals to judge on; otherwise some are held out."),
    ] = None,
    networks: Annotated[
        str, typer.Option(help=f"Any of {','.join(NETWORKS)},ablation.")
    ] = ",".join(NETWORKS),
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds, from 0 on.")] = 1,
    epochs: Annotated[int, typer.Option(min=1, help="At most; all stop early alike.")] = 30,
    imagenet: Annotated[
        list[str] | None,
        typer.Option(metavar="NETWORK=FILE", help="Also begin with ImageNet weights (_notop.h5)."),
    ] = None,
    others: Others = None,
) -> None:
    """Train networks on the same crystals, by the same budget, and rank them.

    Writes a result for every network and seed, benchmark.csv and benchmark.md. Crystals to judge on
    that are learnt from as well are refused.
    """
    budget = with_choices(TrainConfig(epochs=epochs, targets="paper"), others or ())
    budget.check()
    entrants = enter(networks.split(","), budget, _files(imagenet or ()))
    with report_to_stderr() as report:
        crystals, scheme = _crystals(source, budget, report)
        judged = _judged_on(test, budget, scheme, report) if test else None
        course = lay_out(crystals, scheme.codes, budget, judged)
        if test is not None and test.is_dir() != source.is_dir():
            course = replace(course, notes=(*course.notes, CUT_OTHERWISE))
        run_benchmark(course, entrants, range(seeds), out, report)
    table = standings(read_outcomes(out))
    _write_csv(out / "benchmark.csv", table)
    write_atomically(out / "benchmark.md", as_markdown(table, course.notes).encode())
    for note in course.notes:
        remark(note)
    write_json([asdict(each) | {"notes": course.notes} for each in table])


def as_markdown(table: Sequence[Standing], notes: Sequence[str] = ()) -> str:
    """Give the standings as a table of percentages, and below it what must be known about it."""
    lines = ["| " + " | ".join(HEADINGS) + " |", "|" + " --- |" * len(HEADINGS)]
    for each in table:
        cells = (
            *(each.entrant, f"{each.parameters:,}", str(each.seeds), f"{each.epochs:.0f}"),
            f"{each.cpu_seconds / 60:.1f}",
            *(percent(each.accuracy), percent(each.macro_f1)),
            percent(each.behind) if each.behind else "",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, *(f"\n{note}" for note in notes)]) + "\n"


def percent(figure: Figure) -> str:
    """Write a share and its range in percent."""
    value, low, high = (100 * each for each in (figure.value, figure.low, figure.high))
    return f"{value:.1f} ({low:.1f} to {high:.1f})"


def _files(given: Sequence[str]) -> dict[str, Path]:
    pairs = [each.partition("=") for each in given]
    for network, equals, file in pairs:
        if not (network and equals and file):
            raise TrainingError(
                f"“{network}{equals}{file}” names no ImageNet file; write it as resnet50=FILE.h5."
            )
    return {network: Path(file) for network, _, file in pairs}


def _crystals(source: Path, config: TrainConfig, report: Report) -> tuple[Crystals, Scheme]:
    if is_scene_folder(source):
        recipe = CropRecipe(size=config.crop_size)
        material, scheme = material_of_scenes(source, recipe, report)
    else:
        material, scheme, _ = material_of(source, replace(config, targets="paper"), report)
    material.check()
    return Crystals.of(material, scheme, _files_of(source, material)), scheme


def _files_of(source: Path, material: LabelledCrops) -> dict[str, str]:
    """Give the micrographs' file names by a digest of their content; a table has only crops."""
    if is_scene_folder(source):
        return files_of_scenes(source)
    if not source.is_dir():
        return {}
    with open_project(source) as store:
        known = store.state.micrographs
        return {each: known[each].file_name for each in set(material.images)}


def _judged_on(source: Path, config: TrainConfig, scheme: Scheme, report: Report) -> Crystals:
    crystals, own = _crystals(source, config, report)
    if own.codes != scheme.codes:
        raise TrainingError(
            f"{source} has the classes {', '.join(own.codes)}, but the networks learn "
            f"{', '.join(scheme.codes)}; give crystals of the same classes."
        )
    return crystals


def _write_csv(path: Path, table: Sequence[Standing]) -> None:
    rows = [_flat(each) for each in table]
    csv_file.write(path, tuple(rows[0]), (row.values() for row in rows))


def _flat(standing: Standing) -> dict[str, object]:
    """Spread each figure over three columns."""
    flat: dict[str, object] = {}
    for name in Standing.__slots__:
        value = getattr(standing, name)
        if name in ("accuracy", "macro_f1", "behind"):
            flat[name] = value.value if value else None
            flat |= {f"{name}_{end}": getattr(value, end, None) for end in ("low", "high")}
        else:
            flat[name] = value
    return flat
