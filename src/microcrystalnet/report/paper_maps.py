"""The figures that look into a network: activation maps of its blocks, and saliency by class."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.explain.activations import BlockActivation, activations
from microcrystalnet.explain.explain import explain_all
from microcrystalnet.explain.explanation import Explanation
from microcrystalnet.explain.outline import mask_in_crop, outline_share
from microcrystalnet.imaging.colour_scales import CIVIDIS, INFERNO, ColourScale
from microcrystalnet.learning.dataset import cut_examples
from microcrystalnet.learning.predict import Classifier
from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.report.canvas import SMALL, panes, style
from microcrystalnet.report.drawing import Drawing
from microcrystalnet.report.figure_material import FigureCrystal, FigureMaterial
from microcrystalnet.report.map_file import laid_on

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

EACH = 5  # crystals of a class beside each other
OWN_SCALE = "each panel has its own scale"
Explained = tuple[FigureCrystal, NDArray[np.float32], Explanation]
ACTIVATION_COLUMNS = ("class", "image", "crystal", "block", "channels", "mean", "highest")
SALIENCY_COLUMNS = ("class", "image", "crystal", "said", "probability", "outline", "outline_area")


def typical(material: FigureMaterial, code: str, count: int = EACH) -> list[FigureCrystal]:
    """Give settled crystals of a class, those first that the model is surest to be of it."""

    def share(each: FigureCrystal) -> float:
        said = each.prediction
        known = said is not None and code in said.classes
        return said.probabilities[said.classes.index(code)] if said and known else -1.0

    of_class = [each for each in material.settled if each.truth == code]
    return sorted(of_class, key=lambda each: -share(each))[:count]


def write_activations(
    classifier: Classifier, material: FigureMaterial, stem: Path, report: Report = ignore_progress
) -> list[Path]:
    """Draw the mean activation of every convolution block for one crystal of each class.

    Raises
    ------
    ModelError
        If the model has no convolutions.
    OutputError
        If a file cannot be written.
    """
    codes = [code for code in classifier.card.classes if typical(material, code, 1)]
    chosen = [typical(material, code, 1)[0] for code in codes]
    crops = cut_examples([each.example for each in chosen], classifier.card.recipe, report)
    seen = [activations(classifier, crop) for crop in crops]
    rows = tuple(
        (code, each.example.image_id, each.example.crystal_id, *_figures(block))
        for code, each, blocks in zip(codes, chosen, seen, strict=True)
        for block in blocks
    )
    figure = _draw_activations(codes, crops, seen)
    return Drawing(figure, ACTIVATION_COLUMNS, rows, points=SMALL).save(stem.parent, stem.name)


def _draw_activations(
    codes: Sequence[str],
    crops: NDArray[np.float32],
    seen: Sequence[tuple[BlockActivation, ...]],
) -> "Figure":
    columns = 1 + len(seen[0])
    height = 1.3 * len(codes) + 0.8
    figure, axes = panes(1.3 * columns, height, len(codes), columns, points=SMALL)
    for at, (code, crop, blocks) in enumerate(zip(codes, crops, seen, strict=True)):
        _picture(axes[at, 0], crop[..., 0], "crystal" if at == 0 else "")
        axes[at, 0].set_ylabel(code)
        for number, block in enumerate(blocks, 1):
            title = f"block {block.block.number}" if at == 0 else ""
            _picture(axes[at, number], _painted(block.mean()), title)
    meaning = f"mean activation; {OWN_SCALE}"
    _colour_bar(figure, axes, CIVIDIS, ("lowest", "highest"), meaning)
    return figure


def _painted(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Paint a map from its lowest to its highest value."""
    low, high = float(values.min()), float(values.max())
    return CIVIDIS.paint(values, (low, high if high > low else low + 1))


def _figures(block: BlockActivation) -> tuple[object, ...]:
    values = block.channels
    return block.block.number, values.shape[2], float(values.mean()), float(values.max())


def write_saliency(
    classifier: Classifier, material: FigureMaterial, stem: Path, report: Report = ignore_progress
) -> list[Path]:
    """Draw crystals of every class, and beneath each what counts for the class it is said to be.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    codes = [code for code in classifier.card.classes if typical(material, code, 1)]
    groups = [typical(material, code) for code in codes]
    flat = [each.example for group in groups for each in group]
    crops = cut_examples(flat, classifier.card.recipe, report)
    said = explain_all(classifier, flat, report=report)
    pairs = iter(zip(crops, said, strict=True))
    shown = [[(each, *next(pairs)) for each in group] for group in groups]
    rows = tuple(
        _row(code, crystal, why)
        for code, group in zip(codes, shown, strict=True)
        for crystal, _, why in group
    )
    figure = _draw_saliency(codes, shown)
    return Drawing(figure, SALIENCY_COLUMNS, rows, points=SMALL).save(stem.parent, stem.name)


def _draw_saliency(codes: Sequence[str], shown: Sequence[Sequence[Explained]]) -> "Figure":
    height, rows = 2.3 * len(codes) + 0.5, 2 * len(codes)
    figure, axes = panes(1.1 * EACH, height, rows, EACH, points=SMALL)
    for row, (code, group) in enumerate(zip(codes, shown, strict=True)):
        axes[2 * row, 0].set_title(code, loc="left", fontsize=9, fontweight="bold")
        for column in range(EACH):
            above, below = axes[2 * row, column], axes[2 * row + 1, column]
            above.set_axis_off()
            below.set_axis_off()
            if column < len(group):
                _, crop, why = group[column]
                _picture(above, crop[..., 0])
                grey = np.repeat(255 * crop, 3, axis=2)
                _picture(below, laid_on(grey, np.abs(why.values), INFERNO) / 255)
    meaning = f"size of the gradient, clear near 0; {OWN_SCALE}"
    _colour_bar(figure, axes, INFERNO, ("0", "highest"), meaning)
    return figure


def _row(code: str, crystal: FigureCrystal, why: Explanation) -> tuple[object, ...]:
    """Give a line of the table behind the figure of saliency."""
    known = crystal.example
    shares = outline_share(why.values, mask_in_crop(known.mask, why.frame)) or (None, None)
    sure = why.probabilities[why.classes.index(why.cls)]
    return (code, known.image_id, known.crystal_id, why.cls, sure, *shares)


def _picture(axes: "Axes", pixels: NDArray[np.generic], title: str = "") -> None:
    """Show a picture, grey (height, width) from 0 to 1 or colours (height, width, 3), bare."""
    axes.imshow(pixels, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)
    if title:
        axes.set_title(title, fontsize=8)


def _colour_bar(
    figure: "Figure",
    axes: NDArray[np.object_],
    scale: ColourScale,
    ends: tuple[str, str],
    meaning: str,
) -> None:
    """Lay one colour bar below all axes (rows, columns); words say what its ends mean."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap

    colours = ScalarMappable(cmap=ListedColormap(scale.table(256)[:, :3].tolist()))
    with style(SMALL):
        bar = figure.colorbar(
            colours, ax=axes.ravel().tolist(), location="bottom", shrink=0.5, aspect=30, pad=0.02
        )
    bar.set_ticks([0, 1], labels=list(ends), fontsize=7)
    bar.set_label(meaning, fontsize=7)
