"""Many micrographs at once, each on its own: outlined, classified, measured, drawn."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.colours import NO_CLASS_LINE
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.errors import MicroCrystalError, SegmentationError
from microcrystalnet.imaging.contrast import to_uint8
from microcrystalnet.imaging.instances import to_labels
from microcrystalnet.imaging.measure import measure_all
from microcrystalnet.imaging.occlusion import occluded
from microcrystalnet.imaging.preprocess import preprocess, preset
from microcrystalnet.learning.dataset import cut_one, to_grey
from microcrystalnet.learning.familiar import cut_otherwise, unfamiliar
from microcrystalnet.learning.predict import Classifier, predict_crops
from microcrystalnet.made_with import made_with
from microcrystalnet.micrographs import reader
from microcrystalnet.micrographs.page_path import stem_of
from microcrystalnet.opened import opened
from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.report import csv_file, picture, size_table
from microcrystalnet.report.files import make_folder, write_atomically
from microcrystalnet.report.label_tiff import label_tiff
from microcrystalnet.segmentation.blind_spot import denoise
from microcrystalnet.segmentation.choose import EMBEDDED
from microcrystalnet.segmentation.segmenter import EverythingSettings
from microcrystalnet.storage.outlining_records import outlining_to_json

log = logging.getLogger(__name__)
ENDINGS = ("_labels.tif", "_crystals.csv", "_overlay.jpg")


@dataclass(frozen=True, slots=True)
class Order:
    """What shall be done with one micrograph; ``filters`` names a preset."""

    image: Path
    model: Path
    out: Path
    engine: str = EMBEDDED
    filters: str = "none"
    smallest: int = 12
    confidence: float = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one micrograph; ``error`` says why nothing did and is empty otherwise.

    ``made`` names engine, version and filters of the outlines, as a project keeps them.
    """

    image: str
    crystals: int = 0
    classes: Mapping[str, int] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""
    made: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """The crystals of one micrograph, large ones first, with a row of probabilities for each."""

    micrograph: Micrograph
    pixels: NDArray[np.generic]
    masks: Sequence[Mask]
    probabilities: NDArray[np.float64]
    classifier: Classifier
    warnings: tuple[str, ...]

    @property
    def said(self) -> list[str]:
        """The most probable class of each crystal."""
        classes = self.classifier.card.classes
        return [classes[int(row.argmax())] for row in self.probabilities]


def carry_out(order: Order) -> Outcome:
    """Work on one micrograph; what goes wrong with it is part of the outcome."""
    try:
        return analyse(order)
    except Exception as problem:  # noqa: BLE001 - a fault here must not cost the other micrographs
        return failed(order, problem)


def failed(order: Order, problem: Exception) -> Outcome:
    """Say in a sentence why nothing came of a micrograph."""
    if isinstance(problem, MicroCrystalError):
        return Outcome(str(order.image), error=str(problem))
    log.info("%s could not be analysed", order.image, exc_info=problem)
    if isinstance(problem, MemoryError):
        text = "There was not enough memory for it; analyse it again with fewer --processes."
    else:
        text = f"Its analysis failed unexpectedly ({type(problem).__name__}: {problem})."
    return Outcome(str(order.image), error=text)


def analyse(order: Order, report: Report = ignore_progress) -> Outcome:
    """Outline, classify, measure and draw; `ENDINGS` are those of the files.

    Raises
    ------
    MicroCrystalError
        If the micrograph or the model cannot be read, or a file not be written.
    """
    found = _find(order, report)
    paths = [order.out / f"{stem_of(order.image)}{ending}" for ending in ENDINGS]
    make_folder(order.out)
    shape = (found.pixels.shape[0], found.pixels.shape[1])
    labels = to_labels(found.masks, shape)
    write_atomically(paths[0], label_tiff(labels, found.micrograph.pixel_size))
    _write_table(paths[1], found)
    drawing = picture.annotate(found.pixels, found.micrograph, _outlines(found))
    write_atomically(paths[2], drawing)
    return Outcome(
        str(order.image),
        len(found.masks),
        dict(Counter(found.said)),
        tuple(map(str, paths)),
        found.warnings,
        made=outlining_to_json(made_with(order.engine, preset(order.filters))),
    )


def refuse_same_names(images: Sequence[Path]) -> None:
    """Refuse micrographs whose results would overwrite each other.

    Raises
    ------
    SegmentationError
        If two have the same name without their endings; upper and lower case are the same on
        Windows and macOS.
    """
    seen: dict[str, Path] = {}
    for image in images:
        other = seen.setdefault(stem_of(image).casefold(), image)
        if other is not image:
            raise SegmentationError(
                f"The results of {other} and {image} would have the same name "
                f"{stem_of(image)}_labels.tif; give them different --out folders."
            )


def _find(order: Order, report: Report) -> _Found:
    classifier, segmenter = opened(order.model, order.engine)
    micrograph = reader.examine(order.image)
    pixels = reader.read_pixels(order.image)
    recipe = preset(order.filters)
    seen = preprocess(to_uint8(pixels), recipe, blind_spot=denoise, report=report).pixels
    embedding = segmenter.prepare(seen.astype(np.uint8), report)
    settings = EverythingSettings(order.smallest, None, micrograph.region, order.confidence)
    masks = segmenter.everything(embedding, settings, report)
    # Large crystals first, so that a small one in front of a large one keeps its pixels.
    ordered = sorted(masks, key=lambda mask: -mask.area)
    crops = _crops(pixels, ordered, classifier)
    sides = [_side_um(mask, micrograph) for mask in ordered]
    doubts = cut_otherwise(classifier.card), unfamiliar(classifier.card.seen, crops, sides)
    warnings = tuple(chain(*doubts)) if ordered else ()
    said = predict_crops(classifier, crops, report) if ordered else np.zeros((0, 0))
    return _Found(micrograph, pixels, ordered, said, classifier, warnings)


def _crops(
    pixels: NDArray[np.generic], masks: Sequence[Mask], classifier: Classifier
) -> NDArray[np.float32]:
    recipe = classifier.card.recipe
    grey = to_grey(pixels, recipe)
    crops = np.zeros((len(masks), recipe.size, recipe.size, 1), np.float32)
    for at, mask in enumerate(masks):
        crops[at, :, :, 0] = cut_one(grey, mask, recipe)
    return crops


def _side_um(mask: Mask, micrograph: Micrograph) -> float | None:
    size, box = micrograph.pixel_size, mask.region
    return None if size is None else max(box.height, box.width) * size.nm / 1000


def _write_table(path: Path, found: _Found) -> None:
    known = found.micrograph
    measured = measure_all(found.masks, found.pixels, known.region, known.pixel_size)
    codes = found.classifier.card.classes
    columns = ("label", "prediction", *(f"p_{code}" for code in codes), *size_table.LABEL_COLUMNS)
    hidden = occluded(found.masks)
    sizes = size_table.label_rows(found.masks, measured, known.pixel_size, hidden)
    rows = (
        (number, said, *map(float, shares), *cells)
        for number, (cells, said, shares) in enumerate(
            zip(sizes, found.said, found.probabilities, strict=True), 1
        )
    )
    csv_file.write(path, columns, rows)


def _outlines(found: _Found) -> list[picture.Outline]:
    scheme = found.classifier.card.scheme
    colours = {} if scheme is None else {each.code: each.colour for each in scheme.known}
    return [
        picture.Outline(mask, colours.get(said, NO_CLASS_LINE), filled=True)
        for mask, said in zip(found.masks, found.said, strict=True)
    ]
