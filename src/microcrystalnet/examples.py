"""Turns a project into examples for the classifier: what is settled, and what to predict."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.verdict import Verdict
from microcrystalnet.labelling.consensus import settle, settle_all
from microcrystalnet.labelling.targets import TargetMode, first_disagreed, targets_of
from microcrystalnet.learning.dataset import Example
from microcrystalnet.learning.material import Teaching
from microcrystalnet.progress import Progress, to_the_end

if TYPE_CHECKING:
    from microcrystalnet.storage.project_store import ProjectStore

Settled = tuple[list[Example], list[str]]  # crystals and the codes of their classes
SETTLING = "Looking for settled crystals …"
AT_ONCE = 20  # crystals between two pauses


def example(store: "ProjectStore", crystal: Crystal) -> Example:
    """Give the example of one crystal."""
    path = store.image_path(crystal.image_id)
    pixel_size = store.state.micrograph(crystal.image_id).pixel_size
    return Example(
        crystal.crystal_id,
        crystal.image_id,
        path,
        crystal.mask,
        None if pixel_size is None else pixel_size.nm / 1000,
    )


def examples_of(store: "ProjectStore", image_ids: Iterable[str]) -> list[Example]:
    """Give an example for every crystal of these micrographs."""
    return [
        example(store, crystal)
        for image_id in image_ids
        for crystal in store.state.crystals(image_id).values()
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """What a classifier is to learn from: crystals, their leading classes, how far each counts."""

    examples: list[Example]
    labels: list[str]
    teaching: Teaching


def taught_examples(store: "ProjectStore", targets: str = "soft") -> Taught:
    """Give the crystals that are taught, as `labelling.targets` shares out their classes.

    Nobody's labels count as seen by this. ``targets`` is ``soft``, where doubt is taught and
    crystals that one expert alone named count half, or ``paper``, where only settled ones count.
    """
    codes = store.state.scheme.codes
    votes = store.votes(reveal=False)
    verdicts = settle_all(votes, store.adjudication.cases())
    found = targets_of(verdicts, votes, codes, TargetMode(targets))
    examples = [
        each for each in examples_of(store, store.state.micrographs) if each.crystal_id in found
    ]
    chosen = [found[each.crystal_id] for each in examples]
    shares = np.array([target.shares for target in chosen]).reshape(len(chosen), len(codes))
    weights = np.array([target.weight for target in chosen])
    disagreed = np.array(
        [first_disagreed(votes.get(target.crystal_id, {})) for target in chosen], np.bool_
    )
    labels = [codes[target.hard] for target in chosen]
    return Taught(examples, labels, Teaching(shares, weights, disagreed))


def settled_examples(store: "ProjectStore") -> Settled:
    """Give the crystals whose class is settled, and their class codes.

    Nobody's labels count as seen by this. Crystals that are disputed, have a single label or were
    discarded are left out (STORAGE.md 3), and so are classes that the scheme no longer has.
    """
    return to_the_end(finding_settled(store))


def finding_settled(store: "ProjectStore") -> Generator[Progress, None, Settled]:
    """Give what `settled_examples` gives, with a pause after every few answers and crystals."""
    yield from store.reading_answers()
    codes = store.state.scheme.codes
    examples: list[Example] = []
    labels: list[str] = []
    images = tuple(store.state.micrographs)
    for done, image_id in enumerate(images):
        yield from store.reading_outlines(image_id)
        for at, crystal in enumerate(store.state.crystals(image_id).values()):
            verdict = verdict_of(store, crystal.crystal_id)
            if verdict.settled and verdict.cls in codes:
                examples.append(example(store, crystal))
                labels.append(str(verdict.cls))
            if at % AT_ONCE == 0:
                yield Progress(done, len(images), SETTLING)
    return examples, labels


def verdict_of(store: "ProjectStore", crystal_id: str) -> Verdict:
    """Give where a crystal stands, as far as everyone's answers were read and may be seen."""
    adjudication = store.adjudication
    return settle(crystal_id, adjudication.labels_of(crystal_id), adjudication.case(crystal_id))
