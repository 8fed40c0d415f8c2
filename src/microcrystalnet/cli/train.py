"""`mcn train` and `mcn search`: a classifier from settled labels, and good choices for it."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from microcrystalnet.cli import crop_table
from microcrystalnet.cli.console import report_to_stderr, write_json
from microcrystalnet.cli.project_crystals import open_project
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import TrainingError
from microcrystalnet.examples import taught_examples
from microcrystalnet.learning import search as searching
from microcrystalnet.learning.config import BALANCES, NETWORKS, SPLITS, TARGETS, TrainConfig
from microcrystalnet.learning.dataset import CropRecipe, read_crops
from microcrystalnet.learning.labels import check_labels
from microcrystalnet.learning.material import LabelledCrops, check_taught, cut_material
from microcrystalnet.learning.records import FoldRecord
from microcrystalnet.learning.search_folder import read_config
from microcrystalnet.learning.train import TrainingSummary, train_crops
from microcrystalnet.progress import Report

Source = Annotated[
    Path, typer.Argument(metavar="PROJECT|CROPS.csv", help="A project, or path,image,label rows.")
]
CHOICES = tuple(each.name for each in fields(TrainConfig))
Others = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help=f"Any choice of: {', '.join(CHOICES)}."),
]


def train(  # noqa: PLR0917  every one is an option of the command
    source: Source,
    out: Annotated[Path, typer.Option(help="The model folder to write; it must not exist.")],
    network: Annotated[str, typer.Option(help=" or ".join(NETWORKS))] = "paper",
    split: Annotated[str, typer.Option(help=" or ".join(SPLITS))] = "micrograph",
    folds: Annotated[
        int, typer.Option(min=0, help="Cross-validate in so many folds; the model learns from all.")
    ] = 0,
    targets: Annotated[
        str, typer.Option(help=f"{' or '.join(TARGETS)}: teach the experts' doubt, or not.")
    ] = "soft",
    balance: Annotated[str, typer.Option(help=" or ".join(BALANCES))] = "weights",
    epochs: Annotated[int, typer.Option(min=1)] = 30,
    batch: Annotated[int, typer.Option(min=2)] = 32,
    learning_rate: float = 1e-3,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    choices: Annotated[
        Path | None, typer.Option(help="Start from a search's best.json in place of the options.")
    ] = None,
    others: Others = None,
) -> None:
    """Train a classifier on settled labels; figures on crystals it has not seen as JSON."""
    config = TrainConfig(
        network=network,
        split=split,
        folds=folds,
        targets=targets,
        balance=balance,
        epochs=epochs,
        batch=batch,
        learning_rate=learning_rate,
        seed=seed,
    )
    config = with_choices(read_config(choices) if choices else config, others or ())
    config.check()
    with report_to_stderr() as report:
        material, scheme, recipe = material_of(source, config, report)
        write_json(_spoken(train_crops(material, scheme, recipe, config, out, report)))


def search(
    source: Source,
    out: Annotated[Path, typer.Option(help="The search's folder; one begun before goes on.")],
    trials: Annotated[int, typer.Option(min=1, help="How many trainings there shall be.")] = 30,
    others: Others = None,
) -> None:
    """Search batch and crop size, dropout, optimiser and learning rate: a table of trials.

    Writes trials.csv, trials.json and best.json, which `mcn train --choices` takes.
    """
    config = with_choices(TrainConfig(), others or ())
    config.check()
    with report_to_stderr() as report:
        first, scheme, _ = material_of(source, config, report)

        def cut(size: int) -> LabelledCrops:
            sized = replace(config, crop_size=size)
            return first if size == config.crop_size else material_of(source, sized, report)[0]

        first.check()
        found = searching.search(searching.Question(cut, scheme, config), out, trials, report)
    write_json(
        {
            "search": str(out),
            "trials": len(found.trials),
            "best": None if found.best is None else asdict(found.best),
        }
    )


def with_choices(config: TrainConfig, choices: Sequence[str]) -> TrainConfig:
    """Change a configuration by words such as ``patience=5`` or ``refits=1,4``.

    Raises
    ------
    TrainingError
        If there is no such choice, or its value is of another kind.
    """
    for choice in choices:
        name, _, value = choice.partition("=")
        if name not in CHOICES:
            raise TrainingError(f"There is no choice “{name}”; choose from {', '.join(CHOICES)}.")
        config = replace(config, **{name: _value(name, value, getattr(TrainConfig(), name))})
    return config


def material_of(
    source: Path, config: TrainConfig, report: Report
) -> tuple[LabelledCrops, Scheme, CropRecipe]:
    """Give the crops of a project or a table, their classes, and how they were cut.

    Raises
    ------
    TrainingError
        If nothing can be learnt from them.
    UnreadableFileError
        If a file cannot be read.
    """
    make = _material_of_project if source.is_dir() else _material_of_table
    return make(source, config, report)


def _material_of_project(
    folder: Path, config: TrainConfig, report: Report
) -> tuple[LabelledCrops, Scheme, CropRecipe]:
    recipe = CropRecipe(size=config.crop_size)
    with open_project(folder) as store:
        scheme = store.state.scheme
        taught = taught_examples(store, config.targets)
        check_taught(taught.labels, taught.teaching, scheme)
        material = cut_material(taught.examples, taught.labels, taught.teaching, recipe, report)
    return material, scheme, recipe


def _material_of_table(
    table: Path, config: TrainConfig, report: Report
) -> tuple[LabelledCrops, Scheme, CropRecipe]:
    rows = crop_table.read_crops(table, labelled=True)
    known = [row for row in rows if row.label.casefold() not in crop_table.UNANSWERED]
    scheme = crop_table.scheme_of([row.label for row in known])
    labels = [scheme.resolve(row.label) or row.label for row in known]
    check_labels(labels, scheme)
    recipe = CropRecipe(size=config.crop_size, masked=False)
    crops = read_crops([row.path for row in known], recipe, report)
    used = hashlib.sha256(crops.tobytes() + "\n".join(labels).encode()).hexdigest()
    names, images = [str(row.path) for row in known], [row.image for row in known]
    return LabelledCrops(crops, names, images, labels, used), scheme, recipe


def _value(name: str, text: str, kind: object) -> Any:
    """Read a value of the same kind as another."""
    try:
        if isinstance(kind, bool):
            return {"yes": True, "true": True, "no": False, "false": False}[text.casefold()]
        if isinstance(kind, tuple):
            parts = [each.strip() for each in text.split(",") if each.strip()]
            return tuple(int(each) for each in parts) if name == "refits" else tuple(parts)
        return {int: int, float: float}.get(type(kind), str)(text)
    except (ValueError, KeyError) as problem:
        raise TrainingError(f"“{text}” cannot be the {name}; the usual is {kind}.") from problem


def _spoken(summary: TrainingSummary) -> dict[str, Any]:
    record = summary.record
    return {
        "model": str(summary.folder),
        "classes": summary.classes,
        "targets": record.config.targets,
        "data_digest": record.data_digest,
        "trained": record.trained,
        "validated": record.validated,
        "tested": record.tested,
        "epochs": len(record.history),
        "best_epoch": record.best_epoch,
        "judged_on": record.judged_on,
        "metrics": record.metrics.to_json(),
        "experts_first_disagreed": None if record.contested is None else asdict(record.contested),
        "folds": [_spoken_fold(fold) for fold in record.folds],
        "nsr_components": record.components,
        "nsr_selected": record.selected,
        "nsr_explained_variance": record.explained_variance,
        "seconds": record.seconds,
        "notes": record.notes,
    }


def _spoken_fold(fold: FoldRecord) -> dict[str, Any]:
    return {
        "trained": fold.trained,
        "tested": fold.tested,
        "micrographs": fold.micrographs,
        "best_epoch": fold.best_epoch,
        "metrics": fold.metrics.to_json(),
    }
