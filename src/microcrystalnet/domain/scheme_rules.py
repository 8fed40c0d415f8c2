"""What a scheme must be like, and how one may follow another while labels of both are kept."""

import re
from collections.abc import Sequence
from dataclasses import replace

from microcrystalnet.domain.scheme import CrystalClass, Scheme, spellings
from microcrystalnet.errors import SchemeError

KEYS = tuple("123456789")
RESERVED = frozenset({"unclear", "not_crystal", "not a crystal"})  # answers outside every scheme
FEWEST, MOST = 2, 40
MOST_FORMS, LONGEST_FORM = 20, 40
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,11}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def successor(current: Scheme, wanted: Scheme) -> Scheme:
    """Give the scheme that follows ``current`` when somebody wants ``wanted``.

    Its version is the next one; classes that ``wanted`` leaves out are retired, not forgotten.

    Raises
    ------
    SchemeError
        If ``wanted`` breaks a rule, or gives the code of a retired class to another one.
    """
    checked(wanted)
    for cls in wanted.classes:
        _not_reused(cls, current.retired)
    left_out = [each for each in (*wanted.retired, *current.known) if each.code not in wanted.codes]
    retired = tuple({each.code: each for each in reversed(left_out)}.values())[::-1]
    return replace(wanted, version=current.version + 1, retired=retired)


def checked(scheme: Scheme) -> Scheme:
    """Give the scheme back when it keeps all rules.

    Raises
    ------
    SchemeError
        If it does not: codes, names, keys and aliases are unique, colours are ``#rrggbb``.
    """
    if not scheme.name.strip():
        raise SchemeError("The scheme has no name; give it one, such as the rock it is for.")
    if not FEWEST <= len(scheme.classes) <= MOST:
        raise SchemeError(
            f"A scheme has from {FEWEST} to {MOST} classes, not {len(scheme.classes)}; "
            "add or retire classes."
        )
    for cls in scheme.known:
        _check_class(cls)
    _check_keys(scheme.classes)
    _check_spellings(scheme.classes)
    _check_forms(scheme.shapes, "shape")
    _check_forms(scheme.definitions, "facet definition")
    return scheme


def with_class(scheme: Scheme, cls: CrystalClass) -> Scheme:
    """Add a class at the end.

    Raises
    ------
    SchemeError
        If its code is in use, or was.
    """
    if cls.code in scheme.codes:
        raise SchemeError(f"The scheme has a class {cls.code} already; choose another code.")
    if (retired := scheme.find(cls.code)) is not None:
        raise _reused(cls.code, retired)
    return checked(replace(scheme, classes=(*scheme.classes, cls)))


def with_changed(scheme: Scheme, cls: CrystalClass) -> Scheme:
    """Give the class of this code another name, colour, key, aliases or description."""
    changed = tuple(cls if each.code == cls.code else each for each in scheme.classes)
    return checked(replace(scheme, classes=changed))


def with_moved(scheme: Scheme, code: str, by: int) -> Scheme:
    """Move a class by some places, stopping at the ends."""
    classes = list(scheme.classes)
    at = scheme.index(code)
    cls = classes.pop(at)
    classes.insert(min(max(at + by, 0), len(classes)), cls)
    return replace(scheme, classes=tuple(classes))


def with_retired(scheme: Scheme, code: str) -> Scheme:
    """Offer a class no longer; labels that name it stay.

    Raises
    ------
    SchemeError
        If too few classes would be left.
    """
    left = tuple(each for each in scheme.classes if each.code != code)
    return checked(replace(scheme, classes=left, retired=(*scheme.retired, scheme[code])))


def with_restored(scheme: Scheme, code: str) -> Scheme:
    """Offer a retired class again, without a key if its key was given away."""
    cls = scheme[code]
    if scheme.at_key(cls.key) is not None:
        cls = replace(cls, key=free_key(scheme))
    retired = tuple(each for each in scheme.retired if each.code != code)
    return checked(replace(scheme, classes=(*scheme.classes, cls), retired=retired))


def with_forms(scheme: Scheme, shapes: Sequence[str], definitions: Sequence[str]) -> Scheme:
    """Offer other shapes and facet definitions beside the classes; what was recorded stays."""
    return checked(replace(scheme, shapes=tuple(shapes), definitions=tuple(definitions)))


def free_key(scheme: Scheme) -> str:
    """Give the first digit that names no class, or an empty text."""
    return next((key for key in KEYS if scheme.at_key(key) is None), "")


def _not_reused(cls: CrystalClass, retired: Sequence[CrystalClass]) -> None:
    for each in retired:
        same = each.name.strip().casefold() == cls.name.strip().casefold()
        if each.code == cls.code and not same:
            raise _reused(cls.code, each)


def _reused(code: str, retired: CrystalClass) -> SchemeError:
    return SchemeError(
        f"The code {code} belongs to the retired class “{retired.name}”, and labels may name it; "
        "choose another code, or bring that class back."
    )


def _check_class(cls: CrystalClass) -> None:
    if not _CODE.fullmatch(cls.code) or cls.code.casefold() in RESERVED:
        raise SchemeError(
            f"“{cls.code}” cannot be the code of a class; use up to 12 letters and digits, such "
            "as RES."
        )
    if not cls.name.strip():
        raise SchemeError(f"The class {cls.code} has no name; give it one.")
    if not _COLOUR.fullmatch(cls.colour):
        raise SchemeError(
            f"The colour of {cls.code} is “{cls.colour}”; write it as # and six digits, such as "
            "#0072b2."
        )
    if cls.key and cls.key not in KEYS:
        raise SchemeError(
            f"The key of {cls.code} is “{cls.key}”; choose a digit from 1 to 9, or none."
        )


def _check_keys(classes: Sequence[CrystalClass]) -> None:
    owner: dict[str, str] = {}
    for cls in classes:
        if cls.key and owner.setdefault(cls.key, cls.code) != cls.code:
            raise SchemeError(
                f"The key {cls.key} names both {owner[cls.key]} and {cls.code}; give one of them "
                "another key."
            )


def _check_spellings(classes: Sequence[CrystalClass]) -> None:
    owner: dict[str, CrystalClass] = {}
    for cls in classes:
        for word in spellings(cls):
            if word in RESERVED:
                raise SchemeError(f"“{word}” is an answer outside every scheme; call it otherwise.")
            if owner.setdefault(word, cls) is not cls:
                raise SchemeError(
                    f"“{word}” stands for both {owner[word].code} and {cls.code}; "
                    "call one of them otherwise."
                )


def _check_forms(words: Sequence[str], what: str) -> None:
    if len(words) > MOST_FORMS:
        raise SchemeError(f"There are {len(words)} words for the {what}; {MOST_FORMS} are enough.")
    seen: set[str] = set()
    for word in words:
        if not word.strip() or len(word) > LONGEST_FORM:
            raise SchemeError(
                f"“{word}” cannot be a {what}; use a word of up to {LONGEST_FORM} letters."
            )
        if word.casefold() in seen:
            raise SchemeError(f"The {what} “{word}” stands there twice; keep one of them.")
        seen.add(word.casefold())
