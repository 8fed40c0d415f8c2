"""Big rendered scenes for the benchmarks, kept in a temporary folder between runs."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile
from numpy.typing import NDArray

import microcrystalnet.synth as renderer
from microcrystalnet.domain.mask import Mask
from microcrystalnet.imaging.instances import from_labels
from microcrystalnet.synth.files import write_micrograph
from microcrystalnet.synth.pile import PileSettings
from microcrystalnet.synth.scene import SceneSettings, render

SIDE = 2048
# Median diameters that leave about this many crystals visible in a view of SIDE x SIDE pixels.
DIAMETERS = {180: 162.0, 2000: 44.0}
LEAST_DIAMETERS = {180: 32.0, 2000: 12.0}


@dataclass(frozen=True, slots=True, eq=False)
class BenchScene:
    """A micrograph file with its JEOL text, and the exact masks in it."""

    path: Path
    pixels: NDArray[np.uint8]
    masks: tuple[Mask, ...]


def scene_of(crystals: int, seed: int = 0) -> BenchScene:
    """Give a 2048 x 2048 scene (and databar) with about 180 or about 2,000 visible crystals."""
    folder = Path(tempfile.gettempdir()) / f"napari-mcn-bench-{_version()}"
    path = folder / f"scene_{crystals}_{seed}.tif"
    labels = path.with_name(f"{path.stem}_labels.tif")
    if not labels.exists():
        folder.mkdir(exist_ok=True)
        pile = PileSettings(diameter=DIAMETERS[crystals], layers=1.8, crumbs=0.3)
        settings = SceneSettings(pile=pile, least_diameter=LEAST_DIAMETERS[crystals])
        scene = render(seed, (SIDE, SIDE), settings)
        write_micrograph(path, scene)
        tifffile.imwrite(labels, scene.labels(), compression="zlib")
    return BenchScene(path, tifffile.imread(path), tuple(from_labels(tifffile.imread(labels))))


def _version() -> str:
    """Give a short name for the renderer's source, so that a changed one renders anew."""
    sources = sorted(Path(renderer.__path__[0]).glob("*.py"))
    content = b"".join(path.read_bytes() for path in sources)
    return hashlib.blake2b(content, digest_size=4).hexdigest()


if __name__ == "__main__":
    for count in DIAMETERS:
        print(count, len(scene_of(count).masks), scene_of(count).path)
