"""The figure of crystals as the network tells them apart, laid out by t-SNE."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.colours import TEAL
from microcrystalnet.learning.dataset import cut_examples
from microcrystalnet.learning.feature_map import lay_out
from microcrystalnet.learning.features import features
from microcrystalnet.learning.predict import Classifier
from microcrystalnet.learning.records import TrainingRecord
from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.report.canvas import SMALL, pane
from microcrystalnet.report.drawing import Drawing
from microcrystalnet.report.figure_material import FigureMaterial

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

COLUMNS = ("crystal", "image", "settled", "predicted", "learnt", "x", "y")
GREY = "#606060"
WIDTH, WORDS, SHAPES = 3.5, 0.85, (0.5, 1.5)  # inches, inches below the dots, height by width


def write_tsne(
    classifier: Classifier, material: FigureMaterial, stem: Path, report: Report = ignore_progress
) -> list[Path]:
    """Lay out every settled crystal by the last layer's features.

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
    return write_layout(material, places, classifier.card.training, stem)


def write_layout(
    material: FigureMaterial,
    places: NDArray[np.float64],
    training: TrainingRecord | None,
    stem: Path,
) -> list[Path]:
    """Draw settled crystals at their places (n, 2): hollow if trained or validated on.

    Errors are ringed in teal.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    settled = material.settled
    learnt = _learnt([each.example.crystal_id for each in settled], training)
    rows = tuple(
        (each.example.crystal_id, each.example.image_id, each.truth, each.said, known, *place)
        for each, known, place in zip(settled, learnt, places.tolist(), strict=True)
    )
    figure = _draw(material, places, np.array([each is True for each in learnt]))
    return Drawing(figure, COLUMNS, rows, points=SMALL).save(stem.parent, stem.name)


def _learnt(crystal_ids: Sequence[str], training: TrainingRecord | None) -> list[bool | None]:
    """Say of crystals whether a network was trained or validated on them; None where unknown."""
    if training is None:
        return [None] * len(crystal_ids)
    learnt, judged = set(training.learnt_from), {each.crystal_id for each in training.held_out}
    folds = training.judged_on == "folds"  # a judged one's fold did not; the network itself did
    otherwise = False if learnt else None
    return [
        True if each in learnt else folds if each in judged else otherwise for each in crystal_ids
    ]


def _draw(
    material: FigureMaterial, places: NDArray[np.float64], learnt: NDArray[np.bool_]
) -> "Figure":
    settled = material.settled
    wide, high = np.ptp(places, axis=0)
    height = WIDTH * float(np.clip(high / (wide or 1), *SHAPES)) + WORDS
    figure, place = pane(WIDTH, height, points=SMALL)
    truth = np.array([each.truth for each in settled])
    for code, colour in material.colours.items():
        x, y = places[(truth == code) & ~learnt].T
        place.scatter(x, y, s=14, color=colour, linewidths=0)
        x, y = places[(truth == code) & learnt].T
        place.scatter(x, y, s=14, facecolors="none", edgecolors=colour, linewidths=0.8)
    wrong = np.array([each.wrong for each in settled])
    x, y = places[wrong].T
    place.scatter(x, y, s=36, facecolors="none", edgecolors=TEAL, linewidths=1.2)
    place.set(xticks=[], yticks=[], xlabel="t-SNE 1", ylabel="t-SNE 2")
    place.set_aspect("equal", adjustable="datalim")  # the box stays as wide as the page
    keys = _legend(material, truth, learnt, wrong)
    figure.legend(handles=keys, loc="outside lower center", ncols=2, frameon=False, fontsize=7)
    return figure


def _legend(
    material: FigureMaterial,
    truth: NDArray[np.str_],
    learnt: NDArray[np.bool_],
    wrong: NDArray[np.bool_],
) -> "list[Line2D]":
    """Give the keys of classes, of crystals trained or validated on, and of errors."""
    keys = [
        _key(f"{code} (n = {np.sum(truth == code)})", 4, mfc=colour, mew=0)
        for code, colour in material.colours.items()
        if (truth == code).any()
    ]
    if learnt.any():
        keys.append(_key(f"trained or validated on (n = {learnt.sum()})", 4, mfc="none", mec=GREY))
        keys.append(_key(f"neither (n = {np.sum(~learnt)})", 4, mfc=GREY, mew=0))
    if wrong.any():
        keys.append(_key(f"contradicted (n = {wrong.sum()})", 6, mfc="none", mec=TEAL, mew=1.2))
    return keys


def _key(label: str, size: float, **style: Any) -> "Line2D":  # Any: whatever matplotlib takes
    from matplotlib.lines import Line2D

    return Line2D([], [], linestyle="none", marker="o", markersize=size, label=label, **style)
