"""A label image as a TIFF that says how large its pixels are."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import PixelSize


def label_tiff(labels: NDArray[np.uint32], size: PixelSize | None) -> bytes:
    """Give the bytes of a compressed uint32 TIFF, (height, width), with ImageJ's scale tags.

    Format: pixels per micrometre in XResolution and YResolution, no resolution unit, and ``unit=``
    in the description, as ``ij/io/TiffEncoder.java`` writes them. Without a scale, without tags.
    """
    import tifffile

    scale: dict[str, Any] = {}
    if size is not None:
        scale = {
            "description": "ImageJ=1.54f\nunit=micron\n",
            "resolution": (1 / size.col_um, 1 / size.row_um),
            "resolutionunit": "NONE",
        }
    file = io.BytesIO()
    tifffile.imwrite(
        file, labels, photometric="minisblack", compression="zlib", metadata=None, **scale
    )
    return file.getvalue()
