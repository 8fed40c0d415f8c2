"""Read the ImageNet weights that Keras publishes for its networks, numbers only."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
from numpy.typing import NDArray

from microcrystalnet.errors import WeightsError

if TYPE_CHECKING:
    import keras

MOST_VALUES = 200_000_000
DEVIATIONS = (0.229, 0.224, 0.225)


def load_imagenet(model: "keras.Model", kind: str, path: Path) -> None:
    """Set the backbone of a model from a ``..._notop.h5`` file.

    The files list layers and tensors in the network's own order (Keras's legacy weights format).
    Names in some of them are those of another version, so order and shape decide.

    Raises
    ------
    WeightsError
        If the file cannot be read, or does not hold the tensors of this backbone.
    """
    wanted = list(_backbone_variables(model))
    found = _tensors(path)
    fits = [tuple(each.shape) for each in wanted] == [each.shape for each in found]
    if not fits or not all(np.isfinite(each).all() for each in found):
        raise WeightsError(
            f"{path} does not hold the weights of {kind} without its dense layers; choose Keras's "
            "file whose name ends in _notop.h5."
        )
    for variable, values in zip(wanted, found, strict=True):
        variable.assign(values)
    if kind == "efficientnetb0":
        _steepen(wanted)


def _backbone_variables(model: "keras.Model") -> Iterator[Any]:
    """Give the variables as Keras's format orders them: by layer, trainable ones first."""
    for layer in model.layers:
        if layer.name.startswith("backbone_"):
            yield from (*layer.trainable_variables, *layer.non_trainable_variables)


def _tensors(path: Path) -> list[NDArray[np.float32]]:
    try:
        with h5py.File(path, "r") as file:
            groups = file.get("model_weights", file)
            return [
                _tensor(groups[_text(layer)], _text(name), path)
                for layer in groups.attrs["layer_names"]
                for name in groups[_text(layer)].attrs["weight_names"]
            ]
    except (OSError, RuntimeError, KeyError, TypeError, ValueError, AttributeError) as problem:
        raise WeightsError(
            f"{path} cannot be read as a Keras weights file; fetch it again, or choose another."
        ) from problem


def _tensor(group: Any, name: str, path: Path) -> NDArray[np.float32]:
    link = group.get(name, getlink=True)
    values = group[name]
    plain = isinstance(link, h5py.HardLink) and isinstance(values, h5py.Dataset)
    if not plain or values.external or values.is_virtual or values.size > MOST_VALUES:
        raise WeightsError(f"{path} keeps weights outside itself, or too many of them.")
    return np.asarray(values[()], np.float32)


def _text(name: bytes | str) -> str:
    return name.decode() if isinstance(name, bytes) else name


def _steepen(variables: list[Any]) -> None:
    """Make up for a step that Keras's EfficientNet has only with its own download.

    It divides by the root of ImageNet's deviations once more; here the stored variance takes it in.
    """
    variance = next(each for each in variables if each.path.endswith("/variance"))
    variance.assign(variance.numpy() * np.asarray(DEVIATIONS, np.float32))
