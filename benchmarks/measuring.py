"""Measuring crystals, beside scikit-image's regionprops as the naive way, and which overlap."""

from __future__ import annotations

import numpy as np

from benchmarks.figures import Figure, ms, seconds
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Region
from microcrystalnet.imaging.doubles import giving_way
from microcrystalnet.imaging.instances import from_labels
from microcrystalnet.imaging.measure import measure_all
from microcrystalnet.imaging.occlusion import covered_shares

CRYSTALS, SIDE = 2000, 64  # on a lattice of 64 pixels, 36 to 60 pixels across


def scene() -> np.ndarray:
    """Draw 2,000 ellipses of various sizes and directions into a label image."""
    random = np.random.default_rng(0)
    columns = 50
    labels = np.zeros((CRYSTALS // columns * SIDE, columns * SIDE), np.uint32)
    rows, cols = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    for number in range(CRYSTALS):
        turn, half = random.uniform(0, np.pi), random.uniform(18, 30)
        x, y = cols * np.cos(turn) + rows * np.sin(turn), rows * np.cos(turn) - cols * np.sin(turn)
        top, left = number // columns * SIDE, number % columns * SIDE
        tile = labels[top : top + SIDE, left : left + SIDE]
        tile[np.hypot(x, y / 0.7) <= half] = number + 1
    return labels


def crowd(count: int, seed: int) -> list[Mask]:
    """Draw discs of 36 to 60 pixels about 48 pixels apart, so that neighbours overlap."""
    random, columns = np.random.default_rng(seed), int(count**0.5) + 1
    away = np.hypot(*(np.mgrid[:SIDE, :SIDE] - SIDE / 2))
    places = np.divmod(np.arange(count), columns)
    corners = 48 * np.stack(places, axis=1) + random.integers(0, 8, (count, 2))
    discs = (away <= half for half in random.uniform(18, 30, count))
    return [Mask.from_pixels(disc, *corner) for disc, corner in zip(discs, corners, strict=True)]


def measure() -> list[Figure]:
    """Measure all crystals of the scene, the same with regionprops, and find which overlap."""
    return [_measuring(), *map(_overlapping, (2000, 10000))]


def _overlapping(count: int) -> Figure:
    """Lay a crowd over itself, and an automatic pass over a crowd that was accepted before."""
    accepted, found = crowd(count, 0), crowd(count, 1)
    under = seconds(lambda: covered_shares(accepted, [0] * count), 3)
    beside = seconds(lambda: giving_way(found, accepted), 3)
    return Figure(
        f"{count:,} overlapping crystals: what each is covered by",
        ms(under),
        "",
        f"as many new outlines beside them: {ms(beside)}",
    )


def _measuring() -> Figure:
    labels = scene()
    pixels = (labels % 251).astype(np.uint8)
    masks = from_labels(labels)
    region = Region(0, 0, *labels.shape)
    ours = seconds(lambda: measure_all(masks, pixels, region), 5)
    naive = seconds(lambda: _regionprops(labels, pixels), 3)
    return Figure(
        f"{CRYSTALS:,} crystals of 36 to 60 pixels measured",
        ms(ours),
        "2 s",
        f"regionprops, without a Feret minimum: {ms(naive)}",
    )


def _regionprops(labels: np.ndarray, pixels: np.ndarray) -> None:
    from skimage.measure import regionprops

    for each in regionprops(labels, pixels):
        _ = (each.area, each.equivalent_diameter_area, each.feret_diameter_max, each.solidity)
        _ = (each.axis_major_length, each.axis_minor_length, each.perimeter_crofton)
        _ = (each.orientation, each.intensity_mean, each.bbox)
