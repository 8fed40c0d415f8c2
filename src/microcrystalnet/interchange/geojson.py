"""QuPath's GeoJSON: features in pixels of the full image, the origin at its top left corner.

Format: RFC 7946 geometries; ``properties.classification`` and ``objectType`` as QuPath 0.4 and
later write them.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from microcrystalnet.domain.mask import Mask
from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.interchange.outline import ODD, Outline
from microcrystalnet.interchange.rings import Ring, fill, nested, trace

_DRAWN = {"Polygon", "MultiPolygon"}


def feature(
    outline: Outline,
    crystal_id: str,
    *,
    colour: str,
    measurements: Mapping[str, float],
) -> dict[str, object]:
    """Give one crystal as a detection; ``colour`` is ``#rrggbb``."""
    properties: dict[str, object] = {
        "objectType": "detection",
        "name": outline.name,
        "metadata": {"crystal": crystal_id},
        "measurements": dict(measurements),
    }
    if outline.cls:
        rgb = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        properties["classification"] = {"name": outline.cls, "color": rgb}
    return {
        "type": "Feature",
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, crystal_id)),
        "geometry": geometry(outline.mask),
        "properties": properties,
    }


def geometry(mask: Mask) -> dict[str, object]:
    """Give a mask as a Polygon, or as a MultiPolygon where it has several pieces."""
    polygons = [[_closed(ring) for ring in group] for group in nested(trace(mask))]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _closed(ring: Ring) -> list[list[int]]:
    """Give x and y of the corners, the first one again at the end."""
    points = [[int(col), int(row)] for row, col in ring]
    return [*points, points[0]]


def read(text: str) -> list[Outline]:
    """Read every polygon of a file of features; points and lines are left out.

    Raises
    ------
    UnreadableFileError
        If this is not GeoJSON.
    MaskError
        If a polygon covers no pixel.
    """
    try:
        content = json.loads(text)
        features = content["features"] if isinstance(content, Mapping) else content
        drawn = [each for each in features if each["geometry"]["type"] in _DRAWN]
        return [_outline(each, number) for number, each in enumerate(drawn, 1)]
    except ODD as error:
        raise UnreadableFileError(
            "This is not a GeoJSON file of outlines; export the objects from QuPath anew."
        ) from error


def _outline(each: Mapping[str, Any], number: int) -> Outline:
    drawn = each["geometry"]
    polygons = drawn["coordinates"]
    if drawn["type"] == "Polygon":
        polygons = [polygons]
    properties = each.get("properties") or {}
    cls = (properties.get("classification") or {}).get("name", "")
    return Outline(_filled(polygons), str(properties.get("name") or number), str(cls))


def _filled(polygons: Sequence[Sequence[Sequence[Sequence[float]]]]) -> Mask:
    rings = [np.asarray(ring, float)[:, 1::-1] for polygon in polygons for ring in polygon]
    return fill(rings)
