"""The shapes of the four classes: planes for faceted crystals, ellipsoids for the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float64]

# Angle between the c axis and the normals of calcite's cleavage rhombohedron {10-14}, degrees.
CALCITE_TILT = 44.6


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
    ledges: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Solid:
    """One crystal around the origin, axes (row, column, towards the detector), in pixels.

    A faceted one has ``normals`` (n, 3) and ``offsets`` (n,), its edges rounded over ``edge``;
    any other is the union of ellipsoids ``|shapes @ (p - centres)| = 1`` (m, 3, 3), (m, 3).
    ``doubt`` (0..1) says how much it looks like its neighbouring class.
    """

    cls: str
    reach: int
    skin: Skin
    doubt: float
    normals: Vectors = field(default_factory=lambda: np.zeros((0, 3)))
    offsets: Vectors = field(default_factory=lambda: np.zeros(0))
    edge: float = 1.0
    centres: Vectors = field(default_factory=lambda: np.zeros((0, 3)))
    shapes: Vectors = field(default_factory=lambda: np.zeros((0, 3, 3)))

    @property
    def faceted(self) -> bool:
        """Whether it is bounded by planes."""
        return len(self.normals) > 0


def rhombohedron(random: np.random.Generator, diameter: float) -> Solid:
    """RES: six faces in calcite's angles, now and then with a lost corner or a curved edge."""
    doubt = float(random.beta(1.2, 3.0))
    normals, offsets = _rhombohedron_planes(random, stretch=0.10)
    if random.random() < doubt:
        corner = _unit(np.sum(normals[:3] * random.choice([-1, 1], (3, 1)), axis=0))
        far = np.max(_corners(normals, offsets) @ corner)
        normals = np.vstack([normals, corner])
        offsets = np.append(offsets, far * random.uniform(0.80, 0.93))
    skin = Skin(
        waves=diameter * random.uniform(0.004, 0.012),
        wave_length=diameter * 0.6,
        grit=random.uniform(0.05, 0.25),
        pits=max(0.0, random.normal(0.02, 0.05)),
        ledges=diameter * max(0.0, random.normal(0.004, 0.010)),
    )
    edge = diameter * (0.010 + 0.035 * doubt)
    return _faceted("RES", random, diameter, normals, offsets, edge, skin, doubt)


def polyhedron(random: np.random.Generator, diameter: float) -> Solid:
    """PES: eight to twenty faces, by truncating a rhombohedron or by facing all sides evenly."""
    doubt = float(random.beta(1.2, 3.0))
    if random.random() < 0.4:
        normals, offsets = _truncated_planes(random)
    else:
        normals = _spread_normals(random, int(random.integers(10, 21)))
        offsets = random.uniform(0.90, 1.10, len(normals))
    skin = Skin(
        waves=diameter * random.uniform(0.003, 0.010),
        wave_length=diameter * 0.5,
        grit=random.uniform(0.05, 0.25),
        pits=max(0.0, random.normal(0.01, 0.04)),
        ledges=diameter * max(0.0, random.normal(0.0, 0.008)),
    )
    edge = diameter * (0.010 + 0.030 * doubt)
    return _faceted("PES", random, diameter, normals, offsets, edge, skin, doubt)


def rounded(random: np.random.Generator, diameter: float) -> Solid:
    """SA: a sphere or ellipsoid with slight bumps."""
    doubt = float(random.beta(1.2, 2.5))
    axes = 0.5 * diameter * random.uniform(0.82, 1.15, 3)
    skin = Skin(
        waves=diameter * (0.010 + 0.030 * doubt),
        wave_length=diameter * random.uniform(0.35, 0.7),
        octaves=2,
        grit=random.uniform(0.1, 0.4),
        pits=max(0.0, random.normal(0.0, 0.03)),
    )
    shape = np.diag(1 / axes) @ _rotation(random)
    return Solid(
        "SA", _reach(diameter * 1.3), skin, doubt, centres=np.zeros((1, 3)), shapes=shape[None]
    )


