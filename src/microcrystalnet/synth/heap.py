"""A depth buffer with a margin around the view, into which solids sink one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.synth.grain import Field
from microcrystalnet.synth.patch import Patch, slopes

Window = tuple[slice, slice]


@dataclass(slots=True, eq=False)
class Heap:
    """Heights and slopes in pixels of what is seen from above, and whose they are.

    ``owner`` is 0 for the ground, else the number a solid was dropped with. All arrays have the
    shape of the view plus ``margin`` on each side.
    """

    height: Field
    row_slope: Field
    col_slope: Field
    owner: NDArray[np.int32]
    margin: int

    @classmethod
    def on(cls, ground: Field, margin: int) -> "Heap":
        """Start with bare ground."""
        row_slope, col_slope = slopes(ground)
        return cls(ground.copy(), row_slope, col_slope, np.zeros(ground.shape, np.int32), margin)

    @property
    def view(self) -> Window:
        """The part that the micrograph shows."""
        height, width = self.height.shape
        margin = self.margin
        return slice(margin, height - margin), slice(margin, width - margin)

    def lowest(self, places: NDArray[np.intp], reach: int, extra: Field) -> tuple[int, int]:
        """Of ``places`` (n, 2), give the one with the lowest heap (plus ``extra``) around it."""
        cross = np.array([(0, 0), (reach, 0), (-reach, 0), (0, reach), (0, -reach)])
        limits = np.array(self.height.shape) - 1
        near = np.clip(places[:, None] + cross, 0, limits)
        around = near[..., 0], near[..., 1]
        best = int((self.height[around] + extra[around]).mean(1).argmin())
        return int(places[best, 0]), int(places[best, 1])

    def drop(self, patch: Patch, place: Sequence[int], sink: float, number: int | None) -> int:
        """Let a solid sink in until ``sink`` (0..1) of its underside is below the surface.

        Gives the number of pixels of the view it lies over. Without a ``number`` it becomes part
        of what it fell on.
        """
        target, source = _windows(place, patch.top.shape[0] // 2, self.height.shape)
        inside = patch.inside[source]
        if not inside.any():
            return 0
        below = self.height[target]
        gaps = (below - patch.bottom[source])[inside]
        top = patch.top[source] + np.float32(np.quantile(gaps, 1 - sink))
        shown = inside & (top > below)
        below[shown] = top[shown]
        self.row_slope[target][shown] = patch.row_slope[source][shown]
        self.col_slope[target][shown] = patch.col_slope[source][shown]
        if number is not None:
            self.owner[target][shown] = number
        return int(np.count_nonzero(inside & self._in_view(target)))

    def _in_view(self, window: Window) -> NDArray[np.bool_]:
        """Say which pixels of a window the micrograph shows."""
        inside = [
            (np.arange(part.start, part.stop) >= seen.start)
            & (np.arange(part.start, part.stop) < seen.stop)
            for part, seen in zip(window, self.view, strict=True)
        ]
        both: NDArray[np.bool_] = inside[0][:, None] & inside[1]
        return both


def _windows(place: Sequence[int], reach: int, shape: Sequence[int]) -> tuple[Window, Window]:
    """Where a patch centred at ``place`` lies in the buffer, and which part of it that is."""
    starts = [max(at - reach, 0) for at in place]
    stops = [min(at + reach + 1, side) for at, side in zip(place, shape, strict=True)]
    shifts = [reach - at for at in place]
    target = slice(starts[0], stops[0]), slice(starts[1], stops[1])
    source = (
        slice(starts[0] + shifts[0], stops[0] + shifts[0]),
        slice(starts[1] + shifts[1], stops[1] + shifts[1]),
    )
    return target, source
