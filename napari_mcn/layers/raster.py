"""A labels layer of a few codes, in which small windows change within milliseconds."""

from collections.abc import Mapping
from contextlib import suppress

import numpy as np
from napari.components import ViewerModel
from napari.layers import Labels
from napari.utils.colormaps import DirectLabelColormap
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import Micrograph, Region
from napari_mcn.layers.curtain import is_visible, set_visible
from napari_mcn.layers.roles import Role, insert, metadata, placement, remove, turn, unwrapped

Colour = tuple[float, float, float, float]
_ROWS = 32  # looked up at a time, so that they stay in the processor's cache


class Raster:
    """One uint8 code per pixel of a micrograph; 0 is transparent.

    The viewer gets the layer when the first code is set.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        micrograph: Micrograph,
        role: Role,
        name: str,
        colours: Mapping[int, Colour],
    ) -> None:
        self._viewer = unwrapped(viewer)
        self.layer = Labels(
            np.zeros((micrograph.height, micrograph.width), np.uint8),
            name=name,
            metadata=metadata(role, micrograph.image_id),
            colormap=palette(colours),
            opacity=1.0,
            **placement(micrograph),
        )
        bypass_history(self.layer)
        self.layer.editable = False

    @property
    def codes(self) -> NDArray[np.uint8]:
        """The (height, width) codes; change them with `stamp` and `fill` only."""
        return self.layer.data

    @property
    def visible(self) -> bool:
        """Whether the layer is shown."""
        return is_visible(self.layer)

    @visible.setter
    def visible(self, visible: bool) -> None:
        set_visible(self.layer, visible)

    def stamp(self, region: Region, window: NDArray[np.uint8]) -> None:
        """Write the codes of one region."""
        self.codes[region.row0 : region.row1, region.col0 : region.col1] = window
        if self._inserted(window):
            refresh_window(self.layer, region)

    def fill(self, codes: NDArray[np.uint8] | int) -> None:
        """Write the codes of every pixel."""
        self.codes[...] = codes
        if self._inserted(codes):
            self.layer.refresh(extent=False)

    def look_up(self, table: NDArray[np.uint8], values: NDArray[np.uint16]) -> None:
        """Write for each pixel the code that a table (65536,) has for its value; see `drawn`."""
        for start in range(0, len(values), _ROWS):
            part = slice(start, start + _ROWS)
            np.take(table, values[part], out=self.codes[part], mode="clip")

    def drawn(self) -> None:
        """Show codes that were looked up, and perhaps mended in place."""
        if self._inserted(self.codes):
            self.layer.refresh(extent=False)

    def turn(self, micrograph: Micrograph) -> None:
        """Lie on another micrograph, with every code 0."""
        self.lie_on(micrograph)
        if self.codes.any():
            self.fill(0)

    def lie_on(self, micrograph: Micrograph) -> None:
        """Lie on another micrograph; whoever calls writes every code anew."""
        turn(self.layer, micrograph)
        forget_history(self.layer)
        shape = micrograph.height, micrograph.width
        if self.codes.shape != shape:
            self.layer.data = np.zeros(shape, np.uint8)

    def close(self) -> None:
        """Remove the layer."""
        remove(self._viewer, self.layer)

    def _inserted(self, codes: NDArray[np.uint8] | int) -> bool:
        """Insert the layer where it has something to show; say whether the viewer holds it."""
        if np.any(codes):
            insert(self._viewer, self.layer)
        return self.layer in self._viewer.layers


def palette(colours: Mapping[int, Colour]) -> DirectLabelColormap:
    """Give a colour map in which every code that is not listed is transparent."""
    clear = (0.0, 0.0, 0.0, 0.0)
    return DirectLabelColormap(color_dict={None: clear, 0: clear, **colours})


def bypass_history(layer: Labels) -> None:
    """Switch off napari's own undo: our journal's undo is the truth, two would fight."""
    layer.undo = layer.redo = _do_nothing


def forget_history(layer: Labels) -> None:
    """Let go of what napari keeps for its own undo: it is of another micrograph."""
    with suppress(AttributeError):
        layer._reset_history()


def refresh_window(layer: Labels, region: Region) -> None:
    """Redraw one region of a labels layer whose data was written to.

    napari's public `data_setitem` also redraws only a part, but it keeps a copy of every change
    for an undo of its own; where these internals are gone the whole layer is redrawn instead.
    """
    window = (slice(region.row0, region.row1), slice(region.col0, region.col1))
    try:
        layer._accumulate_updated_slice(window)
        layer._partial_labels_refresh()
    except AttributeError:
        layer.refresh()


def _do_nothing() -> None:
    """Stand in for napari's undo and redo."""
