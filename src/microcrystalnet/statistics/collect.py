"""Gathers the crystals of a project, measured and named, for tables, statistics and figures."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.decision import Outcome
from microcrystalnet.domain.label import Flag
from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.domain.verdict import State, Verdict
from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.imaging.measure import Measurement, measure
from microcrystalnet.imaging.occlusion import occluded
from microcrystalnet.labelling.consensus import settle_all
from microcrystalnet.micrographs.reader import read_pixels
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.statistics.population import CrystalRow
from microcrystalnet.storage.project_store import ProjectStore

BY_EXPERTS = "settled by the experts"
EXCLUDED, PREDICTED = State.EXCLUDED.value, "predicted"


class ClassFrom(StrEnum):
    """Whose word a crystal's class is."""

    SETTLED = "settled"
    OWN = "own"
    CLASSIFIER = "classifier"


@dataclass(frozen=True, slots=True)
class Named:
    """What is said of one crystal."""

    cls: str | None = None
    state: str = "unlabelled"
    confidence: float | None = None
    occluded: bool = False


NOBODY = Named()


@dataclass(frozen=True, slots=True)
class Names:
    """What is said of the crystals of a project, by id."""

    by_crystal: Mapping[str, Named] = field(default_factory=dict)

    def of(self, crystal_id: str) -> Named:
        """Give what is said of one crystal."""
        return self.by_crystal.get(crystal_id, NOBODY)


def names(store: ProjectStore, source: ClassFrom, model_id: str | None = None) -> Names:
    """Read what is said of all crystals; who is shown it makes `note_shown` take note of that.

    *Settled* opens everyone's labels, as far as the expert at the keyboard may see them. The
    classifier's word is that of ``model_id``.

    Raises
    ------
    BlindError
        If settled classes are asked for by an expert who labels blind and has sealed nothing.
    """
    if source is ClassFrom.SETTLED:
        store.rounds.require_open()
        return Names(_settled(store))
    if source is ClassFrom.CLASSIFIER:
        return Names(_predicted(store, model_id))
    own = store.state.labels()
    return Names(
        {
            crystal_id: Named(
                label.answer.cls,
                "discarded" if label.answer.discards else "labelled",
                label.answer.confidence,
                Flag.OCCLUDED in label.answer.flags,
            )
            for crystal_id, label in own.items()
        }
    )


def usual(store: ProjectStore) -> ClassFrom:
    """Give whose word counts until somebody chooses: what is settled, where that may be seen.

    Where something is labelled blind, or nothing is settled, it is one's own.
    """
    if store.rounds.withheld:
        return ClassFrom.OWN
    settled = any(each.cls for each in names(store, ClassFrom.SETTLED).by_crystal.values())
    return ClassFrom.SETTLED if settled else ClassFrom.OWN


def whose(store: ProjectStore, source: ClassFrom, model_id: str | None = None) -> str:
    """Say whose word the classes of a table are, as its column ``classes_from`` does."""
    return {
        ClassFrom.SETTLED: BY_EXPERTS,
        ClassFrom.OWN: f"labels of {store.actor}",
        ClassFrom.CLASSIFIER: f"classifier {model_id or '(none)'}",
    }[source]


def note_shown(store: ProjectStore, source: ClassFrom, rows: Iterable[CrystalRow]) -> None:
    """Note that the expert at the keyboard is shown whose word the classes of crystals are.

    Of the settled classes nothing is blind from now on. The classifier's make what is said later
    assisted; whom people took for no crystal is settled there too.
    """
    known = list(rows)
    if source is ClassFrom.SETTLED:
        store.see([row.crystal_id for row in known])
    elif source is ClassFrom.CLASSIFIER:
        store.see([row.crystal_id for row in known if row.state == EXCLUDED])
        store.tell([row.crystal_id for row in known if row.state == PREDICTED])


def _settled(store: ProjectStore) -> dict[str, Named]:
    votes = store.votes(reveal=False)
    hidden = {
        crystal_id
        for crystal_id, labels in votes.items()
        if any(Flag.OCCLUDED in label.answer.flags for label in labels.values())
    }
    return {
        each: Named(verdict.cls if verdict.settled else None, word(verdict), None, each in hidden)
        for each, verdict in settle_all(votes, store.adjudication.cases()).items()
    }


def word(verdict: Verdict) -> str:
    """Give the state of a crystal; *excluded* too where one person decided that it is none."""
    decision = verdict.decision
    if decision is not None and decision.ruling.outcome is Outcome.EXCLUDE:
        return EXCLUDED
    return verdict.state.value


def _predicted(store: ProjectStore, model_id: str | None) -> dict[str, Named]:
    if model_id is None:
        return {}
    own, settled = store.state.labels(), _settled(store).items()
    excluded = {i: replace(it, cls=None) for i, it in settled if it.state == EXCLUDED}
    predicted = {
        crystal_id: Named(
            said.cls,
            PREDICTED,
            said.confidence,
            crystal_id in own and Flag.OCCLUDED in own[crystal_id].answer.flags,
        )
        for image_id in store.state.micrographs
        for crystal_id, said in _holding(store, model_id, image_id).items()
    }
    return predicted | excluded


def _holding(store: ProjectStore, model_id: str, image_id: str) -> dict[str, Prediction]:
    """Give what a classifier says of crystals as they are outlined now."""
    crystals, said = store.state.crystals(image_id), store.predictions(model_id, image_id)
    return {i: it for i, it in said.items() if i in crystals and it.is_of(crystals[i].mask)}


def rows_of(
    micrograph: Micrograph,
    crystals: Mapping[str, Crystal],
    measured: Mapping[str, Measurement],
    said: Names,
) -> list[CrystalRow]:
    """Join what is measured and what is said of the analysed crystals of one micrograph."""
    there = list(crystals.values())
    covered = occluded([each.mask for each in there], [each.z for each in there])
    rows = []
    for number, (each, under) in enumerate(zip(there, covered, strict=True), 1):
        if each.crystal_id not in measured or not micrograph.region.contains(*each.mask.centre):
            continue  # beyond the analysed part nothing counts
        named = said.of(each.crystal_id)
        rows.append(
            CrystalRow(
                each.crystal_id,
                number,
                micrograph,
                each.mask,
                measured[each.crystal_id],
                named.cls,
                named.state,
                named.confidence,
                named.occluded or under,
            )
        )
    return rows


def collect(
    store: ProjectStore,
    source: ClassFrom,
    model_id: str | None = None,
    report: Report = ignore_progress,
) -> Iterator[list[CrystalRow]]:
    """Measure every crystal of a project; gives the rows of one micrograph after the other."""
    said, micrographs = names(store, source, model_id), store.state.micrographs
    for done, (image_id, micrograph) in enumerate(micrographs.items()):
        report(Progress(done, len(micrographs), f"Measuring {micrograph.file_name}"))
        pixels, crystals = _recorded(store, image_id), store.state.crystals(image_id)
        measured = {
            each: measure(it.mask, pixels, micrograph.region, micrograph.pixel_size)
            for each, it in crystals.items()
        }
        yield rows_of(micrograph, crystals, measured, said)


def _recorded(store: ProjectStore, image_id: str) -> NDArray[np.generic] | None:
    """Read the recorded pixels; None where the file cannot be read."""
    try:
        return read_pixels(store.image_path(image_id))
    except UnreadableFileError:
        return None
