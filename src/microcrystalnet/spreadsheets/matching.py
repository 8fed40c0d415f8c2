"""Which crystal of the project a row of a spreadsheet means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph, Region
from microcrystalnet.imaging.meeting import meeting
from microcrystalnet.spreadsheets.source_team import beside

BY_ID, BY_CROP, BY_LABELS, BY_NUMBER = "id", "crop", "label image", "number"
LEAST_IOU = 0.5
LEAST_LIKENESS = 0.9  # normalised cross-correlation of a crop with its place
_BEYOND_DOUBT = 0.98
_LIKELIEST = 4  # windows that a crop is compared with pixel by pixel
_COARSE = 24  # pixels that the shorter side of a crop keeps at least, where it has them
_SLACK = 12  # pixels by which another person's outline may be larger or smaller
_RELATIVE_SLACK = 0.25  # the same, of the crop's side


@dataclass(frozen=True, slots=True)
class Match:
    """The crystals that names stand for, and how they were found."""

    by: str
    crystals: Mapping[str, str]  # id by name


class MicrographNames:
    """What micrographs are called: file name, stem and id, looked up however many rows ask.

    Parameters
    ----------
    micrographs
        By id.
    """

    def __init__(self, micrographs: Mapping[str, Micrograph]) -> None:
        self._called: dict[str, list[Micrograph]] = {}
        for each in micrographs.values():
            file = PurePath(each.file_name)
            for name in {file.name.casefold(), file.stem.casefold(), each.image_id}:
                self._called.setdefault(name, []).append(each)

    def find(self, names: Sequence[str]) -> tuple[Micrograph, ...]:
        """Give the micrographs that the first fitting name stands for, in their order."""
        for name in names:
            wanted = {name.casefold(), PurePath(name.replace("\\", "/")).name.casefold()} - {""}
            if fitting := [each for called in wanted for each in self._called.get(called, ())]:
                return tuple({each.image_id: each for each in fitting}.values())
        return ()


def find_micrograph(
    names: Sequence[str], micrographs: Mapping[str, Micrograph]
) -> tuple[Micrograph, ...]:
    """Give the micrographs that the first fitting name stands for: a file's name, stem or id."""
    return MicrographNames(micrographs).find(names)


def by_id(names: Sequence[str], crystals: Mapping[str, Crystal]) -> Match:
    """Match the program's own ids."""
    ids = {each.casefold(): each for each in crystals}
    return Match(BY_ID, {n: ids[n.casefold()] for n in names if n.casefold() in ids})


def by_number(names: Sequence[str], crystals: Mapping[str, Crystal]) -> Match:
    """Match numbers with the order of the crystals, 1 first, as label images number them."""
    numbered = {str(number): each for number, each in enumerate(crystals, 1)}
    return Match(BY_NUMBER, {name: numbered[name] for name in names if name in numbered})


def by_masks(masks: Mapping[str, Mask], crystals: Mapping[str, Crystal]) -> Match:
    """Match outlines of a label image with crystals, one to one, the best overlap first."""
    names, ids = list(masks), list(crystals)
    drawn, outlined = list(masks.values()), [each.mask for each in crystals.values()]
    scores = {
        (names[one], ids[other]): drawn[one].iou(outlined[other])
        for one, other in meeting(drawn, outlined)
    }
    return Match(BY_LABELS, _one_to_one(scores, LEAST_IOU))


def by_crops(
    crops: Mapping[str, NDArray[np.generic]],
    crystals: Mapping[str, Crystal],
    pixels: NDArray[np.generic],
) -> Match:
    """Match crops with the places of the micrograph that look like them, one to one.

    Each crop is laid over every crystal of about its size and shifted about; black pixels, with
    which an exported crop fills what lies outside the crystal, do not count.

    Parameters
    ----------
    crops : name -> (height, width)
    pixels : (height, width)
        The recorded micrograph.
    """
    scores: dict[tuple[str, str], float] = {}
    for name, crop in crops.items():
        near = {
            each: _window(pixels, crystal.mask.region, crop.shape)
            for each, crystal in crystals.items()
            if _similar(crop.shape, crystal.mask.region)
        }
        scores |= {(name, each): score for each, score in _compared(crop, near).items()}
    return Match(BY_CROP, _one_to_one(scores, LEAST_LIKENESS))


