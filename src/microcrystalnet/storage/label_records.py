"""What an expert said as the details of ``label.set``, and back."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, cast

from microcrystalnet.domain.label import Answer, Flag, Label
from microcrystalnet.storage.records import Details, integers, number, text


def label_to_json(
    label: Label, image_id: str, previous: str | None, milliseconds: int | None
) -> Details:
    """Give the details of ``label.set``; ``previous`` is the id of the label it replaces."""
    # An undone label comes back as what it was: decisions that rest on it hold again.
    again = {"again": label.label_id} if label.label_id else {}
    return {
        "crystal": label.crystal_id,
        "image": image_id,
        **again,
        "mask": label.mask_digest,
        **answer_to_json(label.answer),
        "round": label.round_id,
        "pass": label.turn,
        "scheme": label.scheme_version,
        "blind": label.blind,
        "assist": label.assist,
        "prev": previous,
        "ms": milliseconds,
    }


def answer_to_json(answer: Answer) -> dict[str, object]:
    """Give what an expert says; what was not asked for is left out."""
    said: dict[str, object] = {
        "cls": answer.cls,
        "flags": sorted(answer.flags),
        "note": answer.note,
    }
    more = {
        "second": answer.second,
        "marks": sorted(answer.marks) or None,
        "shape": answer.shape,
        "definition": answer.definition,
        "conf": answer.confidence,
    }
    return said | {key: value for key, value in more.items() if value is not None}


def label_from_json(label_id: str, expert: str, details: Details) -> Label:
    """Read the details of ``label.set``.

    Raises
    ------
    ValueError, KeyError
        If they do not describe a label.
    """
    return Label(
        text(details.get("again", label_id)),
        text(details["crystal"]),
        expert,
        answer_from_json(details),
        text(details["mask"]),
        bool(details.get("blind", True)),
        text(details.get("assist", "none")),
        _text_or_none(details.get("round")),
        integers([details.get("pass", 0)], 1)[0],
        _integer_or_none(details.get("scheme")),
    )


def answer_from_json(details: Details) -> Answer:
    """Read what an expert says; keys of a later version are ignored.

    Raises
    ------
    ValueError, KeyError
        If it is not an answer.
    """
    return _answer(
        _Said(
            _text_or_none(details["cls"]),
            tuple(cast(Iterable[str], details.get("flags", ()))),
            text(details.get("note", "")),
            _text_or_none(details.get("second")),
            _texts(details.get("marks", [])),
            _text_or_none(details.get("shape")),
            _text_or_none(details.get("definition")),
            _share_or_none(details.get("conf")),
        )
    )


class _Said(NamedTuple):
    """The parts of an answer as they stand in a line, hashable."""

    cls: str | None
    flags: tuple[str, ...]
    note: str
    second: str | None
    marks: tuple[str, ...]
    shape: str | None
    definition: str | None
    confidence: float | None


@lru_cache(maxsize=1024)
def _answer(said: _Said) -> Answer:
    """Build an answer once: a project holds the same few again and again."""
    flags, marks = frozenset(map(Flag, said.flags)), frozenset(said.marks)
    return Answer(**said._asdict() | {"flags": flags, "marks": marks})


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"a list of words is expected, not {value!r}")
    return tuple(map(text, value))


def _text_or_none(value: object) -> str | None:
    return None if value is None else text(value)


def _integer_or_none(value: object) -> int | None:
    return None if value is None else integers([value], 1)[0]


def _share_or_none(value: object) -> float | None:
    if value is None or 0 <= (share := number(value)) <= 1:
        return None if value is None else share
    raise ValueError(f"a confidence is between 0 and 1, not {value!r}")
