"""Whether the network errs where the experts disagreed: error rates of easy and hard crystals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.label import Label
from microcrystalnet.labelling.bootstrap import Array, Estimate, ImageBootstrap
from microcrystalnet.labelling.targets import first_disagreed
from microcrystalnet.report import csv_file

if TYPE_CHECKING:
    from microcrystalnet.learning.records import ModelCard
    from microcrystalnet.storage.project_store import ProjectStore

ALL = "all"
COLUMNS = (
    *("class", "agreed", "agreed_wrong", "agreed_rate", "agreed_low", "agreed_high"),
    *("disagreed", "disagreed_wrong", "disagreed_rate", "disagreed_low", "disagreed_high"),
    *("difference", "difference_low", "difference_high"),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One crystal that a classifier was judged on; ``disagreed`` tells of the blind answers."""

    crystal_id: str
    image_id: str
    truth: str
    said: str
    disagreed: bool

    @property
    def wrong(self) -> bool:
        """Whether the classifier contradicts the settled class."""
        return self.said != self.truth


@dataclass(frozen=True, slots=True)
class Errors:
    """How many of ``n`` crystals are wrong, and the rate with its interval over micrographs."""

    n: int
    wrong: int
    rate: Estimate


@dataclass(frozen=True, slots=True)
class ContestedRow:
    """One settled class, or `ALL`; ``difference`` is the disagreed rate minus the agreed one.

    ``agreed_wrong`` and ``disagreed_wrong`` are the ids of the crystals behind the errors.
    """

    cls: str
    agreed: Errors
    disagreed: Errors
    difference: Estimate
    agreed_wrong: tuple[str, ...]
    disagreed_wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContestedTable:
    """The rows, all crystals first; ``left_out`` crystals have fewer than two blind answers."""

    rows: tuple[ContestedRow, ...]
    left_out: int


def contested_of(store: "ProjectStore", card: "ModelCard") -> ContestedTable | None:
    """Give the table of a model; None where it was not judged on crystals of this project.

    Nobody's labels count as seen by this, as it tells nothing of single crystals.
    """
    if card.training is None or not card.training.held_out:
        return None
    votes = store.votes(reveal=False, blind=True)
    withheld, reserve = store.rounds.withheld, store.rounds.reserve
    judged = [
        each
        for each in card.training.held_out
        if each.image_id not in withheld and each.crystal_id not in reserve(each.image_id)
    ]
    known = [each for each in judged if several_blind(votes.get(each.crystal_id, {}))]
    trials = [
        Trial(
            each.crystal_id,
            each.image_id,
            each.truth,
            card.classes[int(np.argmax(each.probabilities))],
            first_disagreed(votes[each.crystal_id]),
        )
        for each in known
    ]
    return contested_table(trials, card.classes, left_out=len(judged) - len(known))


def several_blind(labels: Mapping[str, Label]) -> bool:
    """Say whether two or more experts answered before seeing anybody else's answer."""
    return sum(label.blind for label in labels.values()) > 1


def contested_table(
    trials: Sequence[Trial], classes: Iterable[str], *, left_out: int = 0, seed: int = 0
) -> ContestedTable:
    """Compare the error rates among crystals the experts agreed and first disagreed on.

    Intervals are percentiles over redrawn micrographs (Efron and Tibshirani 1993, section 8.3),
    and None below ten of them; a rate of no crystals is None.
    """
    images = {image: at for at, image in enumerate(sorted({each.image_id for each in trials}))}
    image_of = np.array([images[each.image_id] for each in trials], np.int64)
    bootstrap = ImageBootstrap(image_of, seed)
    groups = [(ALL, list(trials))]
    groups += [(code, [each for each in trials if each.truth == code]) for code in classes]
    rows = [_row(code, group, trials, bootstrap) for code, group in groups if group or code == ALL]
    return ContestedTable(tuple(rows), left_out)


def write_contested(path: Path, table: ContestedTable) -> None:
    """Write the table as CSV.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    csv_file.write(path, COLUMNS, (_cells(row) for row in table.rows))


def _row(
    code: str, group: Sequence[Trial], trials: Sequence[Trial], bootstrap: ImageBootstrap
) -> ContestedRow:
    inside = np.array([code in {ALL, each.truth} for each in trials], bool)
    disagreed = np.array([each.disagreed for each in trials], bool)
    wrong = np.array([each.wrong for each in trials], bool)
    parts = _parts(inside, disagreed, wrong)
    return ContestedRow(
        code,
        _errors(group, False, bootstrap.estimate(parts, _agreed_rate)),
        _errors(group, True, bootstrap.estimate(parts, _disagreed_rate)),
        bootstrap.estimate(parts, lambda sums: _disagreed_rate(sums) - _agreed_rate(sums)),
        tuple(each.crystal_id for each in group if each.wrong and not each.disagreed),
        tuple(each.crystal_id for each in group if each.wrong and each.disagreed),
    )


def _parts(
    inside: NDArray[np.bool_], disagreed: NDArray[np.bool_], wrong: NDArray[np.bool_]
) -> Array:
    """Give what every crystal adds to: agreed, agreed wrong, disagreed, disagreed wrong."""
    easy, hard = inside & ~disagreed, inside & disagreed
    return np.stack([easy, easy & wrong, hard, hard & wrong], axis=1).astype(np.float64)


def _errors(group: Sequence[Trial], disagreed: bool, rate: Estimate) -> Errors:
    chosen = [each for each in group if each.disagreed is disagreed]
    return Errors(len(chosen), sum(each.wrong for each in chosen), rate)


def _agreed_rate(sums: Array) -> Array:
    return _rate(sums[..., 0], sums[..., 1])


def _disagreed_rate(sums: Array) -> Array:
    return _rate(sums[..., 2], sums[..., 3])


def _rate(whole: Array, part: Array) -> Array:
    nothing = np.full(np.shape(whole), np.nan)
    return np.asarray(np.divide(part, whole, out=nothing, where=whole > 0), np.float64)


def _cells(row: ContestedRow) -> tuple[object, ...]:
    errors = [
        cell
        for each in (row.agreed, row.disagreed)
        for cell in (each.n, each.wrong, each.rate.value, each.rate.low, each.rate.high)
    ]
    gap = row.difference
    return (row.cls, *errors, gap.value, gap.low, gap.high)
