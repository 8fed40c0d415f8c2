"""Frozen dataclasses as JSON and back, refusing whatever does not fit."""

import math
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from microcrystalnet.errors import ModelError

T = TypeVar("T")
KIND = "type"


def to_json(value: object) -> Any:
    """Give the JSON form of dataclasses, tuples, mappings and scalars; each class is named."""
    if is_dataclass(value) and not isinstance(value, type):
        named = {each.name: to_json(getattr(value, each.name)) for each in fields(value)}
        return {KIND: type(value).__name__, **named}
    if isinstance(value, Mapping):
        return {str(key): to_json(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [to_json(each) for each in value]
    return value


def from_json(kind: type[T], document: object, where: str = "model.json") -> T:
    """Build a dataclass from its JSON form.

    Raises
    ------
    ModelError
        If a field is missing, unknown, or of another type; ``where`` names the place.
    """
    value: T = _value(kind, document, where)
    return value


def _value(kind: Any, found: Any, where: str) -> Any:  # Any: types are walked at run time
    origin = get_origin(kind)
    if origin in (types.UnionType, Union):
        return _choice(get_args(kind), found, where)
    if origin is tuple:
        return _sequence(get_args(kind), found, where)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(get_args(kind)[1], found, where)
    if is_dataclass(kind):
        return _dataclass(kind, found, where)
    return _scalar(kind, found, where)


def _choice(kinds: tuple[Any, ...], found: Any, where: str) -> Any:
    if found is None and type(None) in kinds:
        return None
    named = {kind.__name__: kind for kind in kinds if kind is not type(None)}
    if isinstance(found, dict) and found.get(KIND) in named:
        return _value(named[found[KIND]], found, where)
    if len(named) == 1:
        return _value(next(iter(named.values())), found, where)
    raise _refusal(where, found)


def _sequence(kinds: tuple[Any, ...], found: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(found, list):
        raise _refusal(where, found)
    each_kind = [kinds[0]] * len(found) if kinds[-1] is Ellipsis else list(kinds)
    if len(each_kind) != len(found):
        raise _refusal(where, found)
    return tuple(
        _value(kind, each, f"{where}[{index}]")
        for index, (kind, each) in enumerate(zip(each_kind, found, strict=True))
    )


def _mapping(kind: Any, found: Any, where: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise _refusal(where, found)
    return {key: _value(kind, each, f"{where}.{key}") for key, each in found.items()}


def _dataclass(kind: Any, found: Any, where: str) -> Any:
    if not isinstance(found, dict) or found.get(KIND) != kind.__name__:
        raise _refusal(where, found)
    hints = get_type_hints(kind)
    names = {each.name for each in fields(kind)}
    optional = {each.name for each in fields(kind) if each.default is not MISSING}
    found = {each: value for each, value in found.items() if each != KIND}
    if unknown := sorted(set(found) - names):
        raise ModelError(
            f"{where}: “{unknown[0][:40]}” is not known to this version of the program; a newer "
            "one wrote it, so update to use it, or it is damaged."
        )
    if missing := sorted(names - optional - set(found)):
        raise ModelError(f"{where}: “{missing[0]}” is missing; the model is damaged.")
    return kind(**{name: _value(hints[name], found[name], f"{where}.{name}") for name in found})


def _scalar(kind: Any, found: Any, where: str) -> Any:
    if kind is float and type(found) is int:
        found = _as_float(found, where)
    if type(found) is not kind or (kind is float and not math.isfinite(found)):
        raise _refusal(where, found)
    return found


def _as_float(found: int, where: str) -> float:
    try:
        return float(found)
    except OverflowError as problem:
        raise _refusal(where, "a number of hundreds of digits") from problem


def _refusal(where: str, found: object) -> ModelError:
    return ModelError(f"{where} is “{str(found)[:40]}”, which cannot be; the model is damaged.")
