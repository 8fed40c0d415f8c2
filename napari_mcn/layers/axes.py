"""Lets napari work out its axes once for many changes of its layers."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from napari.components import ViewerModel

from napari_mcn.layers.roles import unwrapped

_CHANGES = ("data", "scale", "units")  # of a layer
_PLACES = ("point", "current_step")  # of the axes: where stacks are cut


@contextmanager
def axes_once(viewer: ViewerModel) -> Iterator[None]:
    """Put off until the end what napari does with its axes at each change of a layer.

    It takes milliseconds each time: more than all else as the layers go to another scale. Where
    napari has these internals no more, it is as slow as that again.
    """
    viewer = unwrapped(viewer)
    work_out, cut = (
        getattr(viewer, each, None) for each in ("_on_layers_change", "_update_layers")
    )
    if work_out is None or cut is None:
        yield
        return
    with ExitStack() as held:
        for layer in viewer.layers:
            for each in _CHANGES:
                held.enter_context(getattr(layer.events, each).blocker(work_out))
        try:
            yield
        finally:
            if viewer.dims.ndim == 2:  # no stack is beside: there is nothing to cut anew
                for each in _PLACES:
                    held.enter_context(getattr(viewer.dims.events, each).blocker(cut))
            work_out()
