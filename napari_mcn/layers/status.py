"""What napari's status line says of the crystal under the mouse."""

from collections.abc import Callable
from typing import Any

from napari.layers import Layer


def tell_of_place(layer: Layer, remark: Callable[[float, float], str]) -> None:
    """Add what ``remark(row, col)`` says to a layer's line; row and column in image pixels.

    napari asks on a thread of its own, so ``remark`` must only read.
    """
    plain = layer.get_status

    def get_status(position: Any = None, **asked: Any) -> dict[str, str]:  # napari's own arguments
        status = plain(position, **asked)
        if position is None:
            return status
        row, col = layer.world_to_data(position) if asked.get("world") else position
        said = remark(float(row), float(col))
        if said:
            status["coordinates"] = status["coords"] = f"{status['coordinates']}   {said}"
        return status

    layer.get_status = get_status
