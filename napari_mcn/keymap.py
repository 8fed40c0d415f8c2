"""Which key does what; the cheat sheet and the key bindings are both made from this table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from microcrystalnet.errors import SchemeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from microcrystalnet.domain.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Key:
    """One binding; ``key`` as napari writes it, ``action`` a name that the dock resolves."""

    group: str
    key: str
    action: str
    text: str


UNCLEAR_DIGIT, UNCLEAR_LETTER = "5", "I"  # the digit as long as no class of the scheme has it
DIGITS = tuple("123456789")
DIGIT_KEYS = tuple(Key("Label", each, f"digit {each}", "") for each in DIGITS)
SECOND_KEYS = tuple(Key("Label", f"Control-{each}", f"second {each}", "") for each in DIGITS)
KEYS = (
    *DIGIT_KEYS,
    Key("Label", UNCLEAR_LETTER, "unclear", "Unclear"),
    Key("Label", "X", "discard", "Not a crystal"),
    Key("Label", "0", "clear label", "Withdraw the answer"),
    *SECOND_KEYS,
    Key("Remark", "U", "unsure", "Unsure, on or off"),
    Key("Remark", "O", "occluded", "Hidden in part by another crystal"),
    Key("Remark", "Shift-O", "bad outline", "The outline is wrong"),
    Key("Remark", "M", "note", "Write a note; Enter keeps it, Escape leaves"),
    Key("Remark", "Shift-E", "mark edges", "Tick: edges"),
    Key("Remark", "Shift-R", "mark corners", "Tick: corners"),
    Key("Remark", "Shift-P", "mark pitted", "Tick: pitted"),
    Key("Remark", "Shift-L", "mark ledges", "Tick: ledges"),
    Key("Remark", "A", "next shape", "Form: the next shape (rhombic …)"),
    Key("Remark", "D", "next definition", "Form: the next facet definition (euhedral …)"),
    Key("Move", "J", "previous crystal", "Previous crystal"),
    Key("Move", "K", "next crystal", "Next crystal"),
    Key("Move", "Shift-K", "next unlabelled", "Next crystal without an answer"),
    Key("Move", "N", "next micrograph", "Next micrograph"),
    Key("Move", "Shift-N", "previous micrograph", "Previous micrograph"),
    Key("Move", "G", "next disagreement", "Next disagreement"),
    Key("Discuss", "Q", "adjudicate", "Send to adjudication, or object to the decision"),
    Key("Discuss", "V", "names", "Show who said what, or hide it"),
    Key("Discuss", "Y", "sign", "Stand by the decision (co-sign)"),
    Key("Discuss", "Shift-Q", "take up again", "Take the decision up again"),
    Key("Outline", "S", "segment", "Click a crystal; Shift and a drag draws a box"),
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


def unclear_key(scheme: Scheme) -> str:
    """Give the key that says *unclear*: 5, or the letter where a class has the 5."""
    return UNCLEAR_LETTER if scheme.at_key(UNCLEAR_DIGIT) else UNCLEAR_DIGIT


def class_at(digit: str, scheme: Scheme) -> str:
    """Give the code of the class that has a digit as its key.

    Raises
    ------
    SchemeError
        If none has it.
    """
    cls = scheme.at_key(digit)
    if cls is None:
        raise SchemeError(f"No class has the key {digit}; the classes are on the Label page.")
    return cls.code


def named_by(digit: str, scheme: Scheme) -> str | None:
    """Give the class that a digit names; None where it says *unclear*.

    Raises
    ------
    SchemeError
        If it means nothing.
    """
    return None if digit == unclear_key(scheme) else class_at(digit, scheme)


def cheat_sheet(scheme: Scheme) -> list[tuple[str, str, str]]:
    """Give (group, key, text) of every key, with the names of the classes."""
    rest = (each for each in (*KEYS, HIDE, ERASE) if each.text and each.action != "unclear")
    return [*_answers(scheme), *((each.group, spoken(each.key), each.text) for each in rest)]


def _answers(scheme: Scheme) -> Iterator[tuple[str, str, str]]:
    keyed = sorted((each for each in scheme.classes if each.key), key=lambda each: each.key)
    for each in keyed:
        yield "Label", each.key, f"{each.code}  {each.name}"
    free = unclear_key(scheme)
    yield "Label", free if free == UNCLEAR_LETTER else f"{free} or {UNCLEAR_LETTER}", "Unclear"
    if keyed:
        span = f"{keyed[0].key}…{keyed[-1].key}"
        yield "Label", f"Ctrl+{span}", "Second choice: what it might also be"
