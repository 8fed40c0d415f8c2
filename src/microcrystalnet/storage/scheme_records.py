"""A scheme as the details of ``scheme.set``, and back."""

from collections.abc import Sequence
from typing import cast

from microcrystalnet.domain.scheme import CrystalClass, Scheme
from microcrystalnet.storage.records import Details, integers, text


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
