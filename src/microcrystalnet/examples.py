"""Turns a project into examples for the classifier: what is settled, and what to predict."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.verdict import Verdict
from microcrystalnet.labelling.consensus import settle
from microcrystalnet.labelling.targets import Target, TargetMode, first_disagreed, target_of
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
    return to_the_end(finding_taught(store, targets))


def finding_taught(
    store: "ProjectStore", targets: str = "soft"
) -> Generator[Progress, None, Taught]:
    """Give what `taught_examples` gives, with a pause after every few answers and crystals."""
    yield from store.reading_answers()
    lessons: list[_Lesson] = []
    images = tuple(store.state.micrographs)
    for done, image_id in enumerate(images):
        yield from store.reading_outlines(image_id)
        crystals = tuple(store.state.crystals(image_id).values())
        for at in range(0, len(crystals), AT_ONCE):
            lessons += _lessons(store, crystals[at : at + AT_ONCE], TargetMode(targets))
            yield Progress(done, len(images), SETTLING)
    codes = store.state.scheme.codes
    chosen = [target for _, target, _ in lessons]
    shares = np.array([each.shares for each in chosen]).reshape(len(chosen), len(codes))
    weights = np.array([each.weight for each in chosen])
    disagreed = np.array([harder for _, _, harder in lessons], np.bool_)
    labels = [codes[each.hard] for each in chosen]
    return Taught([each for each, _, _ in lessons], labels, Teaching(shares, weights, disagreed))


_Lesson = tuple[Example, Target, bool]  # and whether the experts first disagreed


def _lessons(
    store: "ProjectStore", crystals: Sequence[Crystal], mode: TargetMode
) -> Iterator[_Lesson]:
    codes = store.state.scheme.codes
    for crystal in crystals:
        labels = store.adjudication.labels_of(crystal.crystal_id)
        target = target_of(verdict_of(store, crystal.crystal_id), labels, codes, mode)
        if target is not None:
            yield example(store, crystal), target, first_disagreed(labels)


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
