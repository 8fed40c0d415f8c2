"""`mcn evaluate` and `mcn models`: how good predictions are, and how models compare."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli import crop_table
from microcrystalnet.cli.account import Expert
from microcrystalnet.cli.console import remark, report_to_stderr, write_json
from microcrystalnet.cli.project_crystals import not_blind, open_project
from microcrystalnet.errors import ModelError
from microcrystalnet.examples import examples_of
from microcrystalnet.learning import model_folder
from microcrystalnet.learning.dataset import cut_examples
from microcrystalnet.learning.evaluate import metrics
from microcrystalnet.learning.feature_map import FeatureMap, feature_map
from microcrystalnet.learning.features import features
from microcrystalnet.learning.judged import Judged, judged_of
from microcrystalnet.learning.model_table import row_of
from microcrystalnet.learning.predict import open_classifier
from microcrystalnet.report import evaluation_figures
from microcrystalnet.report.evaluation_figures import Evaluated
from microcrystalnet.report.files import make_folder, write_atomically


def evaluate(
    predictions: Annotated[
        Path, typer.Argument(metavar="PREDICTIONS.csv|MODEL", help="A table, or a model folder.")
    ],
    out: Annotated[Path, typer.Option(help="The folder for metrics.json and figures.")],
    project: Annotated[
        Path | None, typer.Option(help="With MODEL: its project, for the t-SNE of its features.")
    ] = None,
    *,
    expert: Expert,
) -> None:
    """Compare predictions with the truth: metrics.json, and figures with the CSV behind each.

    A model folder is judged on the crystals it was tested on; its learning curves come along. What
    makes figures too kind is said, and stands under notes.
    """
    evaluated, notes = (
        _of_model(predictions, project, expert) if predictions.is_dir() else _of_table(predictions)
    )
    for note in notes:
        remark(note)
    found = evaluated.metrics.to_json() | {"notes": notes}
    document = json.dumps(found, indent=2, allow_nan=False)
    make_folder(out)
    write_atomically(out / "metrics.json", document.encode())
    evaluation_figures.write_all(out, evaluated)
    write_json(found)


def models(
    folders: Annotated[list[Path], typer.Argument(metavar="PROJECT|MODEL...")],
) -> None:
    """Compare models, or those of projects: figures, parameters, and what each learnt from."""
    wanted = [
        model.parent
        for folder in folders
        for model in sorted([*folder.glob("model.json"), *folder.glob("models/*/model.json")])
    ]
    if not wanted:
        raise ModelError(
            f"There is no model in {', '.join(map(str, folders))}; give a project or model folders."
        )
    write_json([asdict(row_of(folder)) for folder in wanted])


def _of_table(predictions: Path) -> tuple[Evaluated, tuple[str, ...]]:
    truth, table, classes, images = crop_table.read_predictions(predictions)
    evaluated = Evaluated(truth, table, metrics(truth, table, classes, images))
    return evaluated, _learnt(crop_table.count_learnt(predictions), len(truth))


def _learnt(count: int, judged: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (
        f"The model was trained or validated on {count} of the {judged} crystals of this table, so "
        "the figures are too kind; keep only the rows whose learnt_from is “no”.",
    )


def _of_model(folder: Path, project: Path | None, expert: str) -> tuple[Evaluated, tuple[str, ...]]:
    card = model_folder.load(folder)
    judged = judged_of(card)
    if judged is None or card.training is None:
        raise ModelError(
            f"{folder} was never judged on labelled crystals; predict some with a known class and "
            "evaluate that table."
        )
    found = None if project is None else _laid_out(folder, judged, project, expert)
    colours = {each.code: each.colour for each in card.scheme.classes} if card.scheme else {}
    record = card.training
    evaluated = Evaluated(
        judged.truth, judged.probabilities, record.metrics, record.history, found, colours
    )
    return evaluated, record.notes


def _laid_out(folder: Path, judged: Judged, project: Path, expert: str) -> FeatureMap:
    truth = dict(zip(judged.crystal_ids, judged.truth, strict=True))
    with open_project(project, expert) as store, report_to_stderr() as report:
        classifier = open_classifier(folder)
        there = examples_of(store, store.state.micrographs)
        examples = not_blind(store, [each for each in there if each.crystal_id in truth])
        shown = [each.crystal_id for each in examples]
        store.reveal(shown)  # the figure has the classes they were settled as
        store.tell(shown)
        crops = cut_examples(examples, classifier.card.recipe, report)
        found = features(classifier, crops, report)
    return feature_map(found, shown, [truth[each] for each in shown], judged.classes)
