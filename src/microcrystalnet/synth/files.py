"""Writes scenes as a microscope and an export would: TIFF, sidecar, labels, truth, experts."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile

from microcrystalnet.domain.label import Answer
from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.synth.databar import sidecar
from microcrystalnet.synth.experts import difficulty, simulate
from microcrystalnet.synth.scene import Scene, render

TRUTH_COLUMNS = (
    *("image", "crystal", "class", "row", "col"),
    *("area_px", "diameter_um", "visible_share", "difficulty"),
)
EXPERT_COLUMNS = ("image", "crystal", "expert", "label")


@dataclass(frozen=True, slots=True)
class WrittenScenes:
    """Where `write_scenes` put things; label images in the order of the micrographs."""

    micrographs: tuple[Path, ...]
    label_images: tuple[Path, ...]
    truth: Path
    experts: tuple[Path, ...]
    crystals: int


def write_micrograph(path: Path, scene: Scene) -> None:
    """Write ``path`` (TIFF without a scale of its own) and the JEOL sidecar beside it."""
    tifffile.imwrite(path, scene.pixels, compression="zlib", predictor=True, metadata=None)
    shape = (scene.region.height, scene.region.width)
    path.with_suffix(".txt").write_text(sidecar(shape, scene.scale_bar, scene.conditions))


def difficulties(scene: Scene) -> tuple[float, ...]:
    """How hard each crystal of a scene is to name, 0..1."""
    return tuple(
        difficulty(each.share, 2 * np.sqrt(each.mask.area / np.pi), each.doubt)
        for each in scene.crystals
    )


def write_scenes(
    folder: Path,
    micrographs: int,
    seed: int,
    shape: tuple[int, int] = (1024, 1024),
    report: Report = ignore_progress,
    *,
    difficulty: float = 0.0,
) -> WrittenScenes:
    """Render and write scenes with their truth and three experts' answers.

    Raises
    ------
    MicroCrystalError
        If fewer than one micrograph is asked for, or the folder cannot be made.
    """
    if micrographs < 1:
        raise MicroCrystalError(f"{micrographs} micrographs cannot be rendered; ask for 1 or more.")
    _make_folder(folder)
    truth: list[Sequence[object]] = []
    answers: dict[str, list[Sequence[object]]] = {}
    images, labels = [], []
    for number in range(micrographs):
        report(Progress(number, micrographs, f"Rendering micrograph {number + 1}"))
        scene = render(seed * 1000 + number, shape, difficulty=difficulty)
        images.append(folder / f"scene_{number + 1:03d}.tif")
        labels.append(folder / f"scene_{number + 1:03d}_labels.tif")
        write_micrograph(images[-1], scene)
        tifffile.imwrite(labels[-1], scene.labels(), compression="zlib", metadata=None)
        truth.extend(_truth_rows(images[-1].name, scene))
        spoken = simulate(scene.classes, seed * 1000 + number, difficulties(scene))
        for expert, given in spoken.items():
            answers.setdefault(expert, []).extend(_answer_rows(images[-1].name, expert, given))
    report(Progress(micrographs, micrographs, "Rendered"))
    truth_file = _write_csv(folder / "truth.csv", TRUTH_COLUMNS, truth)
    experts = [
        _write_csv(folder / f"expert_{expert}.csv", EXPERT_COLUMNS, rows)
        for expert, rows in answers.items()
    ]
    return WrittenScenes(tuple(images), tuple(labels), truth_file, tuple(experts), len(truth))


def answer_text(answer: Answer) -> str:
    """Write an answer as one word: a class code, ``unclear`` or ``not_crystal``."""
    return "not_crystal" if answer.discards else answer.cls or "unclear"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as trouble:
        raise MicroCrystalError(
            f"The folder {folder} cannot be made ({trouble.strerror}); choose another."
        ) from trouble


def _truth_rows(image: str, scene: Scene) -> Iterable[Sequence[object]]:
    pairs = zip(scene.crystals, difficulties(scene), strict=True)
    for number, (crystal, hard) in enumerate(pairs, 1):
        row, col = crystal.mask.centre
        diameter = 2 * np.sqrt(crystal.mask.area / np.pi) * scene.pixel_size.nm / 1000
        where = f"{row:.2f}", f"{col:.2f}", crystal.mask.area, f"{diameter:.4f}"
        yield image, number, crystal.cls, *where, f"{crystal.share:.4f}", f"{hard:.4f}"


def _answer_rows(image: str, expert: str, given: Sequence[Answer]) -> Iterable[Sequence[object]]:
    for index, answer in enumerate(given):
        yield image, index + 1, expert, answer_text(answer)


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(columns)
        writer.writerows(rows)
    return path
