"""Domain values as the details of events, and back."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import cast

from microcrystalnet.domain.crystal import Crystal, MaskSource
from microcrystalnet.domain.micrograph import (
    Acquisition,
    Micrograph,
    PixelSize,
    Region,
    Scale,
    ScaleSource,
)
from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.errors import MaskError
from microcrystalnet.storage import rle
from microcrystalnet.storage.outlining_records import outlining_from_json, outlining_to_json

Details = Mapping[str, object]


def integers(value: object, count: int) -> tuple[int, ...]:
    """Give a JSON array of exactly ``count`` whole numbers.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if not isinstance(value, list) or len(value) != count:
        raise ValueError(f"{count} numbers are expected, not {value!r}")
    if not all(type(each) is int for each in value):
        raise ValueError(f"whole numbers are expected, not {value!r}")
    return tuple(value)


def text(value: object) -> str:
    """Give a JSON string.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if not isinstance(value, str):
        raise ValueError(f"text is expected, not {value!r}")
    return value


def number(value: object) -> float:
    """Give a JSON number.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"a number is expected, not {value!r}")
    try:
        found = float(value)
    except OverflowError as error:
        raise ValueError("a number is expected, not one of hundreds of digits") from error
    if not math.isfinite(found):
        raise ValueError(f"a number is expected, not {value!r}")
    return found


def prompt_to_json(prompt: Prompt) -> dict[str, object]:
    """Give clicks as [row, column, 1 or 0] and the box as [row0, col0, row1, col1]."""
    clicks = [[float(c.row), float(c.col), int(c.positive)] for c in prompt.clicks]
    if (box := prompt.box) is None:
        return {"clicks": clicks}
    return {"clicks": clicks, "box": [float(v) for v in (box.row0, box.col0, box.row1, box.col1)]}


def prompt_from_json(value: object) -> Prompt | None:
    """Read a prompt; None where there is none."""
    if not isinstance(value, dict):
        return None
    clicks = tuple(
        Click(number(row), number(col), bool(positive)) for row, col, positive in value["clicks"]
    )
    corners = value.get("box")
    return Prompt(clicks, Box(*map(number, corners)) if corners else None)


def crystal_to_json(crystal: Crystal, model_id: str | None, parent: str | None) -> Details:
    """Give the details of ``mask.put``; ``parent`` is the digest of the mask it replaces."""
    box = crystal.mask.region
    details: dict[str, object] = {
        "crystal": crystal.crystal_id,
        "image": crystal.image_id,
        "parent": parent,
        "bbox": [box.row0, box.col0, box.row1, box.col1],
        "rle": rle.encode(crystal.mask),
        "area": crystal.mask.area,
        "z": int(crystal.z),
        "src": crystal.source.value,
    }
    if model_id is not None:
        details["model_id"] = model_id
    if crystal.prompt is not None:
        details["prompts"] = prompt_to_json(crystal.prompt)
    if crystal.made is not None:
        details["made"] = outlining_to_json(crystal.made)
    return details


def box_from_json(details: Details) -> Region:
    """Read the bounding box of ``mask.put`` alone.

    Raises
    ------
    ValueError, KeyError
        If there is none.
    """
    return Region(*integers(details["bbox"], 4))


def crystal_from_json(details: Details, frame: tuple[int, int] | None = None) -> Crystal:
    """Read the details of ``mask.put``; ``frame`` is the micrograph's height and width, if known.

    Raises
    ------
    MaskError, ValueError, KeyError
        If they do not describe a crystal.
    """
    return Crystal(
        text(details["crystal"]),
        text(details["image"]),
        rle.decode(text(details["rle"]), integers(details["bbox"], 4), frame),
        MaskSource(text(details["src"])),
        int(number(details.get("z", 0))),
        prompt_from_json(details.get("prompts")),
        outlining_from_json(details.get("made")),
    )


def crystal_if_sound(
    details: Details | None, frame: tuple[int, int] | None = None
) -> Crystal | None:
    """Read the details of ``mask.put`` as `crystal_from_json`; None where they are damaged."""
    if details is None:
        return None
    try:
        return crystal_from_json(details, frame)
    except (MaskError, ValueError, KeyError, TypeError):
        return None


def scale_to_json(image_id: str, scale: Scale) -> dict[str, object]:
    """Give the details of ``image.scale``; no pixel size takes the scale away."""
    size = scale.pixel_size
    sides = size and [float(size.row_um), float(size.col_um)]
    details: dict[str, object] = {"image": image_id, "pixel_um": sides}
    details["source"] = scale.source.value
    if scale.uncertainty is not None:
        details["uncertainty"] = float(scale.uncertainty)
    if scale.tilt_corrected is not None:
        details["tilt_corrected"] = float(scale.tilt_corrected)
    return details


