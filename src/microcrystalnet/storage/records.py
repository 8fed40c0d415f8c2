"""Domain values as the details of events, and back."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import cast

from microcrystalnet.domain.crystal import Crystal, MaskSource
from microcrystalnet.domain.label import Answer, Flag, Label
from microcrystalnet.domain.micrograph import Micrograph, PixelSize, Region, ScaleSource
from microcrystalnet.domain.prompt import Box, Click, Prompt
from microcrystalnet.domain.scheme import CrystalClass, Scheme
from microcrystalnet.storage import rle

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
    return float(value)


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
    return details


def crystal_from_json(details: Details) -> Crystal:
    """Read the details of ``mask.put``.

    Raises
    ------
    MaskError, ValueError, KeyError
        If they do not describe a crystal.
    """
    return Crystal(
        text(details["crystal"]),
        text(details["image"]),
        rle.decode(text(details["rle"]), integers(details["bbox"], 4)),
        MaskSource(text(details["src"])),
        int(number(details.get("z", 0))),
        prompt_from_json(details.get("prompts")),
    )


def label_to_json(
    label: Label, image_id: str, previous: str | None, milliseconds: int | None
) -> Details:
    """Give the details of ``label.set``; ``previous`` is the id of the label it replaces."""
    return {
        "crystal": label.crystal_id,
        "image": image_id,
        "mask": label.mask_digest,
        "cls": label.answer.cls,
        "flags": sorted(label.answer.flags),
        "note": label.answer.note,
        "round": None,
        "pass": 0,
        "blind": label.blind,
        "assist": label.assist,
        "prev": previous,
        "ms": milliseconds,
    }


def label_from_json(label_id: str, expert: str, details: Details) -> Label:
    """Read the details of ``label.set``.

    Raises
    ------
    ValueError, KeyError
        If they do not describe a label.
    """
    cls, flags = details["cls"], cast(Iterable[str], details.get("flags", ()))
    named = None if cls is None else text(cls)
    return Label(
        label_id,
        text(details["crystal"]),
        expert,
        _answer(named, tuple(flags), text(details.get("note", ""))),
        text(details["mask"]),
        bool(details.get("blind", True)),
        text(details.get("assist", "none")),
    )


@lru_cache(maxsize=1024)
def _answer(cls: str | None, flags: tuple[str, ...], note: str) -> Answer:
    """Build an answer once: a project holds the same few again and again."""
    return Answer(cls, frozenset(map(Flag, flags)), note)


def scheme_to_json(scheme: Scheme) -> Details:
    """Give the details of ``scheme.set``."""
    classes = [
        {"code": c.code, "name": c.name, "colour": c.colour, "key": c.key, "aliases": c.aliases}
        for c in scheme.classes
    ]
    return {"name": scheme.name, "version": scheme.version, "classes": classes}


def scheme_from_json(details: Details) -> Scheme:
    """Read the details of ``scheme.set``.

    Raises
    ------
    ValueError, KeyError
        If they do not describe a scheme.
    """
    classes = cast(Sequence[Details], details["classes"])
    return Scheme(
        text(details["name"]),
        integers([details["version"]], 1)[0],
        tuple(_class_from_json(each) for each in classes),
    )


def _class_from_json(value: Details) -> CrystalClass:
    aliases = tuple(text(each) for each in cast(Sequence[object], value.get("aliases", ())))
    return CrystalClass(
        text(value["code"]), text(value["name"]), text(value["colour"]), text(value["key"]), aliases
    )


def scale_to_json(
    image_id: str, pixel_size: PixelSize | None, source: ScaleSource
) -> dict[str, object]:
    """Give the details of ``image.scale``; None takes the scale away."""
    sides = pixel_size and [float(pixel_size.row_um), float(pixel_size.col_um)]
    return {"image": image_id, "pixel_um": sides, "source": source.value}


def scale_from_json(details: Details) -> tuple[PixelSize | None, ScaleSource]:
    """Read the details of ``image.scale``.

    Raises
    ------
    ValueError, KeyError
        If they do not describe a scale.
    """
    sides, source = details["pixel_um"], ScaleSource(text(details["source"]))
    if sides is None:
        return None, source
    row_um, col_um = map(number, cast(Sequence[object], sides))
    if not (0 < row_um < float("inf") and 0 < col_um < float("inf")):
        raise ValueError(f"a pixel size is positive, not {sides!r}")
    return PixelSize(row_um, col_um), source


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
        "scale": scale_to_json(micrograph.image_id, micrograph.pixel_size, micrograph.scale_source),
        "scale_note": micrograph.scale_note,
        "vendor": micrograph.vendor,
        "hv_kv": micrograph.hv_kv,
        "wd_mm": micrograph.wd_mm,
    }


def micrograph_from_json(value: Details) -> Micrograph:
    """Read the record of a micrograph.

    Raises
    ------
    ValueError, KeyError
        If it does not describe one.
    """
    pixel_size, source = scale_from_json(cast(Details, value["scale"]))
    height, width = integers([value["height"], value["width"]], 2)
    vendor, hv_kv, wd_mm = value.get("vendor"), value.get("hv_kv"), value.get("wd_mm")
    return Micrograph(
        text(value["image_id"]),
        text(value["file_name"]),
        height,
        width,
        text(value["dtype"]),
        Region(*integers(value["region"], 4)),
        pixel_size,
        source,
        None if vendor is None else text(vendor),
        None if hv_kv is None else number(hv_kv),
        None if wd_mm is None else number(wd_mm),
        text(value.get("scale_note", "")),
    )