def _compared(
    crop: NDArray[np.generic], near: Mapping[str, NDArray[np.generic]]
) -> dict[str, float]:
    """Compare a crop with the likeliest of some windows, until one is beyond doubt.

    Which are likeliest is seen on coarser pixels, at a fraction of the cost.
    """
    step = max(1, min(crop.shape) // _COARSE)
    small = _coarser(crop, step)
    rough = {each: likeness(small, _coarser(window, step)) for each, window in near.items()}
    found: dict[str, float] = {}
    for each in sorted(rough, key=lambda each: -rough[each])[:_LIKELIEST]:
        found[each] = likeness(crop, near[each])
        if found[each] >= _BEYOND_DOUBT:
            break
    return found


def _coarser(pixels: NDArray[np.generic], step: int) -> NDArray[np.float64]:
    """Give the means of squares of ``step`` pixels; what is left at the edges is cut off."""
    rows, cols = pixels.shape[0] // step, pixels.shape[1] // step
    squares = pixels[: rows * step, : cols * step].reshape(rows, step, cols, step)
    means: NDArray[np.float64] = squares.astype(np.float64).mean(axis=(1, 3))
    return means


def _similar(shape: tuple[int, ...], box: Region) -> bool:
    pairs = zip(shape, (box.height, box.width), strict=True)
    return all(abs(a - b) <= max(_SLACK, _RELATIVE_SLACK * a) for a, b in pairs)


def _window(
    pixels: NDArray[np.generic], box: Region, shape: tuple[int, ...]
) -> NDArray[np.generic]:
    """Give the surroundings of a crystal in which a crop of this shape can be shifted about."""
    rows = (max(shape[0] - box.height, 0) + _SLACK, max(shape[1] - box.width, 0) + _SLACK)
    return pixels[
        max(box.row0 - rows[0], 0) : box.row1 + rows[0],
        max(box.col0 - rows[1], 0) : box.col1 + rows[1],
    ]


def likeness(crop: NDArray[np.generic], window: NDArray[np.generic]) -> float:
    """Give the best normalised cross-correlation (-1..1) of a crop anywhere in a window.

    Zero pixels of the crop are left out (Padfield 2012, masked registration with a mask of the
    template only).

    Parameters
    ----------
    crop, window : (height, width)
    """
    if any(a > b for a, b in zip(crop.shape, window.shape, strict=True)):
        return -1.0
    values, there = crop.astype(np.float64), window.astype(np.float64)
    seen = (values > 0).astype(np.float64)
    count = seen.sum()
    if count < 16:
        return -1.0
    there -= there.mean()  # keeps the squares small, so that differences stay exact
    template = (values - values[seen > 0].mean()) * seen
    sums, squares = _slide(there, seen), _slide(there**2, seen)
    spread = np.sqrt(np.maximum(squares - sums**2 / count, 0) * (template**2).sum())
    flat = spread <= 1e-6 * count
    score = np.where(flat, -1.0, _slide(there, template) / np.where(flat, 1.0, spread))
    return float(score.max())


def _slide(window: NDArray[np.float64], kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    slid: NDArray[np.float64] = signal.fftconvolve(window, kernel[::-1, ::-1], mode="valid")
    return slid


def _one_to_one(scores: Mapping[tuple[str, str], float], least: float) -> dict[str, str]:
    found: dict[str, str] = {}
    taken: set[str] = set()
    for (name, crystal_id), score in sorted(scores.items(), key=lambda each: -each[1]):
        if score < least:
            break
        if name not in found and crystal_id not in taken:
            found[name] = crystal_id
            taken.add(crystal_id)
    return found


def label_image_of(path: Path) -> Path | None:
    """Give the label image beside a table: ``<stem>_labels`` of the folder's or the file's name."""
    folder = path.resolve().parent
    stems = {folder.name.casefold(), path.stem.casefold(), path.stem.rpartition("_")[0].casefold()}
    wanted = {f"{stem}_labels" for stem in stems}
    for each in beside(folder):
        if each.stem.casefold() in wanted and each.suffix.casefold() in {".tif", ".tiff", ".png"}:
            return each
    return None