def scale_from_json(details: Details) -> Scale:
    """Read the details of ``image.scale``.

    Raises
    ------
    ValueError, KeyError
        If they do not describe a scale.
    """
    sides, source = details["pixel_um"], ScaleSource(text(details["source"]))
    if sides is None:
        return Scale(None, source)
    row_um, col_um = map(number, cast(Sequence[object], sides))
    if not (0 < row_um < float("inf") and 0 < col_um < float("inf")):
        raise ValueError(f"a pixel size is positive, not {sides!r}")
    uncertainty, tilt = details.get("uncertainty"), details.get("tilt_corrected")
    return Scale(
        PixelSize(row_um, col_um),
        source,
        None if uncertainty is None else number(uncertainty),
        None if tilt is None else number(tilt),
    )


def region_to_json(image_id: str, region: Region) -> dict[str, object]:
    """Give the details of ``image.region``."""
    return {"image": image_id, "region": [region.row0, region.col0, region.row1, region.col1]}


def region_from_json(details: Details) -> Region:
    """Read the details of ``image.region``.

    Raises
    ------
    ValueError, KeyError
        If they do not describe a rectangle that holds a pixel.
    """
    region = Region(*integers(details["region"], 4))
    if region.row0 < 0 or region.col0 < 0 or region.height < 1 or region.width < 1:
        raise ValueError(f"a region holds a pixel, not {details['region']!r}")
    return region


def micrograph_to_json(micrograph: Micrograph) -> dict[str, object]:
    """Give the record of a micrograph as kept in ``images/<image_id>.json``."""
    box = micrograph.region
    return {
        "image_id": micrograph.image_id,
        "file_name": micrograph.file_name,
        "height": micrograph.height,
        "width": micrograph.width,
        "dtype": micrograph.dtype,
        "region": [box.row0, box.col0, box.row1, box.col1],
        "scale": scale_to_json(micrograph.image_id, micrograph.scale),
        "scale_note": micrograph.scale_note,
        "vendor": micrograph.vendor,
        "hv_kv": micrograph.hv_kv,
        "wd_mm": micrograph.wd_mm,
        "acquisition": asdict(micrograph.acquisition),
        "origins": dict(micrograph.origins),
        **({"page": micrograph.page} if micrograph.page else {}),
    }


def micrograph_from_json(value: Details) -> Micrograph:
    """Read the record of a micrograph.

    Raises
    ------
    ValueError, KeyError
        If it does not describe one.
    """
    scale = scale_from_json(cast(Details, value["scale"]))
    height, width = integers([value["height"], value["width"]], 2)
    vendor, hv_kv, wd_mm = value.get("vendor"), value.get("hv_kv"), value.get("wd_mm")
    return Micrograph(
        text(value["image_id"]),
        text(value["file_name"]),
        height,
        width,
        text(value["dtype"]),
        Region(*integers(value["region"], 4)),
        scale.pixel_size,
        scale.source,
        None if vendor is None else text(vendor),
        None if hv_kv is None else number(hv_kv),
        None if wd_mm is None else number(wd_mm),
        text(value.get("scale_note", "")),
        scale.uncertainty,
        scale.tilt_corrected,
        acquisition_from_json(cast(Details, value.get("acquisition", {}))),
        {text(key): text(each) for key, each in cast(Details, value.get("origins", {})).items()},
        page=_page(value.get("page", 0)),
    )


def _page(value: object) -> int:
    """Read which page of its file a micrograph is; records of older programs know of one."""
    if type(value) is not int or value < 0:
        raise ValueError(f"a page is a whole number from 0, not {value!r}")
    return value


def acquisition_from_json(value: Details) -> Acquisition:
    """Read how a micrograph was taken; records of older programs do not say.

    Raises
    ------
    ValueError
        If a number or text is something else.
    """
    magnification, tilt = value.get("magnification"), value.get("tilt_degrees")
    acquired, instrument = value.get("acquired"), value.get("instrument")
    detector = value.get("detector")
    return Acquisition(
        None if magnification is None else number(magnification),
        None if acquired is None else text(acquired),
        None if instrument is None else text(instrument),
        None if detector is None else text(detector),
        None if tilt is None else number(tilt),
        value.get("tilt_allowed") is True,
    )
