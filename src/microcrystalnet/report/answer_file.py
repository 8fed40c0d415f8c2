"""Tables of the experts' answers and of how far they agree, for other programs and for a paper."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from microcrystalnet.labelling.agreement import Agreement
from microcrystalnet.labelling.answers import GivenAnswer
from microcrystalnet.labelling.bootstrap import Estimate
from microcrystalnet.moments import moment
from microcrystalnet.report import csv_file
from microcrystalnet.report.files import write_atomically
from microcrystalnet.report.whole import staged

ANSWER_COLUMNS = ("image", "crystal", "expert", "label", "pass", "time")
FIGURE_COLUMNS = ("quantity", "of", "value", "low_95", "high_95", "crystals")

Row = tuple[str, str, float | None, float | None, float | None, int | None]


def write_answers(path: Path, answers: Iterable[GivenAnswer]) -> None:
    """Write the answers that counted, as `mcn agreement` reads them; times are UTC, ISO 8601.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    csv_file.write(
        path,
        ANSWER_COLUMNS,
        (
            (each.image, each.crystal, each.expert, each.label, each.turn, iso(each.time_ms))
            for each in answers
        ),
    )


def write_agreement(folder: Path, found: Agreement, answers: Sequence[GivenAnswer]) -> list[Path]:
    """Write ``agreement.json`` (everything), ``agreement.csv`` (the figures) and ``answers.csv``.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    names = ("agreement.json", "agreement.csv", "answers.csv")
    text = json.dumps(asdict(found), indent=2, allow_nan=False)
    with staged(folder) as stage:
        write_atomically(stage / names[0], f"{text}\n".encode())
        csv_file.write(stage / names[1], FIGURE_COLUMNS, figures(found))
        write_answers(stage / names[2], answers)
    return [folder / name for name in names]


def figures(found: Agreement) -> Iterator[Row]:
    """Give every coefficient with its interval as a row of a table."""
    intervals, compared = found.intervals, found.n_compared
    yield _row("Krippendorff alpha", "all", found.krippendorff_alpha, compared)
    yield _row("percent agreement", "all", intervals.percent_agreement, compared)
    yield _row("Gwet AC1", "all", intervals.gwet_ac1, compared)
    yield _row("Fleiss kappa", "all", intervals.fleiss_kappa, compared)
    yield _row("human ceiling", "all", found.human_ceiling, None)
    for pair, each in intervals.cohen_kappa.items():
        yield _row("Cohen kappa", pair.replace("|", " and "), each, _crystals(found, pair))
    yield from _rows("class agreement", intervals.per_class_agreement)
    yield from _rows("class Krippendorff alpha", intervals.per_class_alpha)
    for expert, other in found.against_others.items():
        yield _row("agreement with the others", expert, other.agreement, other.n_crystals)
        yield _row("Cohen kappa with the others", expert, other.cohen_kappa, other.n_crystals)
    for expert, again in found.intra_rater.items():
        yield _row("agreement with oneself", expert, again.agreement, again.n_repeats)
        yield _row("Cohen kappa with oneself", expert, again.cohen_kappa, again.n_repeats)
    for image, part in found.by_image.items():
        here = Estimate(part.percent_agreement)
        yield _row("percent agreement by micrograph", image, here, part.n_crystals)
    for expert, share in found.dawid_skene.accuracy.items():
        yield _row("Dawid-Skene accuracy", expert, Estimate(share), None)


def _row(quantity: str, of: str, estimate: Estimate, crystals: int | None) -> Row:
    return quantity, of, estimate.value, estimate.low, estimate.high, crystals


def _rows(quantity: str, estimates: Mapping[str, Estimate]) -> Iterator[Row]:
    return (_row(quantity, of, estimate, None) for of, estimate in estimates.items())


def _crystals(found: Agreement, pair: str) -> int:
    return sum(map(sum, found.confusion[pair]))


def iso(time_ms: int | None) -> str | None:
    """Write a time in milliseconds since 1970 as ISO 8601, UTC; None outside the calendar."""
    said = None if time_ms is None else moment(time_ms)
    return None if said is None else said.isoformat(timespec="milliseconds")
