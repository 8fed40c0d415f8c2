"""`mcn evaluate`: how good predictions are, as figures and numbers."""

import json
from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli import crop_table
from microcrystalnet.cli.console import write_json
from microcrystalnet.learning.evaluate import metrics
from microcrystalnet.report import evaluation_figures
from microcrystalnet.report.files import make_folder, write_atomically


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
