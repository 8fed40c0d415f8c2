"""`mcn compare`: found outlines against reference outlines, as JSON."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from microcrystalnet.cli.console import write_json
from microcrystalnet.errors import MaskError
from microcrystalnet.imaging.compare import LEAST_IOU, Comparison
from microcrystalnet.imaging.compare import compare as compare_masks


def compare(
    found: Annotated[Path, typer.Argument(metavar="FOUND.tif", help="The label image to judge.")],
    reference: Annotated[
        Path, typer.Argument(metavar="REFERENCE.tif", help="The label image to judge it by.")
    ],
    iou: Annotated[
        float, typer.Option(min=0.01, max=1, help="From this overlap on it is the same crystal.")
    ] = LEAST_IOU,
) -> None:
    """Compare two label images of one micrograph: matched, missed, invented, F1, IoU as JSON."""
    from microcrystalnet.imaging.instances import from_labels, label_values
    from microcrystalnet.micrographs.label_image import read_labels

    one, two = read_labels(found), read_labels(reference)
    if one.shape != two.shape:
        raise MaskError(
            f"{found.name} has {one.shape[1]} x {one.shape[0]} pixels but {reference.name} "
            f"{two.shape[1]} x {two.shape[0]}; compare labels of one micrograph."
        )
    comparison = compare_masks(from_labels(one), from_labels(two), iou)
    write_json(_described(comparison, iou, label_values(one), label_values(two)))


def _described(
    comparison: Comparison, iou: float, found: Sequence[int], reference: Sequence[int]
) -> dict[str, object]:
    """Give the JSON of `mcn compare`; crystals by the numbers they have in the label images."""
    return {
        "iou_threshold": iou,
        "n_found": comparison.n_found,
        "n_reference": comparison.n_reference,
        "n_matched": len(comparison.matches),
        "n_missed": len(comparison.missed),
        "n_invented": len(comparison.invented),
        "precision": comparison.precision,
        "recall": comparison.recall,
        "f1": comparison.f1,
        "mean_iou": comparison.mean_iou,
        "mean_best_iou": comparison.mean_best_iou,
        "matches": [
            {"found": found[each.found], "reference": reference[each.reference], "iou": each.iou}
            for each in comparison.matches
        ],
        "missed": [
            {"reference": reference[place], "best_iou": comparison.best_ious[place]}
            for place in comparison.missed
        ],
        "invented": [
            {"found": found[place], "best_iou": comparison.best_of_found[place]}
            for place in comparison.invented
        ],
    }
