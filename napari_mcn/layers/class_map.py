"""The layer that fills labelled crystals with the colour of their class."""

from collections.abc import Mapping

import numpy as np
from napari.components import ViewerModel
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import Micrograph, Region
from microcrystalnet.domain.scheme import Scheme
from napari_mcn.layers.crystals import CrystalsLayer
from napari_mcn.layers.raster import Colour, Raster
from napari_mcn.layers.roles import Role

UNCLEAR = "unclear"  # code of a crystal whose expert said *unclear*
DISCARDED = "not a crystal"  # code of a crystal whose expert said *not a crystal*

FEW = 8  # crystals up to which each is drawn by itself
_ALPHA = 0.45
_EXTRA_COLOURS = {UNCLEAR: (1.0, 1.0, 1.0, 0.6), DISCARDED: (0.0, 0.0, 0.0, 0.65)}
_PERIOD = 6  # image pixels from one stripe of an unclear crystal to the next
_NAMES = {Role.CLASS_MAP: "Classes", Role.PREDICTED_MAP: "Predicted classes"}


class ClassMapLayer:
    """A uint8 map of class codes over the crystals; `Role.PREDICTED_MAP` for predictions.

    A class is a translucent fill, *unclear* white stripes, *not a crystal* a dark fill.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        micrograph: Micrograph,
        scheme: Scheme,
        crystals: CrystalsLayer,
        role: Role = Role.CLASS_MAP,
    ) -> None:
        self._codes = (*(each.code for each in scheme.known), UNCLEAR, DISCARDED)
        self._crystals = crystals
        self._classes: dict[str, str] = {}
        self._wanted, self._veiled = True, False
        self._table = np.zeros(np.iinfo(np.uint16).max + 1, np.uint8)
        self._raster = Raster(viewer, micrograph, role, _NAMES[role], _colours(scheme))
        crystals.changed.connect(self._on_changed)

    @property
    def visible(self) -> bool:
        """Whether the layer is shown, or would be if nothing veiled it."""
        return self._wanted

    @visible.setter
    def visible(self, visible: bool) -> None:
        self._wanted = visible
        self._raster.visible = visible and not self._veiled

    def veil(self, veiled: bool) -> None:
        """Step aside while something lies on the crystals that colours would falsify."""
        self._veiled = veiled
        self.visible = self._wanted

    def set_classes(self, classes: Mapping[str, str | None]) -> None:
        """Colour exactly these crystals: crystal id -> class code, UNCLEAR, DISCARDED or None."""
        self._classes = _given(classes)
        self._on_changed(None)

    def set_class(self, crystal_id: str, code: str | None) -> None:
        """Colour one crystal; None takes its colour away. Unknown crystals wait to be put."""
        if code is None:
            self._classes.pop(crystal_id, None)
        else:
            self._classes[crystal_id] = code
        if crystal_id in self._crystals.instances:
            value = self._crystals.instances.value(crystal_id)
            self._table[value] = self._number(code)
            self._paint(self._crystals.mask_of(crystal_id).region)

    def update_classes(self, classes: Mapping[str, str | None]) -> None:
        """Colour these crystals anew and leave the others: many at once for one drawing."""
        if len(classes) <= FEW:
            for crystal_id, code in classes.items():
                self.set_class(crystal_id, code)
            return
        self.set_classes({**self._classes, **classes})

    def class_of(self, crystal_id: str) -> str | None:
        """Give the code that a crystal is coloured by."""
        return self._classes.get(crystal_id)

    def turn(self, micrograph: Micrograph, classes: Mapping[str, str | None]) -> None:
        """Colour these crystals of another micrograph, as soon as they are put there."""
        self._classes = _given(classes)
        self.veil(False)
        self._raster.lie_on(micrograph)

    def close(self) -> None:
        """Remove the layer and let go of the crystals."""
        self._crystals.changed.disconnect(self._on_changed)
        self._raster.close()

    def _number(self, code: str | None) -> int:
        if code is None:
            return 0
        return self._codes.index(code if code in self._codes else UNCLEAR) + 1

    def _on_changed(self, region: Region | None) -> None:
        if not (self._classes or self._table.any()):
            return  # nothing is coloured, and nothing was
        self._table[:] = 0
        for value, crystal_id in self._crystals.instances.ids.items():
            code = self._classes.get(crystal_id)
            if code is not None:
                self._table[value] = self._number(code)
        if region is None:
            self._raster.look_up(self._table, self._crystals.instances.values)
            self._stripe(self._raster.codes, 0)
            self._raster.drawn()
        else:
            self._paint(region)

    def _paint(self, region: Region) -> None:
        values = self._crystals.instances.values
        coded = self._table[values[region.row0 : region.row1, region.col0 : region.col1]]
        self._stripe(coded, region.row0 + region.col0)
        self._raster.stamp(region, coded)

    def _stripe(self, coded: NDArray[np.uint8], start: int) -> None:
        """Leave stripes of unclear crystals; ``start`` is row plus column of the codes' corner."""
        unclear = self._number(UNCLEAR)
        if unclear in self._table:
            rows, cols = np.ogrid[: coded.shape[0], : coded.shape[1]]
            gap = (rows + cols + start) % _PERIOD >= _PERIOD // 2
            coded[gap & (coded == unclear)] = 0


def _given(classes: Mapping[str, str | None]) -> dict[str, str]:
    return {key: code for key, code in classes.items() if code is not None}


def _colours(scheme: Scheme) -> dict[int, Colour]:
    shades = [(*_rgb(each.colour), _ALPHA) for each in scheme.known]
    return dict(enumerate((*shades, *_EXTRA_COLOURS.values()), start=1))


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue
