"""Writes a project as one table of crystals, for spreadsheets and other programs."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from microcrystalnet.blind_answers import counts
from microcrystalnet.domain.label import UNAIDED, Label
from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.domain.round import Round
from microcrystalnet.progress import Report, ignore_progress
from microcrystalnet.report import csv_file, outlined, size_table, workbook
from microcrystalnet.report.crystal_rows import settled_rows
from microcrystalnet.report.facts import (
    CrystalFacts,
    MicrographFacts,
    Only,
    gather,
    newest_model,
    wanted,
)
from microcrystalnet.statistics.collect import BY_EXPERTS
from microcrystalnet.statistics.population import classes_of, population
from microcrystalnet.statistics.summary import summarise
from microcrystalnet.statistics.tables import summary_columns, summary_rows
from microcrystalnet.storage.project_store import ProjectStore

CRYSTAL_COLUMNS = (
    *("image", "label", "crystal", "outlined_by", "state", "class", "classes_from"),
    *("scale_source", "scale_uncertainty", "tilt_corrected_deg", "in_region"),
    *("occluded", "sample", "depth_m", "locality", "texture"),
    *outlined.COLUMNS,
    *size_table.COLUMNS,
)


def export_csv(
    store: ProjectStore, folder: Path, report: Report = ignore_progress, only: Only = None
) -> list[Path]:
    """Write ``crystals.csv``: classes, each expert's answer, prediction and sizes per crystal.

    ``blind <expert>`` says of an answer whether the agreement counts it: ``yes``; ``no`` where
    other answers, a prediction or a map were in view; ``third`` where a dispute asked for it.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    csv_file.write(folder / "crystals.csv", *crystal_table(store, _gathered(store, report, only)))
    return [folder / "crystals.csv"]


def export_xlsx(
    store: ProjectStore, folder: Path, report: Report = ignore_progress, only: Only = None
) -> list[Path]:
    """Write ``crystals.xlsx``, the same table as a workbook, with sheets of micrographs and sizes.

    The sheet *statistics* is what `mcn statistics` gives of the settled classes, with intervals.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    facts = _gathered(store, report, only)
    sheets = {
        "crystals": crystal_table(store, facts),
        "micrographs": micrograph_table(store, only),
        "statistics": _statistics(store, facts),
    }
    workbook.write(folder / "crystals.xlsx", sheets)
    return [folder / "crystals.xlsx"]


def _gathered(store: ProjectStore, report: Report, only: Only) -> list[MicrographFacts]:
    return [facts for facts, _ in gather(store, newest_model(store), report, only)]


def _statistics(store: ProjectStore, facts: Sequence[MicrographFacts]) -> workbook.Table:
    """Give the columns and rows of sizes and abundance by settled class."""
    crystals = population(settled_rows(facts))
    summary = summarise(crystals, classes_of(crystals.rows, store.state.scheme.codes))
    return summary_columns(summary), summary_rows(summary, BY_EXPERTS)


def crystal_table(store: ProjectStore, facts: Sequence[MicrographFacts]) -> workbook.Table:
    """Give the columns, and a row for every crystal of the micrographs that were gathered."""
    experts, codes = store.experts(), store.state.scheme.codes
    columns = (
        *CRYSTAL_COLUMNS,
        *(f"expert {expert}" for expert in experts),
        *(f"blind {expert}" for expert in experts),
        "prediction",
        *(f"p_{code}" for code in codes),
    )
    rounds = {each.round_id: each for each in store.rounds.all()}
    rows = [
        (*_row(each, crystal, experts, codes, rounds),)
        for each in facts
        for crystal in each.crystals
    ]
    return columns, rows


def micrograph_table(store: ProjectStore, only: Only = None) -> workbook.Table:
    """Give the columns, and a row for every micrograph, with where its scale came from."""
    columns = (
        *("image", "sha256_20", "height", "width", "pixel_nm", "scale_source", "crystals"),
        *("sample", "depth_m", "locality", "texture", "page", "tilt_corrected_deg"),
    )
    rows = [
        (
            *(each.file_name, image_id, each.height, each.width),
            each.pixel_size.nm if each.pixel_size else None,
            each.scale_source.value,
            store.state.tally(image_id).crystals,
            *origin(each),
            each.page or None,
            each.tilt_corrected,
        )
        for image_id, each in wanted(store, only).items()
    ]
    return columns, rows


def _row(
    facts: MicrographFacts,
    each: CrystalFacts,
    experts: Sequence[str],
    codes: Sequence[str],
    rounds: Mapping[str, Round],
) -> Iterator[object]:
    known = facts.micrograph
    yield from (known.file_name, each.number, _id(each), each.crystal.source.value)
    yield from (each.verdict.state.value, each.settled_class, BY_EXPERTS)
    yield from (known.scale_source.value, known.scale_uncertainty, known.tilt_corrected)
    yield known.region.contains(*each.crystal.mask.centre)
    yield from (each.occluded, *origin(known), *outlined.cells(each.crystal))
    yield from size_table.row(each.crystal.mask, each.measurement, known.pixel_size)
    yield from (_answer(each, expert) for expert in experts)
    yield from (_blindness(each.labels.get(expert), rounds) for expert in experts)
    yield each.predicted_class
    yield from (_probability(each, code) for code in codes)


def origin(known: Micrograph) -> tuple[str | None, float | None, str | None, str | None]:
    """Give sample, depth in metres, locality and texture of a micrograph, None where unknown."""
    texture = known.texture.value if known.texture else None
    if known.sample is None:
        return None, None, None, texture
    return known.sample.name, known.sample.depth_m, known.sample.locality or None, texture


def _answer(each: CrystalFacts, expert: str) -> str | None:
    label = each.labels.get(expert)
    if label is None:
        return None
    given = "not a crystal" if label.answer.discards else label.answer.cls or "unclear"
    flags = sorted(flag.value for flag in label.answer.flags if flag.value != "not_crystal")
    return f"{given} ({', '.join(flags)})" if flags else given


def _blindness(label: Label | None, rounds: Mapping[str, Round]) -> str | None:
    """Say whether an answer may be compared: yes, no, or third for one asked for in a dispute."""
    if label is None:
        return None
    if not (label.blind and label.assist == UNAIDED):
        return "no"
    return "yes" if counts(label, rounds) else "third"


def _probability(each: CrystalFacts, code: str) -> float | None:
    if each.prediction is None or code not in each.prediction.classes:
        return None
    return each.prediction.probabilities[each.prediction.classes.index(code)]


def _id(each: CrystalFacts) -> str:
    return each.crystal.crystal_id
