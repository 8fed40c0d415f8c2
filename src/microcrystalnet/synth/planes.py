"""Convex polyhedra as sets of planes, in the angles of calcite or facing all sides."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float64]

# Angle between the c axis and the normals of calcite's cleavage rhombohedron {10-14}, degrees.
CALCITE_TILT = 44.6


@dataclass(frozen=True, slots=True, eq=False)
class Planes:
    """All points with ``normals @ point <= offsets``; (n, 3) outward unit vectors and (n,)."""

    normals: Vectors
    offsets: Vectors

    def corners(self) -> Vectors:
        """Give the points where three planes meet inside all others, (k, 3)."""
        triples = np.array(list(combinations(range(len(self.normals)), 3)))
        sides, levels = self.normals[triples], self.offsets[triples]
        meeting = np.abs(np.linalg.det(sides)) > 1e-3
        points: Vectors = np.linalg.solve(sides[meeting], levels[meeting][..., None])[..., 0]
        return points[(points @ self.normals.T <= self.offsets + 1e-6).all(1)]

    def cut(self, ways: Vectors, depths: Vectors) -> "Planes":
        """Cut off what lies beyond ``depths`` (k,) of the extent along unit vectors (k, 3)."""
        extents = (ways @ self.corners().T).max(1)
        return Planes(
            np.vstack([self.normals, ways]), np.concatenate([self.offsets, extents * depths])
        )

    def turned(self, rotation: Vectors, scale: float) -> "Planes":
        """Rotate and scale."""
        return Planes(self.normals @ rotation, self.offsets * scale)


def calcite_rhombohedron(random: np.random.Generator, stretch: float) -> Planes:
    """Give the six cleavage faces around the c axis; ``stretch`` varies their distances."""
    tilt = np.radians(CALCITE_TILT + random.normal(0, 1.5))
    turns = np.radians([0.0, 120.0, 240.0])
    across = np.sin(tilt) * np.stack([np.cos(turns), np.sin(turns)], 1)
    sides = np.column_stack([across, np.full(3, np.cos(tilt))])
    widths = 1 + stretch * random.standard_normal(3).clip(-2, 2)
    return Planes(np.vstack([sides, -sides]), np.concatenate([widths, widths]))


def truncated_rhombohedron(random: np.random.Generator) -> Planes:
    """Cut three to ten corners and edges off a rhombohedron."""
    whole = calcite_rhombohedron(random, stretch=0.08)
    corners = unit(whole.corners())
    edges = unit((corners[:, None] + corners[None] + 1e-9).reshape(-1, 3))
    ways = np.vstack([corners, edges[random.permutation(len(edges))[:12]]])
    chosen = ways[random.permutation(len(ways))[: int(random.integers(3, 11))]]
    return whole.cut(chosen, random.uniform(0.72, 0.86, len(chosen)))


def even_polyhedron(random: np.random.Generator, faces: int, unevenness: float) -> Planes:
    """Let ``faces`` planes face all sides, their distances within 1 +- ``unevenness``."""
    normals = unit(random.standard_normal((faces, 3)))
    for _ in range(30):
        away = normals[:, None] - normals[None]
        distance = np.linalg.norm(away, axis=2) + np.eye(faces)
        normals = unit(normals + 0.05 * np.sum(away / distance[..., None] ** 3, axis=1))
    return Planes(normals, random.uniform(1 - unevenness, 1 + unevenness, faces))


def random_rotation(random: np.random.Generator) -> Vectors:
    """Give a rotation drawn evenly from all of them, (3, 3)."""
    turned, triangle = np.linalg.qr(random.standard_normal((3, 3)))
    return turned * np.sign(np.diag(triangle))


def unit(vectors: Vectors) -> Vectors:
    """Scale vectors to length 1."""
    scaled: Vectors = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return scaled
