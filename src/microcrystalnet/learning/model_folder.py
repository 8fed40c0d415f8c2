"""A trained classifier on disk: model.json, weights.safetensors and their checksums."""

import hashlib
import json
import math
import operator
import shutil
import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.errors import ModelError
from microcrystalnet.learning.codec import from_json, to_json
from microcrystalnet.learning.records import FORMAT, ModelCard

CARD, WEIGHTS, SUMS = "model.json", "weights.safetensors", "SHA256SUMS"
LARGEST_CARD = 64 * 2**20
LARGEST_WEIGHTS = 4 * 2**30
# What goes wrong where a header holds anything but tensors with whole lengths.
UNREADABLE = (
    *(OSError, ValueError, RecursionError, struct.error),
    *(KeyError, TypeError, AttributeError, IndexError),
)


def save(folder: Path, card: ModelCard, weights: Mapping[str, NDArray[np.float32]]) -> None:
    """Write a model folder; it appears complete or not at all.

    Raises
    ------
    ModelError
        If the folder exists already or cannot be written.
    """
    from safetensors.numpy import save as to_bytes

    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise ModelError(f"{folder} exists already; choose a new folder for the model.")
    contents = {
        CARD: json.dumps(to_json(card), indent=1, allow_nan=False).encode(),
        WEIGHTS: to_bytes({name: np.ascontiguousarray(each) for name, each in weights.items()}),
    }
    sums = "".join(
        f"{hashlib.sha256(each).hexdigest()}  {name}\n" for name, each in contents.items()
    )
    try:
        _write(folder, {**contents, SUMS: sums.encode()})
    except OSError as problem:
        raise ModelError(
            f"The model cannot be written to {folder} ({problem.strerror}); check the disk."
        ) from problem


def load(folder: Path, scheme: Scheme | None = None) -> ModelCard:
    """Read what is known of a model, without its weights.

    Raises
    ------
    ModelError
        If it is missing, damaged, from a newer version, or made for other classes than ``scheme``.
    """
    content = _read(folder, CARD, LARGEST_CARD)
    _check_sum(folder, CARD, content)
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as problem:
        raise ModelError(
            f"{folder / CARD} is damaged; train or import the model again."
        ) from problem
    if isinstance(document, dict) and document.get("format") != FORMAT:
        raise ModelError(
            f"{folder} was written by another version of this program; update to use it."
        )
    card = from_json(ModelCard, document, str(folder / CARD))
    _check_card(folder, card)
    if scheme is not None:
        card.check_scheme(scheme)
    return card


def load_weights(folder: Path) -> dict[str, NDArray[np.float32]]:
    """Read the weights by name.

    Raises
    ------
    ModelError
        If they are missing, damaged, or do not match their checksum.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load as from_bytes

    content = _read(folder, WEIGHTS, LARGEST_WEIGHTS)
    _check_sum(folder, WEIGHTS, content)
    try:
        return dict(from_bytes(content))
    except (SafetensorError, ValueError, KeyError, struct.error) as problem:
        raise ModelError(f"{folder / WEIGHTS} is damaged; train the model again.") from problem


def count_parameters(folder: Path) -> int:
    """Count the numbers in a model's weights, from the header of their file alone.

    Raises
    ------
    ModelError
        If the weights are missing or damaged.
    """
    path = folder / WEIGHTS
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(min(length, LARGEST_CARD)))
        tensors = {name: each for name, each in header.items() if name != "__metadata__"}
        return sum(math.prod(map(operator.index, each["shape"])) for each in tensors.values())
    except UNREADABLE as problem:
        raise ModelError(f"{path} is missing or damaged; train the model again.") from problem


def _write(folder: Path, contents: Mapping[str, bytes]) -> None:
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        for name, content in contents.items():
            (unfinished / name).write_bytes(content)
        if folder.exists():
            folder.rmdir()
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _read(folder: Path, name: str, limit: int) -> bytes:
    path = folder / name
    try:
        if path.stat().st_size > limit:
            raise ModelError(f"{path} is larger than any model of this program; it is not one.")
        return path.read_bytes()
    except OSError as problem:
        raise ModelError(
            f"{folder} is not a model: {name} cannot be read. Choose a folder with {CARD}, "
            f"{WEIGHTS} and {SUMS}, or train a model first."
        ) from problem


def _check_sum(folder: Path, name: str, content: bytes) -> None:
    lines = _read(folder, SUMS, 2**16).decode(errors="replace").splitlines()
    sums = {line.partition("  ")[2]: line.partition("  ")[0] for line in lines}
    if sums.get(name) != hashlib.sha256(content).hexdigest():
        raise ModelError(
            f"{folder / name} was changed or damaged since it was written; train the model again "
            "or fetch a fresh copy."
        )


def _check_card(folder: Path, card: ModelCard) -> None:
    card.network.check()
    fits = (
        card.network.size == card.recipe.size
        and card.network.outputs == len(card.classes) == len(set(card.classes))
        and card.recipe.order in (0, 1)
        and 0 <= card.recipe.margin <= 10
        and 0.01 <= card.temperature <= 100
        and (card.scheme is None or card.scheme.codes == card.classes)
    )
    if not fits:
        raise ModelError(f"{folder / CARD} contradicts itself; train or import the model again.")
