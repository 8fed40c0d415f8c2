"""What explanation lies on the micrograph now, whoever laid it there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psygnal import Signal

from microcrystalnet.explain import words
from microcrystalnet.explain.mosaic import blank, clip, lay, whole_in, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from microcrystalnet.domain.mask import Mask
    from microcrystalnet.domain.micrograph import Micrograph, Region
    from microcrystalnet.explain.explanation import Explanation
    from microcrystalnet.imaging.colour_scales import ColourScale
    from microcrystalnet.imaging.crops import CropFrame
    from napari_mcn.layers.canvas import Canvas

OPACITY = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A map and its colours.

    ``values`` belong to the crop that ``frame`` cut, (size, size), or, without a frame, to the
    whole micrograph (height, width) with NaN where there is none. They are seen inside ``region``,
    and with a ``mask`` on that crystal only; with ``over`` they keep their sum on the micrograph.
    ``outlines`` are the crystals they are about, and ``exact`` the values to be saved where those
    shown were scaled.
    """

    values: NDArray[np.float32]
    frame: CropFrame | None
    scale: ColourScale
    limits: tuple[float, float]
    title: str
    meaning: str
    region: Region
    mask: Mask | None = None
    unit: str = ""
    exact: NDArray[np.float32] | None = None
    outlines: Sequence[Mask] = ()
    over: Mask | Region | None = None

    @property
    def seen(self) -> NDArray[np.float32]:
        """The values, with NaN where none are shown."""
        if self.frame is None:
            return within(self.values, self.region)
        return clip(self.values, self.frame, self.region, self.mask)

    def on_micrograph(self, height: int, width: int) -> NDArray[np.float32]:
        """Give the values on the micrograph's own pixels, NaN where none are shown."""
        if self.frame is None:
            return within(self.values if self.exact is None else self.exact, self.region)
        sheet = blank(height, width)
        lay(sheet, self.values, self.frame, self.mask, self.over)
        return within(sheet, self.region)


def of_crystal(
    explanation: Explanation, micrograph: Micrograph, outline: Mask, block: int | None
) -> Shown:
    """Give the map of one crystal as it is shown; ``block`` is the one that Grad-CAM looks into."""
    mask = outline if explanation.masked else None
    scale, values = words.scale_of(explanation.method), explanation.per_pixel
    seen = clip(values, explanation.frame, micrograph.region, mask)
    whole = whole_in(explanation, outline, micrograph)
    return Shown(
        values,
        explanation.frame,
        scale,
        scale.limits(seen),
        f"{words.NAMES[explanation.method]} for {explanation.cls}",
        words.on_map(replace(explanation, values=seen), block, whole=whole),
        micrograph.region,
        mask,
        outlines=(outline,),
        over=explanation.over(outline, micrograph.height, micrograph.width),
    )


class Exhibit:
    """Lays one map at a time on the micrograph and remembers how it shall look."""

    changed = Signal(object)  # Shown, or None

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.opacity, self._hidden = OPACITY, False
        self.shown: Shown | None = None

    @property
    def opacity_seen(self) -> float:
        """How opaque the map is at this moment, 0 to 1; 0 where it is hidden."""
        overlay = None if self._canvas.sheet is None else self._canvas.sheet.overlay
        return overlay.opacity if overlay is not None and overlay.in_view else 0.0

    @property
    def outlined(self) -> bool:
        """Whether outlines of crystals are seen at this moment."""
        return self._canvas.sheet is not None and self._canvas.sheet.crystals.visible

    def show(self, shown: Shown) -> None:
        """Lay a map on the micrograph in place of the one before."""
        if self._canvas.sheet is None:
            return
        self.shown = shown
        overlay = self._canvas.sheet.overlay
        if shown.frame is None:
            overlay.show_whole(shown.seen, shown.scale, shown.limits)
        else:
            overlay.show_map(shown.seen, shown.frame, shown.scale, shown.limits)
        self.changed.emit(shown)

    def clear(self) -> None:
        """Take the map away."""
        if self._canvas.sheet is not None:
            self._canvas.sheet.overlay.clear()
        if self.shown is not None:
            self.shown = None
            self.changed.emit(None)

    def set_opacity(self, opacity: float) -> None:
        """Let the map hide the crystal (1) or not be seen (0), on every micrograph."""
        self.opacity = opacity
        self.dress()

    def set_hidden(self, hidden: bool) -> None:
        """Hide the map, or show it again, on every micrograph."""
        self._hidden = hidden
        self.dress()

    def prepare(self) -> None:
        """Let the viewer make the overlay now, which takes a moment, and not at the first click."""
        if self._canvas.sheet is not None:
            self._canvas.sheet.overlay.prepare()

    def dress(self) -> None:
        """Make the overlay of the shown micrograph look as chosen."""
        if self._canvas.sheet is not None:
            self._canvas.sheet.overlay.opacity = self.opacity
            self._canvas.sheet.overlay.visible = not self._hidden
