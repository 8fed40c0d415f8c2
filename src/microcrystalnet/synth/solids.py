"""The shapes of the four classes: planes for faceted crystals, ellipsoids for the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from microcrystalnet.synth.planes import (
    Planes,
    Vectors,
    calcite_rhombohedron,
    even_polyhedron,
    random_rotation,
    truncated_rhombohedron,
    unit,
)


@dataclass(frozen=True, slots=True)
class Skin:
    """How uneven a surface is; heights and lengths in pixels.

    ``waves`` bend it, ``grit`` is fine roughness, ``pits`` is the share of etched area,
    ``ledges`` the height of growth steps.
    """

    waves: float = 0.0
    wave_length: float = 60.0
    octaves: int = 2
    grit: float = 0.2
    pits: float = 0.0
    pit_width: float = 20.0
    ledges: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Ellipsoids:
    """The union of ``|shapes @ (p - centres)| <= 1``; (m, 3) and (m, 3, 3)."""

    centres: Vectors
    shapes: Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Solid:
    """One crystal around the origin, axes (row, column, towards the detector), in pixels.

    Faceted ones have their edges rounded over ``edge``; ``doubt`` (0..1) says how much it looks
    like its neighbouring class.
    """

    cls: str
    form: Planes | Ellipsoids
    reach: int
    skin: Skin
    doubt: float
    edge: float = 0.0


def rhombohedron(random: np.random.Generator, diameter: float, likeness: float = 0.0) -> Solid:
    """RES: six faces in calcite's angles, now and then with a lost corner or rounded edges."""
    doubt = _doubt(random, 4.0, likeness)
    planes = calcite_rhombohedron(random, stretch=0.10)
    if random.random() < doubt:
        corner = unit(planes.corners()[random.integers(8)])[None]
        planes = planes.cut(corner, random.uniform(0.80, 0.93, 1))
    if likeness and random.random() < doubt * likeness:
        two = unit(planes.corners()[random.integers(len(planes.corners()), size=2)])
        planes = planes.cut(two, random.uniform(0.82, 0.93, 2))
    skin = Skin(
        waves=diameter * random.uniform(0.004, 0.012),
        wave_length=diameter * 0.6,
        grit=random.uniform(0.05, 0.25),
        pits=max(0.0, random.normal(0.02, 0.05)),
        pit_width=random.uniform(14, 45),
        ledges=diameter * max(0.0, random.normal(0.004, 0.010)),
    )
    form, reach = _place(planes, diameter, random)
    return Solid(
        "RES", form, reach, skin, doubt, diameter * (0.008 + (0.027 + 0.015 * likeness) * doubt)
    )


def polyhedron(random: np.random.Generator, diameter: float, likeness: float = 0.0) -> Solid:
    """PES: eight to sixteen faces, by truncating a rhombohedron or by facing all sides evenly."""
    doubt = _doubt(random, 4.0, likeness)
    planes = (
        truncated_rhombohedron(random)
        if random.random() < 0.3 + 0.3 * likeness
        else even_polyhedron(random, int(random.integers(9, 17)), 0.10)
    )
    skin = Skin(
        waves=diameter * random.uniform(0.003, 0.010),
        wave_length=diameter * 0.5,
        grit=random.uniform(0.05, 0.25),
        pits=max(0.0, random.normal(0.01, 0.05)),
        pit_width=random.uniform(14, 45),
        ledges=diameter * max(0.0, random.normal(0.0, 0.008)),
    )
    form, reach = _place(planes, diameter, random)
    return Solid(
        "PES", form, reach, skin, doubt, diameter * (0.008 + (0.022 + 0.02 * likeness) * doubt)
    )


def rounded(random: np.random.Generator, diameter: float, likeness: float = 0.0) -> Solid:
    """SA: a sphere or ellipsoid with slight bumps."""
    doubt = _doubt(random, 3.5, likeness)
    wave_length = diameter * random.uniform(0.45, 0.8)
    skin = Skin(
        waves=wave_length * (0.008 + (0.030 + 0.02 * likeness) * doubt),
        wave_length=wave_length,
        grit=random.uniform(0.1, 0.35),
        pits=max(0.0, random.normal(0.0, 0.03)),
        pit_width=random.uniform(14, 40),
    )
    axes = 0.5 * diameter * random.uniform(0.82, 1.15, 3)
    form = Ellipsoids(np.zeros((1, 3)), (np.diag(1 / axes) @ random_rotation(random))[None])
    return Solid("SA", form, _reach(diameter * 1.3), skin, doubt)


def amorphous(random: np.random.Generator, diameter: float, likeness: float = 0.0) -> Solid:
    """AA: no form to name, either blobs grown together or a crystal worn beyond recognition."""
    doubt = _doubt(random, 3.5, likeness)
    wave_length = diameter * random.uniform(0.35, 0.90)
    skin = Skin(
        waves=wave_length * (0.075 - (0.035 + 0.01 * likeness) * doubt),
        wave_length=wave_length,
        octaves=3,
        grit=random.uniform(0.25, 0.75),
        pits=max(0.0, random.normal(0.05, 0.08)),
        pit_width=random.uniform(12, 40),
    )
    if random.random() < 0.4:
        skin = replace(skin, waves=0.5 * skin.waves)
        worn = even_polyhedron(random, int(random.integers(7, 12)), 0.28)
        form, reach = _place(worn, diameter, random)
        return Solid("AA", form, reach, skin, doubt, 0.08 * diameter)
    count = int(random.integers(3, 7)) if random.random() > doubt else 2
    return Solid("AA", _fused(random, diameter, count), _reach(diameter * 2.1), skin, doubt)


FORMS: Mapping[str, Callable[[np.random.Generator, float, float], Solid]] = {
    "RES": rhombohedron,
    "PES": polyhedron,
    "AA": amorphous,
    "SA": rounded,
}


def _doubt(random: np.random.Generator, clear: float, likeness: float) -> float:
    """Draw how much a crystal looks like its neighbouring class, 0.23 on average to 0.5."""
    return float(random.beta(1.2 + 1.5 * likeness, clear - 1.2 * likeness))


def _place(planes: Planes, diameter: float, random: np.random.Generator) -> tuple[Planes, int]:
    """Turn planes at random, scale them to about ``diameter``, and say how far they reach."""
    spans = np.linalg.norm(planes.corners(), axis=1)
    scale = diameter / float(spans.mean() + planes.offsets.mean())
    reach = _reach(2.1 * scale * float(spans.max()))
    return planes.turned(random_rotation(random), scale), reach


def _fused(random: np.random.Generator, diameter: float, count: int) -> Ellipsoids:
    spread = 0.20 * diameter * random.uniform(0.6, 1.4, 3)
    limit = 0.4 * diameter
    centres = (random.standard_normal((count, 3)) * spread).clip(-limit, limit)
    axes = 0.5 * diameter * random.uniform(0.40, 0.80, (count, 3))
    shapes = np.stack([np.diag(1 / each) @ random_rotation(random) for each in axes])
    return Ellipsoids(centres, shapes)


def _reach(width: float) -> int:
    return int(np.ceil(width / 2)) + 3
