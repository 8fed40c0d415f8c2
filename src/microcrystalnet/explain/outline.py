"""Whether a network looks at the outline of crystals or at the edges inside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.imaging.crops import CropFrame, cut

REACH = 0.05  # of the crop's side to either side of the outline: 3 pixels of 64


@dataclass(frozen=True, slots=True)
class OutlineShare:
    """How much of a crystal's map lies along its outline, and how much of its area does.

    Both are shares, 0 to 1, of the outline band and the interior together.
    """

    crystal_id: str
    image_id: str
    cls: str
    attribution: float
    area: float


@dataclass(frozen=True, slots=True)
class ClassOutline:
    """The mean shares of the crystals of one class; ``ratio`` is 1 where chance would put it."""

    cls: str
    crystals: int
    micrographs: int
    attribution: float
    area: float

    @property
    def ratio(self) -> float:
        """How many times as strongly the outline counts as its area would let expect."""
        return self.attribution / self.area


def mask_in_crop(mask: Mask, frame: CropFrame) -> NDArray[np.bool_]:
    """Give the pixels of a crop that belong to the crystal, (size, size) bool."""
    there = replace(frame, row0=frame.row0 - mask.row, col0=frame.col0 - mask.col)
    return cut(mask.pixels, there, order=0) > 0.5


def outline_share(
    values: NDArray[np.float32], inside: NDArray[np.bool_]
) -> tuple[float, float] | None:
    """Give the share of a map, and of the area, that lies along the outline of a crystal.

    Parameters
    ----------
    values : (size, size)
        A map; the signs do not matter.
    inside : (size, size) bool
        The crystal's pixels in its crop.

    Returns
    -------
    (float, float) or None
        None where the crystal has no interior, or the map is zero.

    Notes
    -----
    The outline is a band of `REACH` to either side of the mask's border. The source system's paper
    remarks that edges inside crystals are neglected; a ratio well above 1 would bear that out.
    """
    from scipy.ndimage import distance_transform_edt

    padded = np.pad(inside, 1)  # a crystal that fills its crop has its outline at the crop's edge
    depth = distance_transform_edt(padded)[1:-1, 1:-1]
    height = distance_transform_edt(~padded)[1:-1, 1:-1]
    reach = REACH * len(values)
    interior = depth > reach
    band = (depth + height <= reach) & ~interior
    size = np.abs(values)
    total = float(size[band].sum() + size[interior].sum())
    if total == 0 or not interior.any() or not band.any():
        return None
    count = int(band.sum())
    return float(size[band].sum()) / total, count / (count + int(interior.sum()))


def by_class(shares: Iterable[OutlineShare], classes: Sequence[str]) -> tuple[ClassOutline, ...]:
    """Average the shares of each class, in the order of ``classes``; empty ones are left out."""
    known = list(shares)
    return tuple(
        ClassOutline(
            cls,
            len(part),
            len({each.image_id for each in part}),
            float(np.mean([each.attribution for each in part])),
            float(np.mean([each.area for each in part])),
        )
        for cls in classes
        if (part := [each for each in known if each.cls == cls])
    )
