"""Lets napari work out its axes once for many changes of its layers."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from napari.components import ViewerModel

from napari_mcn.layers.roles import unwrapped

_CHANGES = ("data", "scale", "units")


@contextmanager
def axes_once(viewer: ViewerModel) -> Iterator[None]:
    """Put off until the end what napari does with its axes at each change of a layer.

    It takes milliseconds each time: more than all else as the layers go to another scale. Where
    napari has this internal no more, it is as slow as that again.
    """
    viewer = unwrapped(viewer)
    work_out = getattr(viewer, "_on_layers_change", None)
    if work_out is None:
        yield
        return
    try:
        with ExitStack() as held:
            for layer in viewer.layers:
                for each in _CHANGES:
                    held.enter_context(getattr(layer.events, each).blocker(work_out))
            yield
    finally:
        work_out()
