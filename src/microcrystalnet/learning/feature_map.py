"""Crystals laid out in a plane, neighbours where the network finds them alike; their density."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import ModelError

Floats = NDArray[np.float64]
FEWEST = 10
PERPLEXITY = 30.0
GRID = 64
BLUR = 2.5  # cells of the grid


@dataclass(frozen=True, slots=True, eq=False)
class FeatureMap:
    """Places (n, 2) of crystals, x to the right and y up, both from 0 to 1.

    ``groups`` names the class of each; ``density`` (classes, 64, 64) is how thick each class lies,
    row 0 at the bottom, each class with 1 at its thickest.
    """

    crystal_ids: tuple[str, ...]
    groups: tuple[str, ...]
    classes: tuple[str, ...]
    places: Floats
    density: Floats


def feature_map(
    found: NDArray[np.floating],
    crystal_ids: Sequence[str],
    groups: Sequence[str],
    classes: Sequence[str],
    seed: int = 0,
) -> FeatureMap:
    """Lay out crystals by their features (n, width) and class; the same seed gives the same map.

    Raises
    ------
    ModelError
        If there are fewer than ten crystals.
    """
    places = lay_out(np.asarray(found, np.float64), seed)
    return FeatureMap(
        tuple(crystal_ids),
        tuple(groups),
        tuple(classes),
        places,
        density(places, groups, classes),
    )


def lay_out(found: Floats, seed: int = 0) -> Floats:
    """Give a place (n, 2) from 0 to 1 for each of n rows of features, by t-SNE.

    Source: van der Maaten and Hinton 2008; perplexity 30, less for fewer than 91 crystals.

    Raises
    ------
    ModelError
        If there are fewer than ten rows.
    """
    from sklearn.manifold import TSNE

    if len(found) < FEWEST:
        raise ModelError(
            f"t-SNE needs {FEWEST} crystals or more, but there are {len(found)}; label more, or "
            "choose every crystal."
        )
    varies = found.shape[1] > 1 and bool(np.ptp(found, axis=0).any())
    layout = TSNE(
        perplexity=min(PERPLEXITY, (len(found) - 1) / 3),
        init="pca" if varies else "random",
        random_state=seed,
    )
    return _fitted(np.asarray(layout.fit_transform(found), np.float64))


def density(places: Floats, groups: Sequence[str], classes: Sequence[str]) -> Floats:
    """Count the places (n, 2) of each class on a grid and blur them: (classes, 64, 64)."""
    from scipy.ndimage import gaussian_filter

    named, span = np.asarray(groups), [[0.0, 1.0]] * 2
    layers = []
    for code in classes:
        x, y = places[named == code].T
        counts, _, _ = np.histogram2d(y, x, GRID, span)
        blurred = gaussian_filter(counts, BLUR)
        layers.append(blurred / blurred.max() if blurred.max() > 0 else blurred)
    return np.array(layers, np.float64)


def _fitted(places: Floats) -> Floats:
    """Move and scale a layout, the same along both axes, into the unit square with a margin."""
    low, high = places.min(0), places.max(0)
    extent = float((high - low).max()) or 1.0
    centred: Floats = (places - (low + high) / 2) / extent * 0.9 + 0.5
    return centred
