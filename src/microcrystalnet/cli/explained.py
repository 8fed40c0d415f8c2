"""Explains the crystals of a table or a project and writes their maps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.cli import crop_table
from microcrystalnet.cli.project_crystals import not_blind, open_project
from microcrystalnet.domain.label import SALIENCY
from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.examples import examples_of
from microcrystalnet.explain.attribution import attribute
from microcrystalnet.explain.crop_shelf import CropShelf
from microcrystalnet.explain.explain import explain_all
from microcrystalnet.explain.explanation import Explanation
from microcrystalnet.explain.mosaic import mosaic
from microcrystalnet.explain.outline import OutlineShare, mask_in_crop, outline_share
from microcrystalnet.explain.words import NAMES, SUM, meaning, scale_of
from microcrystalnet.file_names import usable
from microcrystalnet.imaging.contrast import to_uint8
from microcrystalnet.learning.dataset import Example, read_crops
from microcrystalnet.learning.predict import Classifier, predict_crops
from microcrystalnet.micrographs.reader import read_pixels
from microcrystalnet.progress import Report
from microcrystalnet.report.map_figure import MapView, draw_map
from microcrystalnet.report.map_file import write_picture, write_tiff
from microcrystalnet.report.plain_text import readable
from microcrystalnet.storage.project_store import ProjectStore

Crops = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Question:
    """A method, for Grad-CAM a convolution block, and the class to explain (None: predicted).

    ``suffix`` is that of the figures, ``expert`` who asks.
    """

    method: str
    block: int | None = None
    target: str | None = None
    suffix: str = ".png"
    expert: str = ""

    @property
    def name(self) -> str:
        """The method, with its block, as file names have it."""
        return self.method if self.block is None else f"{self.method}{self.block}"


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """The crops a method explained, their maps (n, size, size), classes, and table rows.

    ``inside`` are the crystals' pixels where a mask tells them, and ``outlines`` the shares of the
    maps along the outlines.
    """

    asked: Question
    crops: Crops
    maps: Crops
    classes: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    inside: tuple[NDArray[np.bool_] | None, ...]
    outlines: tuple[OutlineShare, ...] = ()


def explain_table(
    classifier: Classifier, table: Path, out: Path, asked: Question, report: Report
) -> Explained:
    """Explain every crop of CROPS.csv; one TIFF and one figure each."""
    listed = crop_table.read_crops(table, labelled=False)
    crops = read_crops([row.path for row in listed], classifier.card.recipe, report)
    shares = predict_crops(classifier, crops)
    wanted = tuple(asked.target or classifier.card.classes[int(row.argmax())] for row in shares)
    maps = attribute(classifier, crops, wanted, asked.method, report, block=asked.block)
    rows = []
    for number, (row, cls, each) in enumerate(zip(listed, wanted, shares, strict=True)):
        stem = f"{number + 1:04d}_{readable(row.path.stem, '_x')}_{asked.name}"
        write_tiff(out / f"{stem}.tif", maps[number])
        _draw_crop(out / f"{stem}{asked.suffix}", crops[number, ..., 0], maps[number], asked, cls)
        said = (cls, asked.method, asked.block, f"{stem}.tif", None, None, *map(float, each))
        rows.append((str(row.path), row.image, "", *said))
    nobody = (None,) * len(crops)
    return Explained(asked, crops, maps, wanted, tuple(rows), nobody)


def _draw_crop(path: Path, crop: Crops, values: Crops, asked: Question, cls: str) -> None:
    """Draw one crop and its map; as PNG without words, as a table may hold thousands."""
    scale = scale_of(asked.method)
    if path.suffix == ".png":
        write_picture(path, crop, values, scale)
        return
    title = f"{NAMES[asked.method]} for {cls}"
    told = meaning(asked.method, cls, asked.block, SUM)
    grey = np.rint(255 * crop).astype(np.uint8)
    draw_map(path, MapView(grey, values, scale, scale.limits(values), title, told))


def explain_project(
    classifier: Classifier, folder: Path, out: Path, asked: Question, report: Report
) -> Explained:
    """Explain the crystals of a project but those labelled blind; files for each micrograph."""
    with open_project(folder, asked.expert) as store:
        classifier.card.check_scheme(store.state.scheme)
        examples = not_blind(store, examples_of(store, store.state.micrographs))
        store.tell([each.crystal_id for each in examples], SALIENCY)
        shelf = CropShelf()
        said = explain_all(
            classifier,
            examples,
            asked.target,
            asked.method,
            report,
            block=asked.block,
            cut=shelf.cut,
        )
        size = classifier.card.recipe.size
        found = Explained(
            asked,
            shelf.cut(examples, classifier.card.recipe),
            np.array([each.values for each in said], np.float32).reshape(-1, size, size),
            tuple(each.cls for each in said),
            (),
            tuple(mask_in_crop(e.mask, s.frame) for e, s in zip(examples, said, strict=True)),
        )
        pairs = list(zip(examples, said, strict=True))
        names = {
            micrograph.image_id: _write_micrograph(store, micrograph, pairs, out, found)
            for micrograph in store.state.micrographs.values()
            if micrograph.image_id in {each.image_id for each in examples}
        }
    return _with_rows(found, pairs, names)


def _write_micrograph(
    store: ProjectStore,
    micrograph: Micrograph,
    pairs: Sequence[tuple[Example, Explanation]],
    out: Path,
    found: Explained,
) -> str:
    """Write the map of one micrograph, and give the TIFF's name."""
    here = [(said, e.mask) for e, said in pairs if e.image_id == micrograph.image_id]
    name = usable(readable(Path(micrograph.file_name).stem, "_x"))
    stem = f"{name}_{micrograph.image_id[:6]}_{found.asked.name}"
    values = mosaic(micrograph.height, micrograph.width, here)
    write_tiff(out / f"{stem}.tif", values, micrograph.pixel_size)
    seen = mosaic(micrograph.height, micrograph.width, here, own_scale=True)
    region, scale = micrograph.region, scale_of(found.asked.method)
    window = np.s_[region.row0 : region.row1, region.col0 : region.col1]
    told = meaning(found.asked.method, "its class", found.asked.block)
    size = micrograph.pixel_size
    view = MapView(
        to_uint8(read_pixels(store.image_path(micrograph.image_id)))[window],
        seen[window],
        scale,
        (-1.0, 1.0) if scale.signed else (0.0, 1.0),
        f"{NAMES[found.asked.method]}, {micrograph.file_name}",
        f"{told} Each crystal has its own scale.",
        None if size is None else size.col_um,
    )
    draw_map(out / f"{stem}{found.asked.suffix}", view)
    return f"{stem}.tif"


def _with_rows(
    found: Explained,
    pairs: Sequence[tuple[Example, Explanation]],
    names: Mapping[str, str],
) -> Explained:
    rows, outlines = [], []
    for (example, said), inside in zip(pairs, found.inside, strict=True):
        shares = None if inside is None else outline_share(said.values, inside)
        if shares is not None:
            outlines.append(OutlineShare(example.crystal_id, example.image_id, said.cls, *shares))
        rows.append(
            (
                str(example.image_path),
                example.image_id,
                example.crystal_id,
                said.cls,
                found.asked.method,
                found.asked.block,
                names[example.image_id],
                *(shares or (None, None)),
                *said.probabilities,
            )
        )
    return replace(found, rows=tuple(rows), outlines=tuple(outlines))
