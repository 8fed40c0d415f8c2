"""`mcn predict`, `evaluate` and `import-weights`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from microcrystalnet.cli import crop_table
from microcrystalnet.cli.console import report_to_stderr, write_json
from microcrystalnet.cli.project_crystals import crystals_of, open_project
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import ModelError
from microcrystalnet.examples import settled_examples
from microcrystalnet.learning import imported
from microcrystalnet.learning.dataset import cut_examples, read_crops
from microcrystalnet.learning.evaluate import metrics
from microcrystalnet.learning.model_folder import load
from microcrystalnet.learning.predict import Classifier, open_classifier, predict_crops
from microcrystalnet.progress import Report
from microcrystalnet.report import evaluation_figures
from microcrystalnet.report.files import make_folder, write_atomically

Source = Annotated[
    Path, typer.Argument(metavar="PROJECT|CROPS.csv", help="A project, or path,image,label rows.")
]
Model = Annotated[Path, typer.Argument(metavar="MODEL", help="A model folder.")]


def predict(
    model: Model,
    source: Source,
    out: Annotated[Path, typer.Option(help="The CSV file to write.")],
) -> None:
    """Predict every crystal; adds a column p_<class> for each class, and prediction."""
    with report_to_stderr() as report:
        make = _predict_project if source.is_dir() else _predict_table
        rows, classifier, table = make(model, source, report)
    crop_table.write_predictions(out, rows, classifier.card.classes, table)


Predicted = tuple[Sequence[crop_table.Row], Classifier, NDArray[np.float64]]


def _predict_project(model: Path, folder: Path, report: Report) -> Predicted:
    with open_project(folder) as store:
        classifier = open_classifier(model, store.state.scheme)
        crystals = crystals_of(store)
    examples = [each.example for each in crystals]
    crops = cut_examples(examples, classifier.card.recipe, report)
    rows = [
        {
            "image": each.example.image_id,
            "file": each.file_name,
            "crystal": each.example.crystal_id,
            "truth": (each.verdict.cls or "") if each.verdict.settled else "",
        }
        for each in crystals
    ]
    return rows, classifier, predict_crops(classifier, crops, report)


def _predict_table(model: Path, table: Path, report: Report) -> Predicted:
    classifier = open_classifier(model)
    rows = crop_table.read_rows(table, "path")
    paths = [table.parent / row["path"] for row in rows]
    crops = read_crops(paths, classifier.card.recipe, report)
    return rows, classifier, predict_crops(classifier, crops, report)


def evaluate(
    predictions: Annotated[Path, typer.Argument(metavar="PREDICTIONS.csv")],
    out: Annotated[Path, typer.Option(help="The folder for metrics.json and figures.")],
) -> None:
    """Compare predictions with the truth: metrics.json, and figures with the CSV behind each."""
    truth, table, classes, images = crop_table.read_predictions(predictions)
    found = metrics(truth, table, classes, images)
    document = json.dumps(found.to_json(), indent=2, allow_nan=False)
    make_folder(out)
    write_atomically(out / "metrics.json", document.encode())
    evaluation_figures.write(out, truth, table, found)
    write_json(found.to_json())


def import_weights(
    file: Annotated[Path, typer.Argument(metavar="FILE.h5")],
    out: Annotated[Path, typer.Option(help="The model folder to write; it must not exist.")],
    class_order: Annotated[
        str | None, typer.Option(help="The class of each output in turn, such as AA,RES,PES,SA.")
    ] = None,
    check: Annotated[
        Path | None, typer.Option(help="A project whose settled crystals tell the order.")
    ] = None,
) -> None:
    """Take a Keras .h5 classifier into a model folder; its class order is never guessed."""
    order = class_order.split(",") if class_order else None
    card = imported.import_weights(file, out, FOUR_CLASSES, order)
    matches = _matches(out, check) if check else []
    write_json(
        {
            "model": str(out),
            "classes": card.classes,
            "orders": [{"order": match.order, "accuracy": match.accuracy} for match in matches],
            "margin": matches[0].accuracy - matches[1].accuracy if len(matches) > 1 else None,
        }
    )


def _matches(model: Path, project: Path) -> list[imported.OrderMatch]:
    if load(model).scheme is not None:
        raise ModelError("Give either a class order or a project to find it with, not both.")
    with open_project(project) as store, report_to_stderr() as report:
        codes = store.state.scheme.codes
        examples, labels = settled_examples(store)
        classifier = open_classifier(model)
        crops = cut_examples(examples, classifier.card.recipe, report)
        return imported.match_orders(labels, predict_crops(classifier, crops, report), codes)
