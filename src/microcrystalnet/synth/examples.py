"""Rendered examples of the four classes: the pictures of the atlas, made once and shipped.

Make them again with ``python -m microcrystalnet.synth.examples src/microcrystalnet/atlas``.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.synth.pile import PileSettings
from microcrystalnet.synth.scene import RenderedCrystal, Scene, SceneSettings, render, vary

SIDE = 96  # pixels of a picture
VIEW, DIAMETER = (512, 512), 120.0
TYPICAL, DOUBTFUL = 4, 2
SEEDS = {"RES": (11, 12), "PES": (21, 22, 23), "AA": (31, 32), "SA": (41, 42, 43)}
_LEAST_SHARE, _ROOM = 0.85, 1.15


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One rendered crystal: ``pixels`` (side, side) uint8, its class and how doubtful it is."""

    cls: str
    doubt: float
    pixels: NDArray[np.uint8]


def examples_of(cls: str, seed: int) -> Iterator[Example]:
    """Render a heap of one class, and give its crystals that show almost whole."""
    random = np.random.default_rng(seed)
    mix = {each: 1.0 if each == cls else 0.02 for each in FOUR_CLASSES.codes}
    settings = vary(SceneSettings(databar_rows=16), random)
    pile = replace(PileSettings(), diameter=DIAMETER, mix=mix)
    scene = render(seed, VIEW, replace(settings, pile=pile))
    for crystal in scene.crystals:
        if crystal.cls == cls and crystal.share >= _LEAST_SHARE and _is_whole(crystal.mask):
            yield Example(cls, crystal.doubt, _picture(scene, crystal))


def make_sheets(folder: Path, report: Report = ignore_progress) -> None:
    """Write one PNG a picture, ``<CODE>_<n>.png``: first the typical ones, then the doubtful."""
    folder.mkdir(parents=True, exist_ok=True)
    for done, (cls, seeds) in enumerate(SEEDS.items()):
        report(Progress(done, len(SEEDS), f"Rendering {cls}"))
        found = sorted(
            (each for seed in seeds for each in examples_of(cls, seed)), key=lambda each: each.doubt
        )
        for number, example in enumerate([*found[:TYPICAL], *found[TYPICAL:][-DOUBTFUL:]], 1):
            Image.fromarray(example.pixels).save(folder / f"{cls}_{number}.png", optimize=True)


def _is_whole(mask: Mask) -> bool:
    box = mask.region
    return box.row0 > 0 and box.col0 > 0 and box.row1 < VIEW[0] and box.col1 < VIEW[1]


def _picture(scene: Scene, crystal: RenderedCrystal) -> NDArray[np.uint8]:
    """Cut a crystal out with its surroundings, scaled to `SIDE`."""
    box = crystal.mask.region
    side = round(_ROOM * max(box.height, box.width))
    row0, col0 = (box.row0 + box.row1 - side) // 2, (box.col0 + box.col1 - side) // 2
    view = Image.fromarray(scene.pixels[: VIEW[0]])
    cut = view.crop((col0, row0, col0 + side, row0 + side))
    return np.asarray(cut.resize((SIDE, SIDE), Image.Resampling.LANCZOS), np.uint8)


if __name__ == "__main__":
    make_sheets(Path(sys.argv[1]))
