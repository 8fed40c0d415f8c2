"""Fills a view with crystals of the four classes, grown together over pores and rubble."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy import ndimage

from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.synth.blobs import blobs
from microcrystalnet.synth.facets import facets
from microcrystalnet.synth.grain import Field, Grain
from microcrystalnet.synth.heap import Heap
from microcrystalnet.synth.patch import Patch, Relief
from microcrystalnet.synth.planes import Planes
from microcrystalnet.synth.solids import FORMS, Solid, amorphous

# Lumps are wide and rhombs slim: these shares of all crystals show about as many of each class.
EVEN_MIX: Mapping[str, float] = {"RES": 0.30, "PES": 0.26, "AA": 0.20, "SA": 0.24}
CANDIDATES = 24
SMALLEST, LARGEST = 0.35, 2.2  # diameters over the median
CRUMB, CRUMB_SINK = 0.05, 0.5


@dataclass(frozen=True, slots=True)
class PileSettings:
    """What lies in the view.

    ``diameter`` is the median in pixels, ``spread`` the deviation of its logarithm; ``layers`` how
    often the crystals would cover the view; ``sink`` (0 loose .. 0.5 grown together) the share of a
    crystal's underside that may enter those below; ``pores`` the share of the view kept free;
    ``crumbs`` how many crumbs lie on a crystal; ``likeness`` (0..1) how alike the classes are.
    """

    diameter: float = 165.0
    spread: float = 0.30
    layers: float = 2.2
    sink: float = 0.25
    pores: float = 0.10
    crumbs: float = 1.5
    likeness: float = 0.0
    mix: Mapping[str, float] = field(default_factory=lambda: dict(EVEN_MIX))


@dataclass(frozen=True, slots=True, eq=False)
class Pile:
    """The finished heap and the truth about it.

    ``owner`` of the heap is 0 for the ground, else 1 + the index into ``solids``; ``footprints``
    counts the pixels of the view each solid would show if nothing lay on it.
    """

    heap: Heap
    solids: tuple[Solid, ...]
    footprints: tuple[int, ...]


def heap_up(
    shape: tuple[int, int],
    settings: PileSettings,
    random: np.random.Generator,
    report: Report = ignore_progress,
) -> Pile:
    """Fill a view of ``shape`` with crystals; the same random state gives the same pile."""
    grain = Grain.grow(random)
    margin = int(settings.diameter * 0.6)
    ground, kept_free = _ground((shape[0] + 2 * margin, shape[1] + 2 * margin), settings, random)
    heap = Heap.on(ground, margin)
    solids: list[Solid] = []
    footprints: list[int] = []
    covered, to_cover = 0, int(settings.layers * ground.size)
    while covered < to_cover:
        solid = _draw(settings, random)
        patch = _cast(solid, grain, random)
        places = random.integers(0, ground.shape, (CANDIDATES, 2))
        place = heap.lowest(places, int(settings.diameter / 4), kept_free)
        solids.append(solid)
        footprints.append(heap.drop(patch, place, settings.sink, len(solids)))
        covered += max(int(np.count_nonzero(patch.inside)), 1)
        report(Progress(min(covered, to_cover), to_cover, "Piling up crystals"))
    _sprinkle(heap, settings, grain, random)
    return Pile(heap, tuple(solids), tuple(footprints))


def _draw(settings: PileSettings, random: np.random.Generator) -> Solid:
    """Choose a class and a log-normal size."""
    codes = list(settings.mix)
    shares = np.array([settings.mix[code] for code in codes])
    code = codes[int(random.choice(len(codes), p=shares / shares.sum()))]
    size = float(np.exp(settings.spread * random.standard_normal()))
    diameter = settings.diameter * min(max(size, SMALLEST), LARGEST)
    return FORMS[code](random, diameter, settings.likeness)


def _cast(solid: Solid, grain: Grain, random: np.random.Generator) -> Patch:
    relief = Relief(solid.skin, grain, random.uniform(0, 1000, 3).astype(np.float32))
    if isinstance(solid.form, Planes):
        return facets(solid.form, solid.reach, solid.edge, relief)
    return blobs(solid.form, solid.reach, relief)


def _ground(
    shape: tuple[int, int], settings: PileSettings, random: np.random.Generator
) -> tuple[Field, Field]:
    """Give the height of the rubble, and how little crystals like to lie where pores stay."""
    scale = settings.diameter
    widths = scale / np.array([40, 16, 6])
    rubble = sum(_hills(shape, width, random) * np.float32(0.6 * width) for width in widths)
    openings = _hills(shape, scale * 0.45, random)
    above = openings - np.quantile(openings, 1 - settings.pores)
    kept_free = np.clip(above * 4, 0, 1) * np.float32(3 * scale)
    return np.asarray(rubble, np.float32), kept_free.astype(np.float32)


def _hills(shape: tuple[int, int], width: float, random: np.random.Generator) -> Field:
    """Give smooth random numbers (deviation 1) that change over ``width`` pixels."""
    white = random.standard_normal(shape).astype(np.float32)
    hills: Field = ndimage.gaussian_filter(white, width, truncate=3)
    hills /= hills.std()
    return hills


def _sprinkle(
    heap: Heap, settings: PileSettings, grain: Grain, random: np.random.Generator
) -> None:
    """Let crumbs fall that stick where they land and belong to what lies below."""
    crystal_area = settings.diameter**2 * 0.7
    for _ in range(int(settings.crumbs * heap.height.size / crystal_area)):
        size = settings.diameter * CRUMB * float(np.exp(0.5 * random.standard_normal()))
        patch = _cast(amorphous(random, max(size, 3.0)), grain, random)
        place = [int(at) for at in random.integers(0, heap.height.shape)]
        heap.drop(patch, place, CRUMB_SINK, None)
