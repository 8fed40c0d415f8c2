"""Everything a report or an export says about a project, gathered once."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.label import Flag, Label
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph
from microcrystalnet.domain.prediction import Prediction
from microcrystalnet.domain.verdict import State, Verdict
from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.imaging.measure import Measurement, measure
from microcrystalnet.imaging.occlusion import occluded
from microcrystalnet.labelling.consensus import settle_all
from microcrystalnet.micrographs.reader import read_pixels
from microcrystalnet.progress import Progress, Report, ignore_progress
from microcrystalnet.statistics.collect import word
from microcrystalnet.storage.project_store import ProjectStore

Only = Collection[str] | None  # ids of micrographs; None: all of them


@dataclass(frozen=True, slots=True)
class CrystalFacts:
    """One crystal with what experts, classifier and measurement say of it.

    A prediction of a former outline is none.
    ``number`` counts the crystals of its micrograph from 1 and is its value in a label image.
    """

    number: int
    crystal: Crystal
    labels: Mapping[str, Label]
    verdict: Verdict
    prediction: Prediction | None
    measurement: Measurement
    occluded: bool = False  # an expert said so, or it lies under others (imaging/occlusion.py)

    @property
    def settled_class(self) -> str | None:
        """The class the experts settled on, or None."""
        return self.verdict.cls if self.verdict.settled else None

    @property
    def predicted_class(self) -> str | None:
        """The classifier's class, or None where nothing was predicted."""
        return self.prediction.cls if self.prediction else None

    @property
    def excluded(self) -> bool:
        """Whether people decided that it is no crystal: it is in no number then."""
        return word(self.verdict) == State.EXCLUDED

    @property
    def contradicted(self) -> bool:
        """Whether the classifier says something else than the experts settled on."""
        both = self.settled_class and self.predicted_class
        return bool(both) and self.settled_class != self.predicted_class


@dataclass(frozen=True)
class MicrographFacts:
    """One micrograph with its crystals; ``trouble`` says why its picture cannot be read."""

    micrograph: Micrograph
    crystals: tuple[CrystalFacts, ...]
    trouble: str = ""

    @cached_property
    def analysed(self) -> tuple[CrystalFacts, ...]:
        """The crystals whose centre lies in the analysis region: statistics leave others out."""
        region = self.micrograph.region
        return tuple(each for each in self.crystals if region.contains(*each.crystal.mask.centre))

    @cached_property
    def counted(self) -> tuple[CrystalFacts, ...]:
        """The analysed crystals but for what people took for none: those of the statistics."""
        return tuple(each for each in self.analysed if not each.excluded)


def gather(
    store: ProjectStore,
    model_id: str | None,
    report: Report = ignore_progress,
    only: Only = None,
) -> Iterator[tuple[MicrographFacts, NDArray[np.generic] | None]]:
    """Give the facts of each micrograph in turn, with its recorded pixels or None.

    This opens every expert's labels; those of the micrographs that are given count as seen, and
    what the model says of them as told. One micrograph is in memory at a time; ``only`` names those
    that are wanted.

    Raises
    ------
    BlindError
        If the expert labels blind and has sealed nothing: without the others it would be untrue.
    """
    store.rounds.require_open()
    votes = store.votes(reveal=False)
    verdicts = settle_all(votes, store.adjudication.cases())
    micrographs = wanted(store, only)
    for done, (image_id, micrograph) in enumerate(micrographs.items()):
        report(Progress(done, len(micrographs), f"Measuring {micrograph.file_name}"))
        pixels, trouble = _pixels(store, image_id)
        predictions = store.predictions(model_id, image_id) if model_id else {}
        said = _Said(votes, verdicts, predictions)
        there = list(store.state.crystals(image_id).values())
        covered = occluded([each.mask for each in there], [each.z for each in there])
        crystals = tuple(
            said.of(number, crystal, _measured(crystal.mask, pixels, micrograph), under)
            for number, (crystal, under) in enumerate(zip(there, covered, strict=True), 1)
        )
        store.see([each.crystal.crystal_id for each in crystals])
        store.tell([each.crystal.crystal_id for each in crystals if each.prediction])
        yield MicrographFacts(micrograph, crystals, trouble), pixels


def _measured(
    mask: Mask, pixels: NDArray[np.generic] | None, micrograph: Micrograph
) -> Measurement:
    return measure(mask, pixels, micrograph.region, micrograph.pixel_size)


def wanted(store: ProjectStore, only: Only) -> dict[str, Micrograph]:
    """Give the micrographs of a project by id, or ``only`` some of them."""
    known = store.state.micrographs.items()
    return {image_id: each for image_id, each in known if only is None or image_id in only}


def newest_model(store: ProjectStore) -> str | None:
    """Give the id of the model trained last, or None."""
    models = store.models()
    return models[-1] if models else None


def _pixels(store: ProjectStore, image_id: str) -> tuple[NDArray[np.generic] | None, str]:
    try:
        return read_pixels(store.image_path(image_id)), ""
    except UnreadableFileError as problem:
        return None, str(problem)


@dataclass(frozen=True, slots=True)
class _Said:
    """What experts, their consensus and a classifier say, by crystal id."""

    votes: Mapping[str, Mapping[str, Label]]
    verdicts: Mapping[str, Verdict]
    predictions: Mapping[str, Prediction]

    def of(
        self, number: int, crystal: Crystal, measured: Measurement, covered: bool
    ) -> CrystalFacts:
        """Give what is said of one crystal, which others cover in part or not."""
        crystal_id = crystal.crystal_id
        found = self.predictions.get(crystal_id)
        labels = self.votes.get(crystal_id, {})
        return CrystalFacts(
            number,
            crystal,
            labels,
            self.verdicts.get(crystal_id) or Verdict(crystal_id, State.UNLABELLED, None, 0),
            found if found and found.is_of(crystal.mask) else None,
            measured,
            covered or any(Flag.OCCLUDED in label.answer.flags for label in labels.values()),
        )
