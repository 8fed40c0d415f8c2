"""`mcn explain`: maps of what counted in every crystal, and whether they can be trusted."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli import crop_table
from microcrystalnet.cli.account import Expert
from microcrystalnet.cli.console import report_to_stderr, write_json
from microcrystalnet.cli.explained import Explained, Question, explain_project, explain_table
from microcrystalnet.cli.explained_checks import check_all
from microcrystalnet.errors import ModelError
from microcrystalnet.explain.attribution import GRADCAM, METHODS, SALIENCY, check_method
from microcrystalnet.explain.blocks import blocks_of
from microcrystalnet.learning.predict import Classifier, open_classifier
from microcrystalnet.report import csv_file
from microcrystalnet.report.canvas import KINDS
from microcrystalnet.report.files import OutputError, make_folder, require_results_folder

_FORMATS = "png, svg or pdf"


def explain(  # noqa: PLR0917  every one is an option of the command
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A model folder.")],
    source: Annotated[
        Path, typer.Argument(metavar="PROJECT|CROPS.csv", help="A project, or rows with a path.")
    ],
    out: Annotated[Path, typer.Option(help="The folder for maps, figures and scores.")],
    target: Annotated[
        str | None, typer.Option(help="The class to explain; without it, the predicted one.")
    ] = None,
    method: Annotated[str, typer.Option(help=" or ".join(METHODS))] = SALIENCY,
    block: Annotated[
        int | None, typer.Option(help="For gradcam, the convolution block; otherwise the last.")
    ] = None,
    format: Annotated[  # noqa: A002 - it is the option's name on the command line
        str, typer.Option(help=f"Of the figures: {_FORMATS}.")
    ] = "png",
    every: Annotated[
        bool, typer.Option("--all", help="Every method, and Grad-CAM of every block.")
    ] = False,
    sanity: Annotated[
        bool, typer.Option("--sanity", "--check", help="Check whether the maps can be trusted.")
    ] = False,
    *,
    expert: Expert,
) -> None:
    """Write what counted in every crystal as float TIFFs and figures, with a table of scores.

    A project gives one TIFF per micrograph, with NaN where no crystal lies; a table one per crop.
    What you say of a project's crystals afterwards counts as said with a saliency map in view.
    """
    check_method(method, block)
    require_results_folder(out)
    asked = Question(method, block, target, _suffix(format), expert)
    with report_to_stderr() as report:
        classifier = open_classifier(model)
        ways = list(_every_way(classifier, asked)) if every else [asked]
        make_folder(out)
        make = explain_project if source.is_dir() else explain_table
        found = [make(classifier, source, out, way, report) for way in ways]
        _write_scores(out, classifier, found)
        checked = check_all(classifier, out, found, report) if sanity else []
    if checked:
        write_json(checked[0] if len(checked) == 1 else checked)


def _suffix(chosen: str) -> str:
    kind = chosen.lower().lstrip(".")
    if kind not in KINDS:
        raise OutputError(f"There are no figures of the format “{chosen}”; choose {_FORMATS}.")
    return f".{kind}"


def _every_way(classifier: Classifier, asked: Question) -> Iterator[Question]:
    for method in METHODS:
        if method != GRADCAM:
            yield replace(asked, method=method, block=None)
    try:
        blocks = blocks_of(classifier.card.network)
    except ModelError:  # a model without convolutions has no Grad-CAM
        return
    for block in blocks:
        yield replace(asked, method=GRADCAM, block=block.number)


def _write_scores(out: Path, classifier: Classifier, found: Sequence[Explained]) -> None:
    classes = classifier.card.classes
    columns = ("path", "image", "crystal", "explained", "method", "block", "map")
    shares = ("outline_share", "outline_area")
    csv_file.write(
        out / "explanations.csv",
        (*columns, *shares, *(f"{crop_table.PREFIX}{code}" for code in classes)),
        (row for each in found for row in each.rows),
    )
