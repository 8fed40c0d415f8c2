"""Preparing, clicking and outlining everything at 2048 x 2048, beside Otsu and watershed."""

from __future__ import annotations

import resource

import numpy as np

from benchmarks.figures import Figure, ms, seconds
from benchmarks.scenes import scene_of

CLICKS = 200


def measure() -> list[Figure]:
    """Time the embedded engine in this process, on a rendered scene of about 180 crystals."""
    from microcrystalnet.domain.prompt import Click, Prompt
    from microcrystalnet.segmentation.choose import open_segmenter
    from microcrystalnet.segmentation.segmenter import EverythingSettings

    scene = scene_of(180)
    segmenter = open_segmenter("embedded")
    embedding = segmenter.prepare(scene.pixels)
    prepared = seconds(lambda: segmenter.prepare(scene.pixels), 3)
    fresh = iter([segmenter.prepare(scene.pixels) for _ in range(4)])  # it remembers its first pass
    found = seconds(lambda: segmenter.everything(next(fresh), EverythingSettings()), 3)
    chosen = seconds(lambda: segmenter.everything(embedding, EverythingSettings(24)), 5)
    places = iter(np.resize([mask.centre for mask in scene.masks], (CLICKS + 1, 2)))

    def click() -> object:
        row, col = next(places)
        return segmenter.propose(embedding, Prompt((Click(float(row), float(col)),)))

    clicked = seconds(click, CLICKS)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    naive = seconds(lambda: otsu_and_watershed(scene.pixels), 3)
    return [
        Figure("embedded engine: `prepare` at 2048 x 2048", ms(prepared), "3 s"),
        Figure("embedded engine: click to preview at 2048 x 2048", ms(clicked), "p95 60 ms"),
        Figure(
            "embedded engine: everything at 2048 x 2048, after `prepare`",
            ms(found),
            "5 s",
            f"Otsu and watershed {ms(naive)}",
        ),
        Figure("embedded engine: a slider moves after the first pass", ms(chosen)),
        Figure("embedded engine: peak memory of the process", f"{peak:.0f} MB", "1,500 MB"),
    ]


def otsu_and_watershed(pixels: np.ndarray) -> np.ndarray:
    """Outline crystals the naive way, as most tutorials do."""
    from scipy import ndimage
    from skimage.feature import peak_local_max
    from skimage.filters import threshold_otsu
    from skimage.segmentation import watershed

    solid = pixels > threshold_otsu(pixels)
    depth = ndimage.distance_transform_edt(solid)
    seeds = np.zeros(pixels.shape, int)
    tops = peak_local_max(depth, min_distance=10, labels=solid.astype(int))
    seeds[tuple(tops.T)] = np.arange(1, len(tops) + 1)
    return watershed(-depth, seeds, mask=solid)
