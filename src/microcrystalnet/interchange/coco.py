"""COCO's object detection format, with run lengths so that no pixel and no hole is lost.

Format: https://cocodataset.org/#format-data; the run-length text is that of pycocotools'
``maskApi.c`` (``rleToString``): column-major runs, differences, base 48.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import MaskError, UnreadableFileError
from microcrystalnet.interchange.outline import ODD, Outline
from microcrystalnet.interchange.rings import fill

_LARGEST_SIDE = 65_535


def annotation(mask: Mask, height: int, width: int) -> dict[str, object]:
    """Give ``bbox``, ``area`` and ``segmentation`` of a crystal in a (height, width) image."""
    box = mask.region
    return {
        "bbox": [box.col0, box.row0, box.width, box.height],
        "area": mask.area,
        "iscrowd": 0,
        "segmentation": {"size": [height, width], "counts": encode(mask, height, width)},
    }


def encode(mask: Mask, height: int, width: int) -> str:
    """Give the compressed run lengths of a mask in a (height, width) image."""
    return _text(_runs(mask, height, width))


def decode(counts: str | Sequence[int], height: int, width: int) -> Mask:
    """Read run lengths, compressed or not.

    Raises
    ------
    MaskError
        If they do not fit the image or set no pixel.
    """
    runs = _numbers(counts) if isinstance(counts, str) else np.array(counts, np.int64)
    ends = np.cumsum(runs)
    if not ends.size or (runs < 0).any() or ends[-1] != height * width:
        raise MaskError(
            f"The run lengths of this mask do not fill {height} x {width} pixels; export it anew."
        )
    return _painted(ends[:-1:2], ends[1::2], height)


def _painted(begins: NDArray[np.int64], ends: NDArray[np.int64], height: int) -> Mask:
    """Paint runs of a column-major image inside the columns that they reach."""
    if not ends.size or (begins == ends).all():
        raise MaskError("This mask has no pixel; draw the crystal anew.")
    begins = begins[: ends.size]
    first, last = int(begins[0]) // height, int(ends[-1] - 1) // height
    steps = np.zeros((last - first + 1) * height + 1, np.int8)
    np.add.at(steps, begins - first * height, 1)
    np.add.at(steps, ends - first * height, -1)
    column_major = np.cumsum(steps[:-1], dtype=np.int8).astype(bool)
    return Mask.from_pixels(column_major.reshape(-1, height).T, 0, first)


def _runs(mask: Mask, height: int, width: int) -> NDArray[np.int64]:
    """Give lengths of unset and set runs in turn, down the columns, from the first pixel on."""
    box = mask.region
    padded = np.zeros((box.width, box.height + 2), np.int8)
    padded[:, 1:-1] = mask.pixels.T
    cols, rows = np.nonzero(np.diff(padded, axis=1))
    places = (cols + box.col0) * height + rows + box.row0
    begins, ends = places[::2], places[1::2]
    joined = np.flatnonzero(begins[1:] == ends[:-1])  # from the foot of one column to the next
    begins, ends = np.delete(begins, joined + 1), np.delete(ends, joined)
    edges = np.stack([begins, ends], 1).ravel()
    last = [height * width] if edges[-1] != height * width else []
    turns = np.concatenate([[0], edges, last]).astype(np.int64)
    runs: NDArray[np.int64] = turns[1:] - turns[:-1]
    return runs


def _text(runs: NDArray[np.int64]) -> str:
    values = runs.copy()
    values[3:] -= runs[1:-2]
    letters = [letter for value in values.tolist() for letter in _letters(value)]
    return bytes(letters).decode("ascii")


def _letters(value: int) -> list[int]:
    """Write a whole number five bits at a time, the lowest first, bit 6 while more follow."""
    found = []
    while not -16 <= value < 16:
        found.append((value & 0x1F | 0x20) + 48)
        value >>= 5
    return [*found, (value & 0x1F) + 48]


def _numbers(text: str) -> NDArray[np.int64]:
    values: list[int] = []
    value = shift = 0
    for letter in text:
        bits = ord(letter) - 48
        if not 0 <= bits < 64:
            raise MaskError(f"The run lengths of this mask hold the sign {letter!r}; export anew.")
        value |= (bits & 0x1F) << shift
        shift += 5
        if not bits & 0x20:
            value -= (1 << shift) if bits & 0x10 else 0
            values.append(value + (values[-2] if len(values) > 2 else 0))
            value = shift = 0
    return np.array(values, np.int64)


def read(text: str, file_name: str) -> list[Outline]:
    """Read the crystals of one image, found by its file name, or the only image there is.

    Raises
    ------
    UnreadableFileError
        If this is not COCO or has no such image.
    """
    try:
        content = json.loads(text)
        image = _image(content["images"], file_name)
        names = {each["id"]: str(each["name"]) for each in content.get("categories", [])}
        mine = [each for each in content["annotations"] if each["image_id"] == image["id"]]
        return [_outline(each, image, names) for each in mine]
    except ODD as error:
        raise UnreadableFileError(
            "This is not a COCO file of outlines (images, annotations, categories); export it anew."
        ) from error


def _image(images: Sequence[Mapping[str, Any]], file_name: str) -> Mapping[str, Any]:
    named = [each for each in images if _base(str(each.get("file_name", ""))) == file_name]
    if not named and len(images) > 1:
        raise UnreadableFileError(
            f"This COCO file has {len(images)} images, none called {file_name}; rename the "
            "micrograph's entry in it or choose another file."
        )
    return (named or images)[0]


def _base(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def _outline(
    each: Mapping[str, Any], image: Mapping[str, Any], names: Mapping[Any, str]
) -> Outline:
    drawn, height, width = each["segmentation"], int(image["height"]), int(image["width"])
    if not (0 < height <= _LARGEST_SIDE and 0 < width <= _LARGEST_SIDE):
        raise ValueError(f"an image of {height} x {width} pixels")
    if isinstance(drawn, Mapping):
        mask = decode(drawn["counts"], height, width)
    else:
        mask = fill(np.asarray(ring, float).reshape(-1, 2)[:, ::-1] for ring in drawn)
    return Outline(mask, str(each["id"]), names.get(each["category_id"], ""))
