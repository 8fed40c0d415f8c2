"""The maps of an explanation as files: exact values as TIFF, colours as PNG."""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.micrograph import PixelSize
from microcrystalnet.imaging.colour_scales import ColourScale
from microcrystalnet.report.files import write_atomically

OPACITY = 0.75  # of a map's strongest values
SMALLEST_PICTURE = 256  # pixels of a crop's side in a picture


def write_tiff(
    path: Path, values: NDArray[np.float32], pixel_size: PixelSize | None = None
) -> None:
    """Write a map (height, width) as a float32 TIFF that ImageJ and this program read.

    NaN, where there is no map, stays NaN; the pixel size stands in the file where it is known.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    import tifffile

    file = io.BytesIO()
    if pixel_size is None:
        tifffile.imwrite(file, np.asarray(values, np.float32), imagej=True)
    else:
        tifffile.imwrite(
            file,
            np.asarray(values, np.float32),
            imagej=True,
            resolution=(1 / pixel_size.col_um, 1 / pixel_size.row_um),
            metadata={"unit": "um"},
        )
    write_atomically(path, file.getvalue())


def write_picture(
    path: Path, crop: NDArray[np.float32], values: NDArray[np.float32], scale: ColourScale
) -> None:
    """Write a crop (size, size), grey from 0 to 1, and the map laid on it side by side, as PNG.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    from PIL import Image

    grey = np.repeat(np.rint(255 * crop)[..., None], 3, axis=2)
    pair = np.concatenate([grey, laid_on(grey, values, scale)], axis=1)
    times = max(1, -(-SMALLEST_PICTURE // len(crop)))
    large = np.repeat(np.repeat(pair, times, axis=0), times, axis=1)
    file = io.BytesIO()
    Image.fromarray(np.rint(large).astype(np.uint8)).save(file, "png")
    write_atomically(path, file.getvalue())


def laid_on(
    grey: NDArray[np.floating], values: NDArray[np.float32], scale: ColourScale
) -> NDArray[np.float64]:
    """Lay a map (height, width) over a picture (height, width, 3), 0 to 255, where it is not NaN.

    Values near zero let the picture through, as on the micrograph.
    """
    veil = scale.veil(values, OPACITY)
    share = veil[..., 3:]
    return np.asarray(grey * (1 - share) + 255 * veil[..., :3] * share, np.float64)
