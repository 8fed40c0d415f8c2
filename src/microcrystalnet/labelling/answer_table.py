"""Arrange the experts' answers as one table of crystals by experts, ready to be compared."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.scheme import FOUR_CLASSES, Scheme
from microcrystalnet.errors import AgreementError
from microcrystalnet.labelling.answers import GivenAnswer, cleaned, ordered, remarks

MISSING = -1
MOST_ANSWERS = 60  # a scheme has at most 40 classes


@dataclass(frozen=True, slots=True)
class Again:
    """A silent repeat: what an expert (a column) said of a crystal (a row) another time."""

    row: int
    column: int
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class AnswerTable:
    """Who answered what: one row a crystal with an answer, one column an expert.

    ``codes`` is (crystals, experts) int64: an index into ``classes``, or -1 for a missing answer;
    ``times_ms`` is like it, -1 where the time is not known; ``image_of`` is (crystals,) int64, an
    index into ``images``. Images, crystals and experts are sorted by name, so the order of the
    lines changes nothing. ``remarks`` are sentences on what looks like a slip.
    """

    images: tuple[str, ...]
    crystals: tuple[str, ...]
    experts: tuple[str, ...]
    classes: tuple[str, ...]
    image_of: NDArray[np.int64]
    codes: NDArray[np.int64]
    times_ms: NDArray[np.int64]
    repeats: tuple[Again, ...] = ()
    remarks: tuple[str, ...] = ()

    def counts(self) -> NDArray[np.int64]:
        """Count how often each class was chosen for each crystal, (crystals, classes)."""
        counts = np.zeros((len(self.codes), len(self.classes)), np.int64)
        crystals, experts = np.nonzero(self.codes != MISSING)
        np.add.at(counts, (crystals, self.codes[crystals, experts]), 1)
        return counts

    def both_said(
        self, first: str, first_class: str, second: str, second_class: str
    ) -> list[tuple[str, str]]:
        """Give the crystals behind a cell of two experts' confusion matrix, as (image, crystal)."""
        one, two = self.experts.index(first), self.experts.index(second)
        wanted = (self.codes[:, one] == self.classes.index(first_class)) & (
            self.codes[:, two] == self.classes.index(second_class)
        )
        return [
            (self.images[self.image_of[row]], self.crystals[row]) for row in np.flatnonzero(wanted)
        ]


def arrange(answers: Iterable[GivenAnswer], scheme: Scheme = FOUR_CLASSES) -> AnswerTable:
    """Arrange answers by crystal and expert; a crystal's name counts within its image.

    *Unclear* and *not a crystal* are answers like any class: as in the consensus, they differ from
    every class, so that an expert who cannot tell does not agree with one who can. Only an empty
    label is missing. See `cleaned` for what counts as the same answer.

    Raises
    ------
    AgreementError
        If a line names no image, crystal or expert, an expert answered a crystal twice, or fewer
        than two experts answered.
    """
    given = cleaned(answers, scheme)
    _require_two_experts([answer for answer in given if answer.turn == 0])
    return _arranged(given, scheme)


def _arranged(given: Sequence[GivenAnswer], scheme: Scheme) -> AnswerTable:
    counted = [answer for answer in given if answer.turn == 0]
    experts = sorted({answer.expert for answer in counted})
    images, crystals = _places(counted)
    classes = ordered({answer.label for answer in counted}, scheme)
    _require_classes(classes)
    rows = {crystal: number for number, crystal in enumerate(crystals)}
    columns = {expert: number for number, expert in enumerate(experts)}
    image_index = {image: number for number, image in enumerate(images)}
    return AnswerTable(
        images,
        tuple(crystal for _, crystal in crystals),
        tuple(experts),
        classes,
        np.array([image_index[image] for image, _ in crystals], np.int64),
        *_filled(counted, rows, columns, classes),
        _repeats(given, rows, columns),
        remarks(given, scheme),
    )


def _places(counted: Iterable[GivenAnswer]) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """Give the images, and every (image, crystal), sorted.

    It sorts image by image: no other thread runs beside a sort, and one of 100,000 crystals would
    stop a window for longer than it may pause.
    """
    on: dict[str, set[str]] = {}
    for answer in counted:
        on.setdefault(answer.image, set()).add(answer.crystal)
    images = tuple(sorted(on))
    return images, [(image, crystal) for image in images for crystal in sorted(on[image])]


def _require_two_experts(given: Sequence[GivenAnswer]) -> None:
    experts = {answer.expert for answer in given}
    if not experts:
        raise AgreementError("The table holds no answer: fill in its “label” column.")
    if len(experts) == 1:
        raise AgreementError(
            f"Only one expert, {experts.pop()}, has answered; agreement needs at least two."
        )


def _require_classes(classes: Sequence[str]) -> None:
    """Refuse words that are no classes: every pair of them would be a cell of a matrix."""
    if len(classes) > MOST_ANSWERS:
        some = ", ".join(f"“{each[:40]}”" for each in classes[:3])
        raise AgreementError(
            f"The table holds {len(classes):,} different answers, such as {some}; at most "
            f"{MOST_ANSWERS} are compared. Is “label” the column of the classes?"
        )


def _filled(
    given: Sequence[GivenAnswer],
    rows: Mapping[tuple[str, str], int],
    columns: Mapping[str, int],
    classes: Sequence[str],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    code_of = {cls: code for code, cls in enumerate(classes)}
    codes = np.full((len(rows), len(columns)), MISSING, np.int64)
    times = np.full((len(rows), len(columns)), MISSING, np.int64)
    for answer in given:
        place = rows[answer.image, answer.crystal], columns[answer.expert]
        if codes[place] != MISSING:
            raise AgreementError(
                f"{answer.expert} answers crystal {answer.crystal} of image {answer.image} more "
                "than once; keep one answer."
            )
        codes[place] = code_of[answer.label]
        times[place] = MISSING if answer.time_ms is None else answer.time_ms
    return codes, times


def _repeats(
    given: Sequence[GivenAnswer],
    rows: Mapping[tuple[str, str], int],
    columns: Mapping[str, int],
) -> tuple[Again, ...]:
    """Give the repeats whose first answer is there, sorted."""
    places = [
        (rows.get((answer.image, answer.crystal)), columns.get(answer.expert), answer)
        for answer in given
        if answer.turn > 0
    ]
    found = [
        (row, column, answer.turn, answer.label)
        for row, column, answer in places
        if row is not None and column is not None
    ]
    return tuple(Again(row, column, label) for row, column, _, label in sorted(found))
