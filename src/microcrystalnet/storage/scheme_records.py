"""A scheme as the details of ``scheme.set`` or a file of its own, and back."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from microcrystalnet.domain.scheme import DEFINITIONS, SHAPES, CrystalClass, Scheme
from microcrystalnet.domain.scheme_rules import checked
from microcrystalnet.errors import SchemeError
from microcrystalnet.storage import files
from microcrystalnet.storage.records import Details, integers, text

LARGEST = 1 << 20  # bytes of a scheme file


def scheme_to_json(scheme: Scheme) -> dict[str, object]:
    """Give the details of ``scheme.set``."""
    return {
        "name": scheme.name,
        "version": scheme.version,
        "classes": [_class_to_json(each) for each in scheme.classes],
        "retired": [_class_to_json(each) for each in scheme.retired],
        "shapes": list(scheme.shapes),
        "definitions": list(scheme.definitions),
    }


def scheme_from_json(details: Details) -> Scheme:
    """Read the details of ``scheme.set``.

    Raises
    ------
    ValueError, KeyError, TypeError
        If they do not describe a scheme that keeps all rules.
    """
    try:
        return checked(_parsed(details))
    except SchemeError as error:
        raise ValueError(str(error)) from error


def _parsed(details: Details) -> Scheme:
    return Scheme(
        text(details["name"]),
        integers([details["version"]], 1)[0],
        _classes(details["classes"]),
        _classes(details.get("retired", ())),
        _words(details.get("shapes", SHAPES)),
        _words(details.get("definitions", DEFINITIONS)),
    )


def write_scheme(path: Path, scheme: Scheme) -> None:
    """Write a scheme to a JSON file that another project can read.

    Raises
    ------
    SchemeError
        If the file cannot be written.
    """
    document = json.dumps(scheme_to_json(scheme), indent=2, ensure_ascii=False)
    try:
        files.replace(path, (document + "\n").encode())
    except OSError as error:
        raise SchemeError(
            f"The scheme cannot be written to {path} ({error.strerror or error}); choose another "
            "place."
        ) from error


def read_scheme(path: Path) -> Scheme:
    """Read a scheme from a JSON file.

    Raises
    ------
    SchemeError
        If the file cannot be read, is no scheme, or breaks a rule.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise SchemeError(f"{path} is too large to be a scheme; choose a file written by one.")
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        found = _parsed({"version": 1} | document)
    except OSError as error:
        raise SchemeError(f"{path} cannot be read ({error.strerror}); choose another.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SchemeError(
            f"{path} is not a scheme: it needs a name and classes with code, name and colour. "
            "Export a scheme to see what one looks like."
        ) from error
    return checked(found)


def _class_to_json(cls: CrystalClass) -> dict[str, object]:
    found: dict[str, object] = {
        "code": cls.code,
        "name": cls.name,
        "colour": cls.colour,
        "key": cls.key,
        "aliases": list(cls.aliases),
    }
    if cls.description:
        found["description"] = cls.description
    if cls.look_alikes:
        found["look_alikes"] = list(cls.look_alikes)
    return found


def _classes(value: object) -> tuple[CrystalClass, ...]:
    return tuple(_class_from_json(each) for each in cast(Sequence[Details], value))


def _class_from_json(value: Details) -> CrystalClass:
    return CrystalClass(
        text(value["code"]),
        text(value["name"]),
        text(value["colour"]),
        text(value.get("key", "")),
        _words(value.get("aliases", ())),
        text(value.get("description", "")),
        _words(value.get("look_alikes", ())),
    )


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"a list of words is expected, not {value!r}")
    return tuple(map(text, value))
