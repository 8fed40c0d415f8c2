"""Renders scenes of microcrystalline calcite to train on beside the annotated pictures."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.segmentation.training.pictures import Picture, make_picture
from microcrystalnet.synth.scene import SceneSettings, render, vary

FIRST_SEED = 5000  # far from the seeds of the sample project, which is looked at, not learnt
SIDE = 768


def render_scenes(folder: Path, count: int, report: Report = ignore_progress) -> None:
    """Write ``count`` scenes as ``<seed>.png`` and ``<seed>_labels.png``; existing ones are kept.

    Crystals are labelled from three tenths visible on, since an outline is wanted for those too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        seed = FIRST_SEED + number
        target = folder / f"{seed}_labels.png"
        report(Progress(number, count, f"Rendering scene {seed}"))
        if not target.exists():
            _render(folder, target, seed)


def _render(folder: Path, target: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    settings = vary(SceneSettings(), random)
    pile = replace(settings.pile, diameter=float(random.uniform(70, 150)))
    settings = replace(settings, pile=pile, least_share=0.3, least_diameter=20.0)
    scene = render(seed, (SIDE, SIDE), settings)
    Image.fromarray(scene.pixels).save(folder / f"{seed}.png")
    Image.fromarray(scene.labels().astype(np.uint16)).save(target)


def load_scenes(folder: Path) -> list[Picture]:
    """Read the scenes that were rendered into a folder."""
    return [
        make_picture(
            path.name.removesuffix("_labels.png"),
            np.asarray(Image.open(path.with_name(path.name.replace("_labels", ""))).convert("L")),
            np.asarray(Image.open(path)).astype(np.uint16),
        )
        for path in sorted(folder.glob("*_labels.png"))
    ]
