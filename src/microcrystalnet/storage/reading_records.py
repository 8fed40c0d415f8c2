"""What the file of a micrograph told when it was read again, as the details of an event."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import cast

from microcrystalnet.domain.micrograph import Micrograph, Reading
from microcrystalnet.storage.records import (
    Details,
    acquisition_from_json,
    number,
    scale_from_json,
    scale_to_json,
    text,
)

READING = "image.reading"
_OURS = frozenset({"databar"})  # origins of what is not read again


def reading_of(micrograph: Micrograph) -> Reading:
    """Give what a file that was just read tells, but for its databar."""
    origins = {key: each for key, each in micrograph.origins.items() if key not in _OURS}
    return Reading(
        micrograph.scale,
        micrograph.scale_note,
        micrograph.vendor,
        micrograph.hv_kv,
        micrograph.wd_mm,
        micrograph.acquisition,
        origins,
    )


def as_read(record: Micrograph, reading: Reading | None) -> Micrograph:
    """Give a micrograph as its file tells now; its databar stays."""
    if reading is None:
        return record
    kept = {key: each for key, each in record.origins.items() if key in _OURS}
    return replace(
        record,
        pixel_size=reading.scale.pixel_size,
        scale_source=reading.scale.source,
        scale_uncertainty=reading.scale.uncertainty,
        tilt_corrected=reading.scale.tilt_corrected,
        scale_note=reading.scale_note,
        vendor=reading.vendor,
        hv_kv=reading.hv_kv,
        wd_mm=reading.wd_mm,
        acquisition=reading.acquisition,
        origins={**reading.origins, **kept},
        reading=reading,
    )


def reading_to_json(image_id: str, reading: Reading | None) -> dict[str, object]:
    """Give the details of ``image.reading``; null takes it back."""
    if reading is None:
        return {"image": image_id, "told": None}
    told = {
        "scale": scale_to_json(image_id, reading.scale),
        "scale_note": reading.scale_note,
        "vendor": reading.vendor,
        "hv_kv": reading.hv_kv,
        "wd_mm": reading.wd_mm,
        "acquisition": asdict(reading.acquisition),
        "origins": dict(reading.origins),
    }
    return {"image": image_id, "told": told}


def reading_from_json(details: Details) -> Reading | None:
    """Read the details of ``image.reading``.

    Raises
    ------
    ValueError, KeyError, TypeError
        If they do not describe what a file tells.
    """
    if details["told"] is None:
        return None
    told = cast(Details, details["told"])
    vendor, hv_kv, wd_mm = told.get("vendor"), told.get("hv_kv"), told.get("wd_mm")
    origins = cast(Mapping[str, object], told.get("origins", {}))
    return Reading(
        scale_from_json(cast(Details, told["scale"])),
        text(told.get("scale_note", "")),
        None if vendor is None else text(vendor),
        None if hv_kv is None else number(hv_kv),
        None if wd_mm is None else number(wd_mm),
        acquisition_from_json(cast(Details, told.get("acquisition", {}))),
        {text(key): text(each) for key, each in origins.items()},
    )
