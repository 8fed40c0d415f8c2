"""Which key does what; the cheat sheet and the key bindings are both made from this table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from microcrystalnet.domain.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Key:
    """One binding; ``key`` as napari writes it, ``action`` a name that the dock resolves."""

    group: str
    key: str
    action: str
    text: str


CLASS_KEYS = tuple(
    Key("Label", str(place), f"class {place}", f"Class {place} of the scheme")
    for place in range(1, 5)
)
KEYS = (
    *CLASS_KEYS,
    Key("Label", "5", "unclear", "Unclear"),
    Key("Label", "0", "clear label", "Withdraw the answer"),
    Key("Label", "X", "discard", "Not a crystal"),
    Key("Label", "U", "unsure", "Unsure, on or off"),
    Key("Move", "J", "previous crystal", "Previous crystal"),
    Key("Move", "K", "next crystal", "Next crystal"),
    Key("Move", "Shift-K", "next unlabelled", "Next crystal without an answer"),
    Key("Move", "N", "next micrograph", "Next micrograph"),
    Key("Move", "Shift-N", "previous micrograph", "Previous micrograph"),
    Key("Move", "G", "next disagreement", "Next disagreement"),
    Key("Discuss", "Q", "adjudicate", "Send to adjudication"),
    Key("Discuss", "V", "names", "Show who said what, or hide it"),
    Key("Discuss", "Y", "sign", "Stand by the decision (co-sign)"),
    Key("Discuss", "O", "object", "Object to the decision"),
    Key("Discuss", "Shift-O", "take up again", "Take the decision up again"),
    Key("Outline", "S", "segment", "Click or drag a box around a crystal"),
    Key("Outline", "B", "brush", "Brush the selected crystal"),
    Key("Outline", "T", "toggle sign", "Clicks and brush add or cut away"),
    Key("Outline", "Tab", "next size", "Next proposed size"),
    Key("Outline", "C", "commit", "Accept the proposed outline"),
    Key("Outline", "Shift-C", "clear prompts", "Forget clicks and box"),
    Key("Outline", "Escape", "look", "Put the tool away"),
    Key("Correct", "R", "reopen", "Reopen the selected crystal with its clicks"),
    Key("Correct", "L", "lasso", "Mark crystals with a lasso"),
    Key("Correct", "Shift-M", "merge", "Merge the marked, or the selected with a neighbour"),
    Key("Correct", "Shift-X", "cut", "Cut a crystal along a drawn line"),
    Key("Correct", "F", "fill holes", "Fill the holes of an outline"),
    Key("Correct", "Delete", "delete", "Delete the selected or marked crystals"),
    Key("Everywhere", "Control-Z", "undo", "Undo"),
    Key("Everywhere", "Control-Shift-Z", "redo", "Redo"),
    Key("Everywhere", "W", "why", "Why this class: saliency"),
    Key("Everywhere", "?", "keys", "Show this list"),
)
HIDE = Key("While held", "H", "hide", "See the bare micrograph")
ERASE = Key("While held", "E", "erase", "Clicks and brush cut away")


def spoken(key: str) -> str:
    """Write a key as people and Qt do, such as ``Ctrl+Shift+Z``."""
    return key.replace("Control", "Ctrl").replace("-", "+")


def cheat_sheet(scheme: Scheme) -> list[tuple[str, str, str]]:
    """Give (group, key, text) of every key, with the names of the classes."""
    names = {f"class {n}": f"{each.code}  {each.name}" for n, each in enumerate(scheme.classes, 1)}
    return [
        (each.group, spoken(each.key), names.get(each.action, each.text))
        for each in (*KEYS, HIDE, ERASE)
    ]
