"""One rendered micrograph with the exact truth: visible masks, classes, scale."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import PixelSize, Region
from microcrystalnet.errors import MicroCrystalError
from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.synth.camera import CameraSettings, line_drift, record, shift_lines
from microcrystalnet.synth.databar import Conditions, ScaleBar, databar
from microcrystalnet.synth.hardship import check_difficulty, harden
from microcrystalnet.synth.light import LightSettings, shine
from microcrystalnet.synth.pile import Pile, PileSettings, heap_up

SMALLEST_VIEW, LARGEST_VIEW = 128, 8192


@dataclass(frozen=True, slots=True)
class SceneSettings:
    """Everything about a scene that is not drawn from its seed.

    A crystal counts when at least ``least_share`` of it and ``least_diameter`` squared pixels show;
    what shows less is rubble without a label. ``databar_rows`` None is a sixteenth of the view.
    """

    pile: PileSettings = field(default_factory=PileSettings)
    light: LightSettings = field(default_factory=LightSettings)
    camera: CameraSettings = field(default_factory=CameraSettings)
    least_share: float = 0.50
    least_diameter: float = 32.0
    pixel_nm: float = 12.5
    databar_rows: int | None = None
    title: str = "scene"


@dataclass(frozen=True, slots=True)
class RenderedCrystal:
    """The truth of one crystal.

    ``share`` is its visible part, ``doubt`` how much its shape leans to the neighbouring class,
    both 0..1.
    """

    mask: Mask
    cls: str
    share: float
    doubt: float


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A rendered micrograph and its truth.

    ``pixels`` is (height + databar_rows, width) uint8; ``region`` leaves the databar out.
    """

    pixels: NDArray[np.uint8]
    region: Region
    crystals: tuple[RenderedCrystal, ...]
    scale_bar: ScaleBar
    conditions: Conditions

    @property
    def masks(self) -> tuple[Mask, ...]:
        """The visible part of each crystal."""
        return tuple(crystal.mask for crystal in self.crystals)

    @property
    def classes(self) -> tuple[str, ...]:
        """The class of each crystal, in the order of ``masks``."""
        return tuple(crystal.cls for crystal in self.crystals)

    @property
    def pixel_size(self) -> PixelSize:
        """Size of one pixel."""
        return self.scale_bar.pixel_size

    def labels(self) -> NDArray[np.uint32]:
        """Give the masks as one image like ``pixels``: 0 nothing, n the n-th crystal."""
        image = np.zeros(self.pixels.shape, np.uint32)
        for number, mask in enumerate(self.masks, 1):
            image[mask.slices][mask.pixels] = number
        return image


def vary(settings: SceneSettings, random: np.random.Generator) -> SceneSettings:
    """Draw one microscope session: detector side, focus, noise, mix of classes, scale."""
    mix = random.dirichlet(np.full(4, 12.0))
    return replace(
        settings,
        pile=replace(
            settings.pile,
            mix=dict(zip(settings.pile.mix, mix.tolist(), strict=True)),
            sink=float(random.uniform(0.15, 0.40)),
            pores=float(random.uniform(0.04, 0.14)),
        ),
        light=replace(
            settings.light,
            detector=float(random.uniform(-2.4, -0.7)),
            side=float(random.uniform(0.2, 0.45)),
            tilt_gain=float(random.uniform(0.6, 0.95)),
            edge_gain=float(random.uniform(0.8, 1.2)),
            shadow=float(random.uniform(1.4, 2.4)),
        ),
        camera=replace(
            settings.camera,
            beam=float(random.uniform(0.8, 1.3)),
            dose=float(random.uniform(60, 160)),
            exposure=float(random.uniform(0.36, 0.46)),
            charging=float(random.uniform(0.05, 0.30)),
        ),
        pixel_nm=settings.pixel_nm * float(random.uniform(0.8, 1.25)),
    )


def render(
    seed: int,
    shape: tuple[int, int] = (1024, 1024),
    settings: SceneSettings | None = None,
    report: Report = ignore_progress,
    *,
    difficulty: float = 0.0,
) -> Scene:
    """Render a scene of ``shape`` (height, width) without databar; a seed always gives the same.

    Without ``settings``, the microscope session is drawn from the seed too, as good or bad as
    ``difficulty`` (0 clear .. 1 hard; see `microcrystalnet.synth.hardship`) says.

    Raises
    ------
    MicroCrystalError
        If a side of ``shape`` is under 128 or over 8192 pixels, or the difficulty not 0 to 1.
    """
    check_difficulty(difficulty)
    if not all(SMALLEST_VIEW <= side <= LARGEST_VIEW for side in shape):
        raise MicroCrystalError(
            f"A scene of {shape[0]} x {shape[1]} pixels cannot be rendered; "
            f"choose sides from {SMALLEST_VIEW} to {LARGEST_VIEW}."
        )
    random = np.random.default_rng(seed)
    used = settings or vary(SceneSettings(title=f"MCN{seed:04d}"), random)
    used = harden(used, difficulty, random)
    pile = heap_up(shape, used.pile, random, report)
    drift = line_drift(shape[0], used.camera, random)
    emitted = shift_lines(shine(pile, used.light, random), drift, 1).astype(np.float32)
    view = record(emitted, used.camera, random)
    owner = shift_lines(pile.heap.owner[pile.heap.view], drift, 0).astype(np.int32)
    bar = ScaleBar.fit(shape[1], used.pixel_nm)
    conditions = Conditions(magnification=_magnification(bar, shape[1]), title=used.title)
    rows = max(16, shape[0] // 16) if used.databar_rows is None else used.databar_rows
    pixels = np.vstack([view, databar(shape[1], rows, bar, conditions)])
    crystals = tuple(_visible_crystals(owner, pile, used))
    return Scene(pixels, Region(0, 0, *shape), crystals, bar, conditions)


def _visible_crystals(
    owner: NDArray[np.int32], pile: Pile, settings: SceneSettings
) -> Iterator[RenderedCrystal]:
    """Give the crystals that show enough to be outlined, in order of their number."""
    for index, window in enumerate(ndimage.find_objects(owner, len(pile.solids))):
        if window is None:
            continue
        mask = Mask.from_pixels(owner[window] == index + 1, window[0].start, window[1].start)
        share = min(1.0, mask.area / max(pile.footprints[index], 1))
        if mask.area >= settings.least_diameter**2 and share >= settings.least_share:
            solid = pile.solids[index]
            yield RenderedCrystal(mask, solid.cls, share, solid.doubt)


def _magnification(bar: ScaleBar, width: int) -> int:
    """Give the magnification of a 128 mm wide print, as JEOL does, to two digits."""
    value = 128e6 / (width * bar.pixel_size.nm)
    digits = 10 ** max(int(np.log10(value)) - 1, 0)
    return int(round(value / digits) * digits)
