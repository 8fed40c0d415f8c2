"""The figure of crystals as the network tells them apart, laid out by t-SNE."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.learning.dataset import cut_examples
from microcrystalnet.learning.feature_map import lay_out
from microcrystalnet.learning.features import features
from microcrystalnet.learning.predict import Classifier
from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.report import csv_file
from microcrystalnet.report.figure_material import FigureCrystal, FigureMaterial
from microcrystalnet.report.paper_page import page, save
from microcrystalnet.report.picture import TEAL

COLUMNS = ("crystal", "image", "settled", "predicted", "x", "y")


def write_tsne(
    classifier: Classifier, material: FigureMaterial, stem: Path, report: Report = ignore_progress
) -> list[Path]:
    """Lay out every settled crystal by the last layer's features; errors have a teal ring.

    Source: van der Maaten and Hinton 2008. The axes have no meaning, only who is near whom.

    Raises
    ------
    ModelError
        If fewer than ten crystals are settled.
    OutputError
        If a file cannot be written.
    """
    settled = material.settled
    crops = cut_examples([each.example for each in settled], classifier.card.recipe, report)
    places = lay_out(np.asarray(features(classifier, crops, report), np.float64))
    table = stem.with_name(f"{stem.name}.csv")
    rows = [
        (each.example.crystal_id, each.example.image_id, each.truth, each.said, float(x), float(y))
        for each, (x, y) in zip(settled, places, strict=True)
    ]
    csv_file.write(table, COLUMNS, rows)
    return [*_draw(settled, places, material, stem), table]


def _draw(
    settled: Sequence[FigureCrystal],
    places: NDArray[np.float64],
    material: FigureMaterial,
    stem: Path,
) -> list[Path]:
    figure, axes = page(3.5, 3.5)
    place = axes[0, 0]
    truth = np.array([each.truth for each in settled])
    for code, colour in material.colours.items():
        x, y = places[truth == code].T
        if x.size:
            place.scatter(x, y, s=14, color=colour, label=f"{code} (n = {x.size})", linewidths=0)
    x, y = places[[each.wrong for each in settled]].T
    if x.size:
        label = f"contradicted (n = {x.size})"
        place.scatter(x, y, s=34, facecolors="none", edgecolors=TEAL, linewidths=1.2, label=label)
    place.set(xticks=[], yticks=[], xlabel="t-SNE 1", ylabel="t-SNE 2", aspect="equal")
    figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=7)
    return save(figure, stem)
