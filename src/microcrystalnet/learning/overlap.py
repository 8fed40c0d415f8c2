"""Whether crystals to be judged on are learnt from as well, told by content and not by names."""

import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import TrainingError

# Crops (n, size, size, 1), and the names of their micrographs' files by a digest of the content.
Source = tuple[NDArray[np.float32], Mapping[str, str]]


def check_apart(learnt: Source, judged: Source) -> None:
    """Refuse crystals to be judged on that, or whose micrographs, are learnt from.

    Raises
    ------
    TrainingError
        With the micrographs, or the number of the crystals, that are in both.
    """
    shared = sorted(judged[1][each] for each in judged[1].keys() & learnt[1].keys())
    if shared:
        raise TrainingError(
            f"{len(shared)} of {len(judged[1])} micrographs to be judged on are learnt from as "
            f"well, such as {shared[0]}; judge on other micrographs, or leave --test out."
        )
    known = set(crop_digests(learnt[0]))
    again = sum(each in known for each in crop_digests(judged[0]))
    if again:
        raise TrainingError(
            f"{again} of {len(judged[0])} crystals to be judged on are learnt from as well; judge "
            "on other crystals, or leave --test out."
        )


def twins(learnt: NDArray[np.float32], judged: NDArray[np.float32]) -> tuple[str, ...]:
    """Say how many crops to be judged on equal one that is learnt from, pixel by pixel.

    They come of a micrograph that was added twice, such as saved anew by another program.
    """
    known = set(crop_digests(learnt))
    count = sum(each in known for each in crop_digests(judged))
    if not count:
        return ()
    return (
        f"{count} of the {len(judged)} crystals judged on look exactly like crystals that were "
        "learnt from, so the figures are too kind; see whether a micrograph was added twice.",
    )


def crop_digests(crops: NDArray[np.float32]) -> list[str]:
    """Give 16 hexadecimal digits for each crop (n, size, size, 1); equal crops have equal ones."""
    return [hashlib.sha256(crop.tobytes()).hexdigest()[:16] for crop in crops]
