"""Crops shown otherwise: turned, mirrored, brighter or darker."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
POSES = 8  # four quarter turns, each also mirrored


def turn(crops: Array, generator: np.random.Generator) -> Array:
    """Turn and mirror each square crop (n, size, size, 1) at random; a crystal has no upside."""
    turned = crops.copy()
    for index, (quarter, mirror) in enumerate(generator.integers([4, 2], size=(len(crops), 2))):
        turned[index] = pose(crops[index], int(quarter) + 4 * int(mirror))
    return turned


def pose(crop: Array, number: int) -> Array:
    """Give one of the eight poses of a square crop (size, size, 1); number 0 leaves it."""
    turned: Array = np.rot90(crop, number % 4)
    return turned[:, ::-1] if number >= 4 else turned


def light(crops: Array, most: float, generator: np.random.Generator) -> Array:
    """Make each crop (n, size, size, 1) brighter or darker by up to a share; black stays black."""
    factors = generator.uniform(1 - most, 1 + most, (len(crops), 1, 1, 1)).astype(np.float32)
    lit: Array = np.clip(crops * factors, 0, 1)
    return lit


def rotations(truth: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Say which poses of which crystals make the classes of a training part count alike.

    Parameters
    ----------
    truth : (n,)
        Class numbers of the training crystals.

    Returns
    -------
    crystals, poses : (m,)
        First every crystal as it is, then poses of crystals of the rarer classes; a class grows to
        eight times its size at most.
    """
    counts = np.bincount(truth)
    crystals, poses = [np.arange(len(truth))], [np.zeros(len(truth), np.intp)]
    for number, count in enumerate(counts):
        inside = np.flatnonzero(truth == number)
        wanted = min(int(counts.max()), POSES * count) - count
        crystals.append(np.tile(inside, POSES)[:wanted])
        poses.append(np.repeat(np.arange(1, POSES), count)[:wanted])
    return np.concatenate(crystals), np.concatenate(poses)
