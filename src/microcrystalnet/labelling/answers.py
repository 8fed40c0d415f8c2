"""One expert's answer as a line of a table, and how differently written answers are told alike."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from microcrystalnet.domain.label import Answer
from microcrystalnet.domain.scheme import FOUR_CLASSES, Scheme, spellings
from microcrystalnet.errors import AgreementError

UNCLEAR = "unclear"
NOT_CRYSTAL = "not_crystal"
# Answers outside every scheme, as the program's own tables spell them.
OUTSIDE = {
    UNCLEAR: UNCLEAR,
    NOT_CRYSTAL: NOT_CRYSTAL,
    "not a crystal": NOT_CRYSTAL,
    "not-a-crystal": NOT_CRYSTAL,
}
_WHOLE = re.compile(r"[+-]?\d+(\.0*)?")


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One line of a table of answers; an empty ``label`` is a missing answer.

    ``turn`` is 0 for the answer that counts and higher for silent repeats of the same crystal;
    ``time_ms`` is when it was given, in milliseconds since 1970, if that is known.
    """

    image: str
    crystal: str
    expert: str
    label: str
    turn: int = 0
    time_ms: int | None = None


def said(answer: Answer) -> str:
    """Give the word for an answer, as in tables: a class code, *unclear* or *not_crystal*."""
    return NOT_CRYSTAL if answer.discards else answer.cls or UNCLEAR


def cleaned(answers: Iterable[GivenAnswer], scheme: Scheme = FOUR_CLASSES) -> list[GivenAnswer]:
    """Leave missing answers out and write the others alike.

    Codes, names and aliases of the scheme, in any case, are the same answer, provided that every
    class of the table is one of the scheme's; otherwise classes are the same where they differ in
    case only. Whole numbers are the same with and without ``.0``, which spreadsheets add.

    Raises
    ------
    AgreementError
        If a line names no image, crystal or expert.
    """
    rows = list(answers)
    labels = {each.label: each.label.strip() for each in rows}
    given = [answer for answer in rows if labels[answer.label]]
    experts = {each.expert: each.expert.strip() for each in given}
    images = _whole_numbers({each.image for each in given})
    crystals = _whole_numbers({each.crystal for each in given})
    words = _whole_numbers({each.label for each in given})
    spelling = _spelling(set(words.values()), scheme)
    found = [
        _written(
            each,
            images[each.image],
            crystals[each.crystal],
            experts[each.expert],
            spelling[words[each.label]],
        )
        for each in given
    ]
    for answer in found:
        if not (answer.image and answer.crystal and answer.expert):
            _refuse_gap(answer)
    _refuse_bars(experts.values())
    return found


def _written(answer: GivenAnswer, image: str, crystal: str, expert: str, label: str) -> GivenAnswer:
    """Write an answer otherwise; the same one where that changes nothing, as mostly."""
    same = answer.image == image and answer.crystal == crystal
    if same and answer.expert == expert and answer.label == label:
        return answer
    return GivenAnswer(image, crystal, expert, label, answer.turn, answer.time_ms)


def remarks(answers: Sequence[GivenAnswer], scheme: Scheme = FOUR_CLASSES) -> tuple[str, ...]:
    """Say what in cleaned answers looks like a slip, a sentence each."""
    found = []
    counted = Counter(answer.label for answer in answers)
    strange = {each: n for each, n in counted.items() if not _known(each, scheme)}
    if 0 < len(strange) < len(counted.keys() - OUTSIDE.keys()):
        named = ", ".join(f"“{label}” ({n})" for label, n in sorted(strange.items()))
        found.append(
            f"These answers are none of the classes {', '.join(scheme.codes)}, and count as "
            f"classes of their own: {named}."
        )
    folded: dict[str, set[str]] = {}
    for answer in answers:
        folded.setdefault(answer.expert.casefold(), set()).add(answer.expert)
    found += [
        f"{' and '.join(sorted(alike))} differ in case only, and count as {len(alike)} experts."
        for alike in folded.values()
        if len(alike) > 1
    ]
    return tuple(found)


def ordered(classes: Iterable[str], scheme: Scheme = FOUR_CLASSES) -> tuple[str, ...]:
    """Put the scheme's classes in its order, then others by name, then the two outside."""
    present, last = set(classes), (UNCLEAR, NOT_CRYSTAL)
    inside = [code for code in scheme.codes if code in present]
    others = sorted(present - {*inside, *last})
    return (*inside, *others, *(code for code in last if code in present))


def _refuse_gap(answer: GivenAnswer) -> None:
    gap = next(column for column in ("image", "crystal", "expert") if not getattr(answer, column))
    raise AgreementError(
        f"The answer “{answer.label}” (image “{answer.image}”, crystal “{answer.crystal}”, "
        f"expert “{answer.expert}”) has an empty “{gap}”; fill it in."
    )


def _refuse_bars(experts: Iterable[str]) -> None:
    for expert in experts:
        if "|" in expert:
            raise AgreementError(
                f"The expert “{expert}” has a “|” in the name, which stands between the two "
                "experts of a pair; rename the expert."
            )


def _whole_numbers(texts: set[str]) -> Mapping[str, str]:
    """Give each text as it is to be compared: without ``.0`` where all of them are numbers."""
    stripped = {text: text.strip() for text in texts}
    if all(_WHOLE.fullmatch(text) for text in stripped.values()):
        return {text: plain.split(".")[0] for text, plain in stripped.items()}
    return stripped


def _known(label: str, scheme: Scheme) -> bool:
    return label.casefold() in OUTSIDE or _code_of(label, scheme) is not None


def _code_of(label: str, scheme: Scheme) -> str | None:
    """Give the class a word stands for: one that is offered before one that was retired."""
    retired = (each.code for each in scheme.retired if label.casefold() in spellings(each))
    return scheme.resolve(label) or next(retired, None)


def _spelling(labels: set[str], scheme: Scheme) -> Mapping[str, str]:
    """Give the class that each label, as written, stands for."""
    outside = {label: OUTSIDE[label.casefold()] for label in labels if label.casefold() in OUTSIDE}
    inside = {label: _code_of(label, scheme) for label in labels - outside.keys()}
    if all(inside.values()):
        return outside | {label: code or label for label, code in inside.items()}
    first: dict[str, str] = {code.casefold(): code for code in scheme.codes}
    for label in sorted(inside):
        first.setdefault(label.casefold(), label)
    return outside | {label: first[label.casefold()] for label in inside}
