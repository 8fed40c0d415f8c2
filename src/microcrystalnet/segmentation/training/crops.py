"""Draws training crops: where to look, how large, what to point at, and what to answer."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from microcrystalnet.segmentation.training.pictures import Particle, Picture
from microcrystalnet.segmentation.training.prompts import draw_prompt
from microcrystalnet.segmentation.training.shades import shade

SIDE = 160


@dataclass(frozen=True, slots=True)
class Window:
    """A square that may be turned: centre in picture pixels, picture pixels per crop pixel."""

    row: float
    col: float
    step: float
    angle: float = 0.0
    mirrored: bool = False

    def sample_points(self, side: int = SIDE) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Picture (rows, cols) of every crop pixel, each (side, side)."""
        offset = (np.arange(side, dtype=np.float32) - (side - 1) / 2) * self.step
        across = -offset if self.mirrored else offset
        down, right = np.meshgrid(offset, across, indexing="ij")
        cos, sin = np.float32(np.cos(self.angle)), np.float32(np.sin(self.angle))
        return self.row + cos * down - sin * right, self.col + sin * down + cos * right


@dataclass(frozen=True, slots=True)
class Crop:
    """One training example; every map is (side, side) float32 but ``inputs`` (3, side, side).

    ``targets`` (4, side, side) are foreground, edge, distance and the crystal meant; ``weights``
    (4, side, side) say where each target counts.
    """

    inputs: NDArray[np.float32]
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]


def draw_crop(picture: Picture, rng: Generator, *, prompted: bool) -> Crop:
    """Draw one crop; a prompted one points at one particle and asks for it alone."""
    particle = picture.particles[rng.integers(len(picture.particles))]
    boxed = prompted and bool(rng.random() < 0.45)
    window = _window(picture, particle, rng, prompted=prompted, boxed=boxed)
    rows, cols = window.sample_points()
    labels, depth, valid = _labels_at(picture, rows, cols)
    grey = shade(picture, (rows, cols), window.step, valid, rng)
    targets = np.stack([labels > 0, edges(labels), depth, labels == particle.label])
    weights = np.repeat(valid[None].astype(np.float32), 4, 0)
    weights[2] *= _measurable(picture, labels, window.step)
    clicks, box = np.zeros((2, SIDE, SIDE), np.float32)
    meant = targets[3] * valid
    if prompted and meant.sum() >= 4:
        clicks, box = draw_prompt(labels, depth, particle.label, rng, boxed=boxed)
    else:
        weights[3] = 0
    return Crop(np.stack([grey, clicks, box]), targets.astype(np.float32), weights)


def edges(labels: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Mark particle pixels whose 8 neighbours hold another label, or none: (h, w)."""
    padded = np.pad(labels, 1, mode="edge")
    height, width = labels.shape
    other = np.zeros(labels.shape, bool)
    for row in range(3):
        for col in range(3):
            other |= padded[row : row + height, col : col + width] != labels
    return other & (labels > 0)


def _window(
    picture: Picture, particle: Particle, rng: Generator, *, prompted: bool, boxed: bool
) -> Window:
    """Choose the window so that the particle has a chosen size in it."""
    angle, mirrored = float(rng.integers(4)) * np.pi / 2, bool(rng.random() < 0.5)
    if rng.random() < 0.3 and not boxed:
        angle = float(rng.uniform(0, 2 * np.pi))
    row, col = (particle.box[0] + particle.box[2]) / 2, (particle.box[1] + particle.box[3]) / 2
    if boxed:
        step = max(1.5 * particle.side * float(rng.uniform(0.93, 1.1)), 40) / SIDE
        jitter = 0.05 * particle.side
    elif prompted:
        size = float(np.exp(rng.uniform(np.log(0.1 * SIDE), np.log(0.85 * SIDE))))
        step = float(np.clip(particle.side / size, 0.2, 6.0))
        jitter = 0.33 * step * max(SIDE - size, 0)
    else:
        size = float(np.exp(rng.uniform(np.log(9), np.log(130))))
        step = float(np.clip(particle.side / size, 0.5, 5.0))
        jitter = 0.35 * step * SIDE
    if not prompted and rng.random() < 0.1:
        row, col = rng.uniform(0, picture.labels.shape[0]), rng.uniform(0, picture.labels.shape[1])
    row, col = row + float(rng.uniform(-jitter, jitter)), col + float(rng.uniform(-jitter, jitter))
    if not boxed and rng.random() < (0.4 if prompted else 0.85):
        row = _keep_inside(row, step, picture.labels.shape[0])
        col = _keep_inside(col, step, picture.labels.shape[1])
    return Window(row, col, step, angle, mirrored)


def _keep_inside(centre: float, step: float, length: int) -> float:
    """Move a window's centre so that it leaves a picture of this length as little as possible."""
    half = min(step * SIDE / 2, length / 2)
    return float(np.clip(centre, half, length - half))


def _labels_at(
    picture: Picture, rows: NDArray[np.float32], cols: NDArray[np.float32]
) -> tuple[NDArray[np.uint16], NDArray[np.float32], NDArray[np.bool_]]:
    """Nearest labels and depth (0..1) under the window, and where the picture is."""
    height, width = picture.labels.shape
    near_row, near_col = np.rint(rows).astype(np.int32), np.rint(cols).astype(np.int32)
    valid = (near_row >= 0) & (near_row < height) & (near_col >= 0) & (near_col < width)
    flat = near_row.clip(0, height - 1) * width + near_col.clip(0, width - 1)
    labels = np.where(valid, picture.labels.ravel()[flat], 0).astype(np.uint16)
    depth = np.where(valid, picture.depth.ravel()[flat], 0).astype(np.float32) / np.float32(255)
    return labels, depth, valid


def _measurable(picture: Picture, labels: NDArray[np.uint16], step: float) -> NDArray[np.float32]:
    """Give weight 0 to pixels of particles too large for the window to judge their distance."""
    sides = np.zeros(int(picture.labels.max()) + 1, np.float32)
    for particle in picture.particles:
        sides[particle.label] = particle.side / step
    return (sides[labels] < 1.3 * SIDE).astype(np.float32)
