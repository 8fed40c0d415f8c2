"""Finds what may be crystals in the embedded network's maps, at every scale and depth."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from microcrystalnet.domain.mask import Mask
from microcrystalnet.segmentation.dense_maps import DenseMaps

Labels = NDArray[np.int32]

DEPTHS = (0.1, 0.3, 0.5, 0.7)
FOREGROUND = 0.35
SMALLEST_SIDE, LARGEST_SIDE = 8, 150  # in pixels of the level: what the network judges well there
SMALLEST_AREA = 30
EIGHT_NEIGHBOURS = np.ones((3, 3), bool)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A region that may be one crystal, as drawn from the maps.

    ``peak`` is the distance map's 90th percentile inside: near 1 for a whole crystal, low for a
    part of one.
    """

    mask: Mask
    level: int
    peak: float


def find_candidates(maps: DenseMaps, level: int, *, coarsest: bool) -> Iterator[Candidate]:
    """Give the regions of one pyramid level, in full-image pixels.

    The distance map is cut at several depths. A crystal whose map has a dent falls apart at one
    depth and stays whole at another; which of the two is right is decided later.

    Parameters
    ----------
    maps : DenseMaps
        The maps of that level.
    level : int
        The level's pixels are ``2 ** level`` full-image pixels long.
    coarsest : bool
        Whether larger crystals cannot be found on a still coarser level.
    """
    distance = ndimage.gaussian_filter(maps.distance, 1.0)
    foreground = maps.foreground > FOREGROUND
    layers = [_parts((distance > depth) & foreground) for depth in DEPTHS]
    basins, first_pixels = _flood(distance, foreground, layers)
    places = ndimage.find_objects(basins)
    seen: set[tuple[int, ...]] = set()
    largest = np.inf if coarsest else LARGEST_SIDE
    for layer in layers:
        for members in _groups(layer.ravel()[first_pixels]):
            if members in seen:
                continue
            seen.add(members)
            place = _around([places[member - 1] for member in members])
            if SMALLEST_SIDE <= max(_lengths(place)) <= largest:
                pixels = _is_one_of(basins[place], members)
                if pixels.sum() >= SMALLEST_AREA:
                    yield _candidate(pixels, maps.distance[place], place, level)


def _parts(deep: NDArray[np.bool_]) -> Labels:
    labels = np.empty(deep.shape, np.int32)
    ndimage.label(deep, EIGHT_NEIGHBOURS, output=labels)
    return labels


def _flood(
    distance: NDArray[np.float32], foreground: NDArray[np.bool_], layers: list[Labels]
) -> tuple[Labels, NDArray[np.intp]]:
    """Flood the foreground from every part that holds no deeper part.

    Returns
    -------
    basins : Labels
        1..n, 0 outside the foreground.
    first_pixels : NDArray[np.intp]
        A flat pixel position in the seed of each basin.
    """
    from skimage.segmentation import watershed

    seeds = np.zeros(distance.shape, np.int32)
    count = 0
    for layer, deeper in zip(layers, [*layers[1:], None], strict=True):
        divided = np.zeros(int(layer.max()) + 1, bool)
        divided[0] = True
        if deeper is not None:
            divided[np.unique(layer[deeper > 0])] = True
        numbers = np.where(divided, 0, np.cumsum(~divided) + count).astype(np.int32)
        seeds += numbers[layer]
        count += int((~divided).sum())
    basins = np.asarray(watershed(-distance, seeds, mask=foreground), np.int32)
    numbers, first = np.unique(seeds, return_index=True)
    return basins, first[numbers > 0]


def _groups(parts: NDArray[np.int32]) -> Iterator[tuple[int, ...]]:
    """Give the basins (1..n) whose seeds lie in one part; a basin in part 0 stays alone."""
    order = np.argsort(parts, kind="stable")
    edges = np.flatnonzero(np.diff(parts[order])) + 1
    for members in np.split(order, edges):
        numbers = [int(member) + 1 for member in members]
        if members.size and parts[members[0]] == 0:
            yield from ((number,) for number in numbers)
        elif members.size:
            yield tuple(numbers)


def _around(places: list[tuple[slice, slice]]) -> tuple[slice, slice]:
    rows = slice(min(p[0].start for p in places), max(p[0].stop for p in places))
    return rows, slice(min(p[1].start for p in places), max(p[1].stop for p in places))


def _lengths(place: tuple[slice, slice]) -> tuple[int, int]:
    return place[0].stop - place[0].start, place[1].stop - place[1].start


def _is_one_of(basins: Labels, members: tuple[int, ...]) -> NDArray[np.bool_]:
    return basins == members[0] if len(members) == 1 else np.isin(basins, members)


def _candidate(
    pixels: NDArray[np.bool_],
    distance: NDArray[np.float32],
    place: tuple[slice, slice],
    level: int,
) -> Candidate:
    scale = 2**level
    full = pixels.repeat(scale, 0).repeat(scale, 1) if level else pixels
    mask = Mask.from_pixels(full, place[0].start * scale, place[1].start * scale)
    return Candidate(mask, level, float(np.percentile(distance[pixels], 90)))
