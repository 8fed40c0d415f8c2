"""With what an outline was proposed, as part of ``mask.put``, and back."""

import math

from microcrystalnet.domain.outlining import Outlining


def outlining_to_json(made: Outlining) -> dict[str, object]:
    """Give ``made`` of ``mask.put``; filters are left out where none was on."""
    said: dict[str, object] = {"engine": made.engine, "version": made.version}
    said["preset"] = made.preset
    if made.filters:
        said["filters"] = dict(made.filters)
    return said


def outlining_from_json(value: object) -> Outlining | None:
    """Read ``made``; None where there is none or it is not understood: the outline still counts."""
    if not isinstance(value, dict):
        return None
    words = [value.get(key) for key in ("engine", "version", "preset")]
    filters = value.get("filters", {})
    if not all(isinstance(each, str) for each in words) or not isinstance(filters, dict):
        return None
    strengths = tuple((str(name), _strength(each)) for name, each in filters.items())
    return Outlining(str(words[0]), str(words[1]), str(words[2]), strengths)


def _strength(value: object) -> float:
    known = isinstance(value, int | float) and abs(value) < 1e9
    return float(value) if isinstance(value, int | float) and known else math.nan
