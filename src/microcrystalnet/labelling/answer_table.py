"""Arrange the experts' answers as one table of crystals by experts, ready to be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.scheme import FOUR_CLASSES
from microcrystalnet.errors import AgreementError

UNCLEAR = "unclear"
NOT_CRYSTAL = "not_crystal"
# Answers outside every scheme, as the program's own tables spell them.
OUTSIDE = {UNCLEAR: UNCLEAR, NOT_CRYSTAL: NOT_CRYSTAL, "not a crystal": NOT_CRYSTAL}
MISSING = -1


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One line of a table of answers; an empty ``label`` is a missing answer."""

    image: str
    crystal: str
    expert: str
    label: str


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """Who answered what: one row a crystal with an answer, one column an expert.

    ``codes`` is (crystals, experts) int64: an index into ``classes``, or -1 for a missing answer;
    ``image_of`` is (crystals,) int64, an index into ``images``. Images, crystals and experts are
    sorted by name, so the order of the lines changes nothing.
    """

    images: tuple[str, ...]
    experts: tuple[str, ...]
    classes: tuple[str, ...]
    image_of: NDArray[np.int64]
    codes: NDArray[np.int64]

    def counts(self) -> NDArray[np.int64]:
        """Count how often each class was chosen for each crystal, (crystals, classes)."""
        counts = np.zeros((len(self.codes), len(self.classes)), np.int64)
        crystals, experts = np.nonzero(self.codes != MISSING)
        np.add.at(counts, (crystals, self.codes[crystals, experts]), 1)
        return counts


def arrange(answers: Sequence[GivenAnswer]) -> AnswerTable:
    """Arrange answers by crystal and expert; a crystal's name counts within its image.

    *Unclear* and *not a crystal* are answers like any class: as in the consensus, they differ from
    every class, so that an expert who cannot tell does not agree with one who can. Only an empty
    label is missing. Codes, names and aliases of the four classes, in any case, are the same
    answer, provided that every class of the table is one of the four; otherwise classes are
    compared as they are written.

    Raises
    ------
    AgreementError
        If a line names no image, crystal or expert, an expert answered a crystal twice, or fewer
        than two experts answered.
    """
    given = [stripped for stripped in map(_stripped, answers) if stripped.label]
    for answer in given:
        _require_names(answer)
    _require_two_experts(given)
    spelling = _spelling({answer.label for answer in given})
    experts = sorted({answer.expert for answer in given})
    crystals = sorted({(answer.image, answer.crystal) for answer in given})
    images = sorted({image for image, _ in crystals})
    classes = _ordered(set(spelling.values()))
    image_index = {image: number for number, image in enumerate(images)}
    return AnswerTable(
        tuple(images),
        tuple(experts),
        classes,
        np.array([image_index[image] for image, _ in crystals], np.int64),
        _codes(given, crystals, experts, {name: classes.index(c) for name, c in spelling.items()}),
    )


def _stripped(answer: GivenAnswer) -> GivenAnswer:
    return GivenAnswer(*(text.strip() for text in astuple(answer)))


def _require_names(answer: GivenAnswer) -> None:
    for column in ("image", "crystal", "expert"):
        if not getattr(answer, column):
            raise AgreementError(
                f"The answer “{answer.label}” (image “{answer.image}”, crystal “{answer.crystal}”, "
                f"expert “{answer.expert}”) has an empty “{column}”; fill it in."
            )
    if "|" in answer.expert:
        raise AgreementError(
            f"The expert “{answer.expert}” has a “|” in the name, which stands between the two "
            "experts of a pair; rename the expert."
        )


def _require_two_experts(given: Sequence[GivenAnswer]) -> None:
    experts = {answer.expert for answer in given}
    if not experts:
        raise AgreementError("The table holds no answer: fill in its “label” column.")
    if len(experts) == 1:
        raise AgreementError(
            f"Only one expert, {experts.pop()}, has answered; agreement needs at least two."
        )


def _spelling(labels: set[str]) -> Mapping[str, str]:
    """Give the class that each label, as written, stands for."""
    outside = {label: OUTSIDE[label.casefold()] for label in labels if label.casefold() in OUTSIDE}
    inside = {label: FOUR_CLASSES.resolve(label) for label in labels - outside.keys()}
    all_known = all(inside.values())
    return outside | {label: (all_known and code) or label for label, code in inside.items()}


def _ordered(classes: set[str]) -> tuple[str, ...]:
    """Put the four classes in the scheme's order, then others by name, then the two outside."""
    last = (UNCLEAR, NOT_CRYSTAL)
    four = [code for code in FOUR_CLASSES.codes if code in classes]
    others = sorted(classes - {*four, *last})
    return (*four, *others, *(code for code in last if code in classes))


def _codes(
    given: Sequence[GivenAnswer],
    crystals: Sequence[tuple[str, str]],
    experts: Sequence[str],
    class_of: Mapping[str, int],
) -> NDArray[np.int64]:
    row_of = {crystal: number for number, crystal in enumerate(crystals)}
    column_of = {expert: number for number, expert in enumerate(experts)}
    codes = np.full((len(crystals), len(experts)), MISSING, np.int64)
    for answer in given:
        place = row_of[answer.image, answer.crystal], column_of[answer.expert]
        if codes[place] != MISSING:
            raise AgreementError(
                f"{answer.expert} answers crystal {answer.crystal} of image {answer.image} more "
                "than once; keep one answer."
            )
        codes[place] = class_of[answer.label]
    return codes
