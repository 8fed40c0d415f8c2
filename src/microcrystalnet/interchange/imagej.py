"""ImageJ's RoiSet.zip, one region of interest per crystal, exact to the pixel.

Format: ``ij/io/RoiDecoder.java``; read and written with roifile. Masks of one piece without holes
are polygons; others are composite regions, whose path ImageJ fills by the even-odd rule.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.interchange.outline import Outline
from microcrystalnet.interchange.rings import Ring, fill, trace

if TYPE_CHECKING:
    from roifile import ImagejRoi

MOVE, LINE, CLOSE = 0.0, 1.0, 4.0
LARGEST_ZIP = 512 * 1024 * 1024  # bytes, unpacked
_COLOUR_PROPERTY = "class"


def write(crystals: Sequence[tuple[Outline, str]]) -> bytes:
    """Give the bytes of a RoiSet.zip; each crystal comes with its colour ``#rrggbb``."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for outline, colour in crystals:
            packed.writestr(f"{outline.name}.roi", _region(outline, colour).tobytes())
    return file.getvalue()


def _region(outline: Outline, colour: str) -> "ImagejRoi":
    from roifile import ROI_TYPE, ImagejRoi

    rings = trace(outline.mask)
    points = [ring[:, ::-1].astype(np.int32) for ring in rings]
    region = ImagejRoi.frompoints(points[0], name=outline.name)
    region.roitype = ROI_TYPE.POLYGON
    if len(rings) > 1:
        _make_composite(region, outline.mask, points)
    region.stroke_color = b"\xff" + bytes.fromhex(colour[1:])
    region.props = f"{_COLOUR_PROPERTY}: {outline.cls}\n" if outline.cls else ""
    return region


def _make_composite(region: "ImagejRoi", mask: Mask, rings: Sequence[NDArray[np.int32]]) -> None:
    from roifile import ROI_TYPE

    box = mask.region
    region.roitype = ROI_TYPE.RECT
    region.integer_coordinates, region.n_coordinates = None, 0
    region.top, region.left, region.bottom, region.right = box.row0, box.col0, box.row1, box.col1
    path: list[float] = []
    for ring in rings:
        for at, (x, y) in enumerate(ring.tolist()):
            path += [LINE if at else MOVE, x, y]
        path.append(CLOSE)
    region.multi_coordinates = np.array(path, np.float32)
    region.shape_roi_size = len(path)


def read(content: bytes) -> list[Outline]:
    """Read the areas of a RoiSet.zip or of a single .roi file; lines and points are left out.

    Raises
    ------
    UnreadableFileError
        If this is neither, or too large.
    """
    from roifile import ImagejRoi

    try:
        regions = [ImagejRoi.frombytes(each) for each in _members(content)]
        outlines = [_outline(each, number) for number, each in enumerate(regions, 1)]
    except (ValueError, IndexError, KeyError, TypeError, NotImplementedError, RuntimeError) as e:
        raise UnreadableFileError(
            "This is not a set of ImageJ regions; save it anew with More > Save in the ROI Manager."
        ) from e
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError) as e:
        raise UnreadableFileError("This zip file is damaged; save the RoiSet anew.") from e
    return [each for each in outlines if each is not None]


def _members(content: bytes) -> list[bytes]:
    if not content.startswith(b"PK"):
        return [content]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        wanted = [each for each in packed.infolist() if each.filename.lower().endswith(".roi")]
        size = sum(each.file_size for each in wanted)
        if size > LARGEST_ZIP:
            raise UnreadableFileError(
                f"This RoiSet unpacks to {size:,} bytes; split it into smaller ones."
            )
        return [packed.read(each) for each in wanted]


def _outline(region: "ImagejRoi", number: int) -> Outline | None:
    rings = _rings(region)
    if not rings:
        return None
    said = str(region.properties.get(_COLOUR_PROPERTY, "")) if region.props else ""
    return Outline(fill(rings), region.name or str(number), said)


def _rings(region: "ImagejRoi") -> list[Ring]:
    from roifile import ROI_TYPE, ImagejRoi

    if region.multi_coordinates is not None:
        paths = ImagejRoi.path2coords(region.multi_coordinates)
        return [np.asarray(path, float)[:, ::-1] for path in paths]
    if region.roitype == ROI_TYPE.OVAL:
        return [_ellipse(region)]
    if region.roitype == ROI_TYPE.RECT:
        top, left, bottom, right = region.top, region.left, region.bottom, region.right
        return [np.array([(top, left), (top, right), (bottom, right), (bottom, left)], float)]
    if region.roitype in {ROI_TYPE.POLYGON, ROI_TYPE.FREEHAND, ROI_TYPE.TRACED}:
        return [np.asarray(region.coordinates(), float)[:, ::-1]]
    return []


def _ellipse(region: "ImagejRoi") -> Ring:
    centre = np.array([region.top + region.bottom, region.left + region.right]) / 2
    radii = np.array([region.bottom - region.top, region.right - region.left]) / 2
    turns = np.linspace(0, 2 * np.pi, 361)[:-1]
    ring: Ring = centre + radii * np.stack([np.sin(turns), np.cos(turns)], 1)
    return ring