def lump(random: np.random.Generator, diameter: float) -> Solid:
    """AA: fused blobs with a rough, torn surface and no form to name."""
    doubt = float(random.beta(1.2, 2.5))
    count = int(random.integers(3, 7)) if random.random() > doubt else 2
    spread = 0.20 * diameter * random.uniform(0.7, 1.3, 3)
    centres = (random.standard_normal((count, 3)) * spread) @ _rotation(random)
    axes = 0.5 * diameter * random.uniform(0.40, 0.80, (count, 3))
    shapes = np.stack([np.diag(1 / each) @ _rotation(random) for each in axes])
    skin = Skin(
        waves=diameter * (0.060 - 0.030 * doubt),
        wave_length=diameter * random.uniform(0.25, 0.5),
        octaves=4,
        grit=random.uniform(0.4, 1.0),
        pits=random.uniform(0.0, 0.15),
    )
    return Solid("AA", _reach(diameter * 1.7), skin, doubt, centres=centres, shapes=shapes)


FORMS: Mapping[str, Callable[[np.random.Generator, float], Solid]] = {
    "RES": rhombohedron,
    "PES": polyhedron,
    "AA": lump,
    "SA": rounded,
}


def _faceted(
    cls: str,
    random: np.random.Generator,
    diameter: float,
    normals: Vectors,
    offsets: Vectors,
    edge: float,
    skin: Skin,
    doubt: float,
) -> Solid:
    """Turn a polyhedron at random and scale it to the sphere of ``diameter``'s volume, roughly."""
    corners = _corners(normals, offsets)
    size = float(np.mean(np.linalg.norm(corners, axis=1)) + offsets.mean()) / 2
    scale = 0.5 * diameter / size
    turned = normals @ _rotation(random)
    reach = _reach(2.1 * scale * float(np.linalg.norm(corners, axis=1).max()))
    return Solid(cls, reach, skin, doubt, turned, offsets * scale, edge)


def _rhombohedron_planes(random: np.random.Generator, stretch: float) -> tuple[Vectors, Vectors]:
    tilt = np.radians(CALCITE_TILT + random.normal(0, 1.5))
    turns = np.radians([0.0, 120.0, 240.0])
    sides = np.stack(
        [np.sin(tilt) * np.cos(turns), np.sin(tilt) * np.sin(turns), np.full(3, np.cos(tilt))], 1
    )
    widths = 1 + stretch * random.standard_normal(3).clip(-2, 2)
    return np.vstack([sides, -sides]), np.concatenate([widths, widths])


def _truncated_planes(random: np.random.Generator) -> tuple[Vectors, Vectors]:
    """Cut 3 to 10 corners and edges off a rhombohedron."""
    normals, offsets = _rhombohedron_planes(random, stretch=0.08)
    corners = _corners(normals, offsets)
    middles = _unit(corners[:, None] + corners[None] + 1e-9).reshape(-1, 3)
    ways = np.vstack([_unit(corners), middles[random.permutation(len(middles))]])
    chosen = ways[random.permutation(min(len(ways), 20))[: int(random.integers(3, 11))]]
    cuts = (chosen @ corners.T).max(1) * random.uniform(0.72, 0.86, len(chosen))
    return np.vstack([normals, chosen]), np.concatenate([offsets, cuts])


def _spread_normals(random: np.random.Generator, count: int) -> Vectors:
    """Give directions that keep apart from each other, (count, 3)."""
    normals = _unit(random.standard_normal((count, 3)))
    for _ in range(30):
        away = normals[:, None] - normals[None]
        distance = np.linalg.norm(away, axis=2) + np.eye(count)
        normals = _unit(normals + 0.05 * np.sum(away / distance[..., None] ** 3, axis=1))
    return normals


def _corners(normals: Vectors, offsets: Vectors) -> Vectors:
    """Give the corners of the polyhedron: the triple points inside all planes, (n, 3)."""
    first, second, third = np.array(
        [
            (i, j, k)
            for i in range(len(normals))
            for j in range(i + 1, len(normals))
            for k in range(j + 1, len(normals))
        ]
    ).T
    planes = np.stack([normals[first], normals[second], normals[third]], 1)
    levels = np.stack([offsets[first], offsets[second], offsets[third]], 1)
    meeting = np.abs(np.linalg.det(planes)) > 1e-3
    points: Vectors = np.linalg.solve(planes[meeting], levels[meeting][..., None])[..., 0]
    return points[(points @ normals.T <= offsets + 1e-6).all(1)]


def _rotation(random: np.random.Generator) -> Vectors:
    """Give a rotation drawn evenly from all of them, (3, 3)."""
    turned, signs = np.linalg.qr(random.standard_normal((3, 3)))
    return turned * np.sign(np.diag(signs))


def _unit(vectors: Vectors) -> Vectors:
    scaled: Vectors = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return scaled


def _reach(width: float) -> int:
    return int(np.ceil(width / 2)) + 3
