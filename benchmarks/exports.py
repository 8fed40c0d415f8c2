"""Exports of 100,000 crystals, and the report of a project of the source team's size."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Callable

    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.storage.project_store import ProjectStore

EXPERTS = ("AY", "BK", "CM")
MANY, SHEETS = 100_000, 20
CRYSTALS, MICROGRAPHS, SIDE = 1852, 48, 2048
ROW_PX, AIM_S = 40, 30


def measure() -> list[Figure]:
    """Write a large project as COCO and label images, and the report of an ordinary one."""
    with tempfile.TemporaryDirectory() as folder:
        return [*_exports(Path(folder) / "many"), _report(Path(folder) / "usual")]


def _exports(folder: Path) -> list[Figure]:
    project = _alone(_make_many, folder)[0]
    figures = []
    for name, aim in (("coco", "20 s"), ("labels", "")):
        spent = _said(*_alone(_export, project, name, folder / name))
        figures.append(Figure(f"{MANY:,} crystals as {name}", spent, aim))
    return figures


def _report(folder: Path) -> Figure:
    project = _alone(_make_usual, folder)[0]
    spent = _said(*_alone(_write_report, project, folder / "report.html"))
    size = (folder / "report.html").stat().st_size / 1e6
    what = f"report of {MICROGRAPHS} micrographs of {SIDE} px and {CRYSTALS:,} crystals"
    return Figure(what, f"{spent}, a file of {size:.0f} MB", f"{AIM_S} s")


def _said(spent: float, worked: float, peak: float) -> str:
    return f"{spent:.1f} s ({worked:.1f} s of processor time), memory at most {peak:.0f} MB"


def _alone(work: Callable, *arguments: object) -> tuple:
    """Work in a process of its own, so that its largest memory can be asked for."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def _export(project: Path, name: str, folder: Path) -> tuple[float, float, float]:
    from microcrystalnet.report.formats import write_formats

    return _timed(project, lambda store: write_formats([name], store, folder))


def _write_report(project: Path, path: Path) -> tuple[float, float, float]:
    from microcrystalnet.report.html import write_report

    return _timed(project, lambda store: write_report(store, path))


def _timed(project: Path, work: Callable) -> tuple[float, float, float]:
    from microcrystalnet.storage.project_store import ProjectStore

    begun, worked = time.perf_counter(), time.process_time()
    store = ProjectStore.open(project, "AY", mirror_root=project.parent / "mirror")
    work(store)
    spent, worked = time.perf_counter() - begun, time.process_time() - worked
    store.close()
    unit = 1 if sys.platform == "darwin" else 1024
    return spent, worked, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _make_many(folder: Path) -> tuple[Path]:
    """Make a project of 20 large micrographs with 5,000 discs each."""
    from microcrystalnet.domain.crystal import MaskSource

    store = _create(folder)
    each, side = MANY // SHEETS, ROW_PX * 72
    for at in range(SHEETS):
        image_id = _add(store, folder, f"m{at}.tif", np.full((side, side), at, np.uint8))
        store.put_masks(image_id, [_disc(n, 72, ROW_PX) for n in range(each)], MaskSource.AUTO)
    store.close(600)
    return (folder / "project",)


def _make_usual(folder: Path) -> tuple[Path]:
    """Make a project of 48 micrographs, labelled by three experts and predicted."""
    from scipy.ndimage import gaussian_filter

    from microcrystalnet.domain.crystal import MaskSource

    generator = np.random.default_rng(0)
    texture = gaussian_filter(generator.normal(0, 1, (SIDE, SIDE)), 6) * 900 + 110
    pixels = np.clip(texture + generator.normal(0, 8, texture.shape), 0, 255).astype(np.uint8)
    store = _create(folder)
    for at in range(MICROGRAPHS):
        image_id = _add(store, folder, f"m{at}.tif", np.roll(pixels, 40 * at, axis=0))
        count = CRYSTALS // MICROGRAPHS + (at < CRYSTALS % MICROGRAPHS)
        store.put_masks(image_id, [_disc(n, 7, 280) for n in range(count)], MaskSource.AUTO)
    _label(store, generator)
    _predict(store, generator)
    store.close(600)
    return (folder / "project",)


def _create(folder: Path) -> ProjectStore:
    from microcrystalnet.storage.project_store import ProjectStore

    folder.mkdir()
    return ProjectStore.create(folder / "project", "AY", mirror_root=folder / "mirror")


def _add(store: ProjectStore, folder: Path, name: str, pixels: np.ndarray) -> str:
    import tifffile

    from microcrystalnet.domain.micrograph import PixelSize, ScaleSource
    from microcrystalnet.micrographs.reader import describe

    tifffile.imwrite(folder / name, pixels)
    image_id = store.add_micrograph(folder / name, describe(folder / name)).image_id
    store.set_pixel_size(image_id, PixelSize.square(10), ScaleSource.USER)
    return image_id


def _disc(number: int, columns: int, pitch: int) -> Mask:
    from microcrystalnet.domain.mask import Mask

    radius = pitch * 0.42 * (0.6 + 0.4 * np.sin(number) ** 2)
    rows, cols = np.ogrid[:pitch, :pitch]
    inside = (rows - pitch / 2) ** 2 + 1.3 * (cols - pitch / 2) ** 2 < radius**2
    return Mask.from_pixels(inside, number // columns * pitch, number % columns * pitch)


def _label(store: ProjectStore, generator: np.random.Generator) -> None:
    from microcrystalnet.domain.label import Answer

    codes = store.state.scheme.codes
    crystals = [c for i in store.state.micrographs for c in store.state.crystals(i)]
    truth = generator.integers(0, 4, len(crystals))
    for expert in EXPERTS:
        store.become(expert)
        slips = generator.integers(0, 4, len(crystals))
        said = np.where(generator.random(len(crystals)) < 0.86, truth, slips)
        words = zip(crystals, said.tolist(), strict=True)
        store.label_many({crystal: Answer(codes[code]) for crystal, code in words})
    store.become("AY")


def _predict(store: ProjectStore, generator: np.random.Generator) -> None:
    from microcrystalnet.domain.prediction import Prediction
    from microcrystalnet.learning.dataset import CropRecipe
    from microcrystalnet.learning.model_folder import save
    from microcrystalnet.learning.networks.released import released
    from microcrystalnet.learning.records import FORMAT, ModelCard

    scheme = store.state.scheme
    model_id, folder = store.new_model_folder()
    card = ModelCard(
        FORMAT, "2026-01-01", released(64, 4), scheme.codes, scheme, CropRecipe(), 1.0, "imported"
    )
    save(folder, card, {"logits/bias": np.zeros(4, np.float32)})
    for image_id in store.state.micrographs:
        crystals = list(store.state.crystals(image_id))
        shares = generator.dirichlet([1, 1, 1, 1], len(crystals)).tolist()
        said = [
            Prediction(crystal, model_id, scheme.codes, tuple(row))
            for crystal, row in zip(crystals, shares, strict=True)
        ]
        store.write_predictions(model_id, image_id, said)
