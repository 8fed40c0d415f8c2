"""Keeps what SAM's image encoder saw on disk, so that no micrograph is encoded twice.

An embedding is found by the pixels the encoder was given, which change with the micrograph and
with every filter laid over it, and by the encoder's own weights: a fine-tuned mask decoder shares
the embeddings of the encoder it was trained with.
"""

import hashlib
import logging
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.own_folders import cache_folder

LIMIT_BYTES = 4 << 30  # a thousand micrographs of vit_b, vit_l or vit_h at 4 MB each
PARTS = ("features", "original", "resized")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class SamEmbedding:
    """The encoder's features of one micrograph: (1, channels, side, side) float32.

    ``original`` and ``resized`` are (height, width) before and after SAM's own resizing.
    """

    features: NDArray[np.float32]
    original: tuple[int, int]
    resized: tuple[int, int]


def embeddings_folder() -> Path:
    """Say where embeddings are kept; the folder may be deleted at any time."""
    return cache_folder() / "embeddings"


def key_of(image: NDArray[np.uint8], encoder: str) -> str:
    """Name the embedding of a (height, width) image by an encoder's digest."""
    state = hashlib.blake2b(repr(image.shape).encode(), digest_size=16)
    state.update(np.ascontiguousarray(image).data)
    return f"{state.hexdigest()}-{encoder}"


class EmbeddingCache:
    """A folder of embeddings; those used longest ago go when it grows over ``limit`` bytes.

    Nothing here ever refuses: a full disk or a damaged file costs the time to encode again.
    """

    def __init__(self, folder: Path, limit: int = LIMIT_BYTES) -> None:
        self._folder, self._limit = folder, limit

    def holds(self, key: str) -> bool:
        """Say whether an embedding is there."""
        return self._path(key).is_file()

    def get(self, key: str) -> SamEmbedding | None:
        """Read an embedding; None if it is not there, or damaged."""
        path = self._path(key)
        try:
            found = _read(path)
        except FileNotFoundError:
            return None
        except Exception as problem:  # noqa: BLE001 - numpy raises many things over damaged files
            log.warning("the embedding %s is damaged (%s) and made anew", path.name, problem)
            _remove(path)
            return None
        with suppress(OSError):
            os.utime(path)  # used now: the last to go
        return found

    def put(self, key: str, embedding: SamEmbedding) -> None:
        """Keep an embedding, if the disk lets us."""
        part: Path | None = None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
            part = Path(name)
            with os.fdopen(descriptor, "wb") as file:
                np.savez(file, **{name: getattr(embedding, name) for name in PARTS})
            part.replace(self._path(key))
        except OSError as problem:
            log.warning("an embedding could not be kept: %s", problem)
            if part is not None:
                _remove(part)
        self._evict(key)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.npz"

    def _evict(self, newest: str) -> None:
        """Remove what was used longest ago until the rest fits; the newest always stays.

        Parts count like the others: one that a killed process left would stay for ever.
        """
        known = []
        for path in (*self._folder.glob("*.npz"), *self._folder.glob("*.part")):
            with suppress(OSError):
                state = path.stat()
                known.append((path == self._path(newest), state.st_mtime_ns, state.st_size, path))
        kept = 0
        for stays, _, size, path in sorted(known, reverse=True):
            kept += size
            if kept > self._limit and not stays:
                _remove(path)


def _read(path: Path) -> SamEmbedding:
    with np.load(path, allow_pickle=False) as parts:
        features = parts["features"]
        original, resized = (tuple(int(side) for side in parts[name]) for name in PARTS[1:])
    if features.ndim != 4 or features.dtype != np.float32 or not np.isfinite(features).all():
        raise ValueError(f"features of shape {features.shape} and type {features.dtype}")
    (height, width), (rows, cols) = original, resized
    return SamEmbedding(features, (height, width), (rows, cols))


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
