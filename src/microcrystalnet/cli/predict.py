"""`mcn predict`: the class of every crystal, and what they add up to."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from microcrystalnet.cli import crop_table
from microcrystalnet.cli.account import Expert
from microcrystalnet.cli.console import report_to_stderr, write_json
from microcrystalnet.cli.project_crystals import (
    ProjectCrystal,
    crystals_of,
    not_blind,
    open_project,
)
from microcrystalnet.errors import ModelError
from microcrystalnet.learning.dataset import cut_examples, read_crops
from microcrystalnet.learning.familiar import cut_otherwise, tiny, unfamiliar
from microcrystalnet.learning.overlap import crop_digests
from microcrystalnet.learning.predict import Classifier, open_classifier, predict_crops
from microcrystalnet.learning.survey import OPTIMISTIC, abundances, answers, margins, suggested
from microcrystalnet.progress import Report

ORDERS = ("file", "doubt")


@dataclass(frozen=True, slots=True, eq=False)
class Crystals:
    """Rows of a table or crystals of a project, with their crops and what is known of their size.

    ``names`` are those by which a model remembers what it learnt from; ``doubts`` are sentences on
    crops that were made otherwise than the model's.
    """

    classifier: Classifier
    rows: Sequence[crop_table.Row]
    names: Sequence[str]
    crops: NDArray[np.float32]
    sides_um: Sequence[float | None]
    areas_um2: Sequence[float | None]
    sides: Sequence[int] = ()
    doubts: tuple[str, ...] = ()


def predict(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A model folder.")],
    source: Annotated[
        Path, typer.Argument(metavar="PROJECT|CROPS.csv", help="A project, or rows with a path.")
    ],
    out: Annotated[Path, typer.Option(help="The CSV file to write.")],
    abstain: Annotated[
        float, typer.Option(help="Say “unsure” below this probability; 0 always answers.")
    ] = 0.0,
    order: Annotated[
        str, typer.Option(help=f"{' or '.join(ORDERS)}: the most doubtful crystals first.")
    ] = "file",
    *,
    expert: Expert,
) -> None:
    """Predict every crystal but those you label blind; abundances and warnings as JSON.

    What you say of a project's crystals afterwards counts as said with a prediction in view.
    Adds a column p_<class> for each class, the confidence, the prediction, and learnt_from: whether
    the crystal is one that the model was trained or validated on.
    """
    if order not in ORDERS:
        raise ModelError(f"There is no order “{order}”; choose {' or '.join(ORDERS)}.")
    with report_to_stderr() as report:
        if source.is_dir():
            found = _of_project(model, source, expert, report)
        else:
            found = _of_table(model, source, report)
        table = predict_crops(found.classifier, found.crops, report)
    card = found.classifier.card
    said = answers(table, card.classes, abstain)
    rows = [
        {**row, "learnt_from": learnt, "confidence": f"{values.max():.6f}"}
        for row, learnt, values in zip(found.rows, _learnt(found), table, strict=True)
    ]
    places = np.argsort(margins(table), kind="stable") if order == "doubt" else range(len(rows))
    crop_table.write_predictions(
        out,
        [rows[int(at)] for at in places],
        card.classes,
        table[np.asarray(places, np.intp)],
        [said[int(at)] for at in places],
    )
    write_json(_spoken(found, said))


def _of_project(model: Path, folder: Path, expert: str, report: Report) -> Crystals:
    with open_project(folder, expert) as store:
        classifier = open_classifier(model, store.state.scheme)
        everyone = crystals_of(store)
        examples = not_blind(store, [each.example for each in everyone])
        shown = {each.crystal_id for each in examples}
        store.reveal(shown)  # the table has the settled classes
        store.tell(shown)
    crystals = [each for each in everyone if each.example.crystal_id in shown]
    recipe = classifier.card.recipe
    return Crystals(
        classifier,
        [_row(each) for each in crystals],
        [each.crystal_id for each in examples],
        cut_examples(examples, recipe, report),
        [each.side_um for each in examples],
        [each.area_um2 for each in examples],
        [each.side for each in examples],
        cut_otherwise(classifier.card),
    )


def _row(crystal: ProjectCrystal) -> crop_table.Row:
    verdict = crystal.verdict
    return {
        "image": crystal.example.image_id,
        "file": crystal.file_name,
        "crystal": crystal.example.crystal_id,
        "truth": (verdict.cls or "") if verdict.settled else "",
    }


def _of_table(model: Path, table: Path, report: Report) -> Crystals:
    classifier = open_classifier(model)
    rows = crop_table.read_rows(table, "path")
    paths = [table.parent / row["path"] for row in rows]
    unknown = [None] * len(rows)
    names = [str(path) for path in paths]
    crops = read_crops(paths, classifier.card.recipe, report)
    doubts = cut_otherwise(classifier.card, from_table=True)
    return Crystals(classifier, rows, names, crops, unknown, unknown, doubts=doubts)


def _learnt(found: Crystals) -> list[str]:
    """Say of each crystal whether the model was trained or validated on it.

    Its figures there are too kind. A crop that was moved or renamed is known by its content.
    """
    training = found.classifier.card.training
    if training is None or not training.learnt_from:
        return [""] * len(found.names)
    names, crops = set(training.learnt_from), set(training.learnt_crops)
    pairs = zip(found.names, crop_digests(found.crops), strict=True)
    return ["yes" if name in names or crop in crops else "no" for name, crop in pairs]


def _spoken(found: Crystals, said: list[str]) -> dict[str, object]:
    card = found.classifier.card
    least = suggested(card.training, card.classes) if card.training else None
    warnings = (
        *found.doubts,
        *unfamiliar(card.seen, found.crops, found.sides_um),
        *tiny(found.sides),
    )
    if least is not None and least.optimistic:
        warnings = (*warnings, OPTIMISTIC)
    return {
        "n": len(said),
        "abundance": [asdict(each) for each in abundances(said, card.classes, found.areas_um2)],
        "warnings": warnings,
        "suggested_abstain": None if least is None else asdict(least),
    }
